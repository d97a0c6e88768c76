import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { DEFAULT_RENDER_LIMITS } from '../../src/core/manifest.ts';
import { BuildCache } from '../../src/render/kustomize/cache.ts';
import { renderToText } from '../../src/render/render-text.ts';
import { openLocalFolder } from '../../src/cli/open-local-folder.ts';
import { bestMs, round, type Bench, type Figure } from './measure.ts';

const run = promisify(execFile);

/** Our engines in one process against the real binaries, forked as the peers do it. Both may use all cores; ours uses one. */
export const RENDER_BENCH: Bench = {
  name: 'render',
  run: async () => {
    const oracles = process.env['ORACLES'] ?? '';
    if (oracles === '') return { skipped: 'ORACLES does not name a folder with the real helm and kustomize' };
    const folder = mkdtempSync(join(tmpdir(), 'evenkeel-bench-'));
    try {
      return [...(await kustomizations(oracles, folder)), ...(await charts(oracles))];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function renderText(path: string, { release, builds }: { release?: string; builds?: BuildCache } = {}): string {
  const snapshot = openLocalFolder(path);
  const result = renderToText(snapshot, snapshot.path, {
    namespace: 'default',
    limits: DEFAULT_RENDER_LIMITS,
    ...(release === undefined ? {} : { release }),
    ...(builds === undefined ? {} : { builds }),
  });
  if (result.problems.length > 0) throw new Error(`${path}: ${result.problems[0]?.message ?? ''}`);
  return result.text;
}

/** Milliseconds for all calls of a binary, one process a core at a time. */
async function forkAll(binary: string, calls: readonly (readonly string[])[]): Promise<number> {
  return bestMs(2, async () => {
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let index = next++; index < calls.length; index = next++)
        await run(binary, [...(calls[index] ?? [])], { maxBuffer: 256 * 1024 * 1024 });
    };
    await Promise.all(Array.from({ length: cpus().length }, worker));
  });
}

async function kustomizations(oracles: string, folder: string): Promise<Figure[]> {
  const binary = join(oracles, 'kustomize');
  const base = join(folder, 'base');
  mkdirSync(base);
  writeFileSync(join(base, 'kustomization.yaml'), 'resources: [web.yaml]\n');
  writeFileSync(join(base, 'web.yaml'), readFileSync('examples/shop/base/web.yaml'));
  const overlays = Array.from({ length: 200 }, (_, index) => {
    const path = join(folder, `overlay-${index}`);
    mkdirSync(path);
    writeFileSync(
      join(path, 'kustomization.yaml'),
      `namePrefix: o${index}-\nnamespace: n${index}\nresources: [../base]\nimages: [{ name: registry.example.com/shop/web, newTag: "${index}" }]\nlabels: [{ pairs: { tier: t${index} }, includeSelectors: true }]\n`,
    );
    return path;
  });
  const big = join(folder, 'big');
  mkdirSync(big);
  writeFileSync(
    join(big, 'kustomization.yaml'),
    'namePrefix: big-\nnamespace: big\nresources: [all.yaml]\ncommonAnnotations: { team: a }\n',
  );
  writeFileSync(
    join(big, 'all.yaml'),
    Array.from(
      { length: 2_000 },
      (_, index) =>
        `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c${index}\ndata:\n  a: "${index}"\n  b: text\n`,
    ).join('---\n'),
  );
  const examples = ['shop/dev', 'shop/prod', 'inference', 'platform'].map((path) => resolve('examples', path));
  for (const path of [...examples, overlays[7] ?? '', big]) {
    if (renderText(path) !== execFileSync(binary, ['build', path], { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 }))
      throw new Error(`${path} renders differently`);
  }
  const compare = async (name: string, paths: readonly string[], goal: number): Promise<Figure> => {
    // As a render process does it: nothing is known at first, and bases are shared from then on.
    const own = await bestMs(5, () => {
      const builds = new BuildCache();
      for (const path of paths) renderText(path, { builds });
    });
    const theirs = await forkAll(
      binary,
      paths.map((path) => ['build', path]),
    );
    return {
      name,
      value: round(theirs / own),
      unit: '× kustomize build',
      goal: `≥ ${goal}×`,
      met: theirs / own >= goal,
      detail: `${round(own / paths.length)} ms each, forked ${round(theirs / paths.length)} ms`,
    };
  };
  return [
    await compare('the examples’ overlays', examples, 20),
    await compare('200 small overlays of one base', overlays, 20),
    await compare('a base of 2,000 objects', [big], 1),
    await repeated(big),
  ];
}

/** Processor time of all processes that were started and have ended, which says what both get out of the same cores. */
function childCpuMs(): number {
  const fields = readFileSync('/proc/self/stat', 'latin1')
    .replace(/^.*\) /, '')
    .split(' ');
  const ticks = Number(fields[13]) + Number(fields[14]);
  return ticks * 10;
}

/** The same folder again, from a new snapshot: what earlier renders made is found by the object ids of what they read. */
async function repeated(path: string): Promise<Figure> {
  const cold = await bestMs(5, () => renderText(path, { builds: new BuildCache() }));
  const builds = new BuildCache();
  renderText(path, { builds });
  const again = await bestMs(5, () => renderText(path, { builds }));
  return {
    name: 'the same 2,000 objects again',
    value: round(again / cold),
    unit: '× a first render',
    goal: '≤ 0.2×',
    met: again / cold <= 0.2,
    detail: `${round(again)} ms, at first ${round(cold)} ms`,
  };
}

async function charts(oracles: string): Promise<Figure[]> {
  const cases = resolve(process.env['EVENKEEL_CASES'] ?? '../shared/cases', 'helm');
  if (!existsSync(cases)) return [];
  const binary = join(oracles, 'helm');
  const compare = async (name: string, chart: string, goal: number): Promise<Figure> => {
    const path = join(cases, chart, 'chart');
    const turns = 200;
    for (let turn = 0; turn < turns; turn++) renderText(path, { release: 'rel' });
    const before = process.cpuUsage();
    for (let turn = 0; turn < turns; turn++) renderText(path, { release: 'rel' });
    const { user, system } = process.cpuUsage(before);
    const own = (user + system) / 1000 / turns;
    const calls = Array.from({ length: 16 }, () => ['template', 'rel', path]);
    const forkedBefore = childCpuMs();
    for (const call of calls) execFileSync(binary, call, { maxBuffer: 256 * 1024 * 1024 });
    const theirs = (childCpuMs() - forkedBefore) / calls.length;
    return {
      name,
      value: round(theirs / own),
      unit: '× helm template',
      goal: `≥ ${goal}×`,
      met: theirs / own >= goal,
      detail: `${round(own)} ms of processor time, forked ${round(theirs)} ms`,
    };
  };
  return [
    await compare('a small chart', 'prometheus-blackbox-exporter', 20),
    await compare('the largest chart at hand', 'argo-workflows', 1),
  ];
}
