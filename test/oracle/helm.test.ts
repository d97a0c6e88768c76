import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadYaml } from '../../src/render/yaml/load.ts';
import { renderWithArguments } from '../render/helm/helm-arguments.ts';
import { asFlag, asValues, type Leaf, leavesOf, randomOverrides } from './random-overrides.ts';
import { type Random, seededRandom } from './seeded-random.ts';

const ORACLES = process.env['ORACLES'];
const CASES = resolve(process.env['EVENKEEL_CASES'] ?? '../shared/cases', 'helm');
const COUNT = Number(process.env['HELM_RENDER_COUNT'] ?? 200);
const SEED = Number(process.env['HELM_RENDER_SEED'] ?? 1);
const isReady = ORACLES !== undefined && existsSync(CASES);
if (!isReady) console.log('real charts with random values: skipped, ORACLES and the cases are needed');

interface Chart {
  readonly folder: string;
  readonly leaves: readonly Leaf[];
  readonly valueFiles: readonly string[];
}

function readCharts(): Chart[] {
  return readdirSync(CASES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const folder = join(CASES, name);
      const text = readFileSync(join(folder, 'chart/values.yaml'), 'utf8');
      const leaves = leavesOf(loadYaml(text, 'helm').documents[0]?.value ?? null);
      return {
        folder,
        leaves,
        valueFiles: readdirSync(folder)
          .filter((file) => file.endsWith('.values.yaml'))
          .sort(),
      };
    });
}

interface Case {
  readonly chart: Chart;
  readonly args: readonly string[];
}

const FLAGS: readonly (readonly string[])[] = [
  ['--is-upgrade'],
  ['--include-crds'],
  ['--no-hooks'],
  ['--skip-tests'],
  ['--api-versions', 'monitoring.coreos.com/v1,policy/v1/PodDisruptionBudget'],
];

function randomCase(charts: readonly Chart[], folder: string, number: number, random: Random): Case {
  const chart = random.pick(charts);
  const overrides = randomOverrides(chart.leaves, random);
  const args = [
    'template',
    random.pick(['rel', 'my-release', 'a']),
    'chart',
    '--namespace',
    random.pick(['ns', 'default']),
  ];
  args.push('--kube-version', random.pick(['1.30.0', '1.30.0', '1.21.5', '1.33.4-gke.1', 'v1.28']));
  if (chart.valueFiles.length > 0 && random.chance(0.5)) args.push('-f', random.pick(chart.valueFiles));
  if (random.chance(0.5)) {
    const file = join(folder, `${number}.json`);
    writeFileSync(file, JSON.stringify(asValues(overrides)));
    args.push('-f', file);
  } else {
    for (const leaf of overrides) args.push(...asFlag(leaf, random));
  }
  for (const flags of FLAGS) if (random.chance(0.15)) args.push(...flags);
  return { chart, args };
}

interface Answer {
  /** Undefined when it fails. */
  readonly text: string | undefined;
  readonly error: string;
}

function theirs({ chart, args }: Case): Promise<Answer> {
  return new Promise((done) => {
    execFile(join(ORACLES ?? '', 'helm'), args, { cwd: chart.folder, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      done(error === null ? { text: stdout, error: '' } : { text: undefined, error: stderr.trim() });
    });
  });
}

function ours({ chart, args }: Case): Answer {
  const { text, problems } = renderWithArguments(chart.folder, args, {
    readFile: (path) => readFileSync(resolve(chart.folder, path)),
  });
  return problems.length === 0
    ? { text, error: '' }
    : { text: undefined, error: problems.map(({ message }) => message).join('\n') };
}

function firstDifference(want: string, got: string): string {
  const [left, right] = [want.split('\n'), got.split('\n')];
  const line = left.findIndex((text, index) => text !== right[index]);
  return `line ${line + 1}: want ${JSON.stringify(left[line])}, got ${JSON.stringify(right[line])}`;
}

describe.skipIf(!isReady)('real charts with random values', () => {
  const folder = mkdtempSync(join(tmpdir(), 'helm-renders-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it(`${COUNT} renders (seed ${SEED}) are those of Helm`, async () => {
    const charts = readCharts();
    const random = seededRandom(SEED);
    const wrong: string[] = [];
    let failed = 0;
    const check = async (item: Case): Promise<void> => {
      const [want, got] = [await theirs(item), ours(item)];
      if (want.text === undefined) failed++;
      if (want.text === got.text) return;
      // A chart with random passwords is not the same as itself.
      if (want.text !== undefined && (await theirs(item)).text !== want.text) return;
      const command = `(cd ${item.chart.folder} && helm ${item.args.map((arg) => `'${arg.replaceAll("'", `'\\''`)}'`).join(' ')})`;
      const what =
        want.text === undefined
          ? `Helm fails: ${want.error.slice(0, 600)}`
          : got.text === undefined
            ? `ours fails: ${got.error.slice(0, 600)}`
            : firstDifference(want.text, got.text);
      wrong.push(`${command}\n  ${what}`);
    };
    for (let number = 0; number < COUNT; number += 2) {
      const pair = [randomCase(charts, folder, number, random), randomCase(charts, folder, number + 1, random)];
      await Promise.all(pair.map(check));
    }
    console.log(`${COUNT} renders, ${failed} of them fail in Helm, ${wrong.length} differ`);
    expect(wrong.length, wrong.slice(0, 20).join('\n')).toBe(0);
  });
});
