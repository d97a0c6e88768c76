import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Json, own, stringAt } from '../../src/core/json.ts';
import { loadYaml } from '../../src/render/yaml/load.ts';
import { renderWithArguments } from '../render/helm/helm-arguments.ts';
import { asFlag, asValues, type Leaf, leavesOf, randomOverrides } from './random-overrides.ts';
import { type Random, seededRandom } from './seeded-random.ts';

const ORACLES = process.env['ORACLES'];
const CASES = resolve(process.env['EVENKEEL_CASES'] ?? '../shared/cases', 'helm');
/** Charts of ours in the shape of those that everybody installs. */
const OWN = join(import.meta.dirname, '../render/helm/features');
const COUNT = Number(process.env['HELM_RENDER_COUNT'] ?? 200);
const SEED = Number(process.env['HELM_RENDER_SEED'] ?? 1);
if (ORACLES === undefined)
  console.log('charts with random values: skipped, ORACLES names no folder with the real tools');
if (!existsSync(CASES)) console.log(`real charts with random values: skipped, there is no folder ${CASES}`);

interface Chart {
  readonly folder: string;
  readonly leaves: readonly Leaf[];
  readonly valueFiles: readonly string[];
}

function readYaml(path: string): Json {
  return existsSync(path) ? (loadYaml(readFileSync(path, 'utf8'), 'helm').documents[0]?.value ?? null) : null;
}

/** What can be set in a chart: its own values, and those of its subcharts under the names that they have in it. */
function settableLeaves(chart: string): Leaf[] {
  const leaves = leavesOf(readYaml(join(chart, 'values.yaml')));
  const dependencies = own(readYaml(join(chart, 'Chart.yaml')), 'dependencies');
  if (!Array.isArray(dependencies)) return leaves;
  return leaves.concat(
    dependencies.flatMap((dependency: Json) => {
      const name = stringAt(dependency, 'name') ?? '';
      const key = stringAt(dependency, 'alias') ?? name;
      return leavesOf(readYaml(join(chart, 'charts', name, 'values.yaml')), [key]);
    }),
  );
}

function readCharts(root: string): Chart[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, 'chart')))
    .map(({ name }) => {
      const folder = join(root, name);
      const leaves = settableLeaves(join(folder, 'chart'));
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

describe.skipIf(ORACLES === undefined)('charts with random values', () => {
  const folder = mkdtempSync(join(tmpdir(), 'helm-renders-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['real charts', CASES],
    ['charts of ours', OWN],
  ])(`${COUNT} renders of %s (seed ${SEED}) are those of Helm`, async (_what, root) => {
    if (!existsSync(root)) return;
    const charts = readCharts(root);
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
