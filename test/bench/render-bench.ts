import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DEFAULT_RENDER_LIMITS } from '../../src/core/manifest.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { BuildCache } from '../../src/render/kustomize/cache.ts';
import { renderToText, type RenderTextOptions } from '../../src/render/render-text.ts';
import { openSnapshot } from '../../src/sources/snapshot.ts';
import { openLocalFolder } from '../../src/cli/open-local-folder.ts';
import { round, type Bench, type Figure } from './measure.ts';

/**
 * Our engines in one process against the real binaries, forked as the peers do it. What counts is processor time: it is what a machine
 * with all its cores at work gets done, and our renders run on all of them as forks do.
 */
export const RENDER_BENCH: Bench = {
  name: 'render',
  run: async () => {
    const oracles = process.env['ORACLES'] ?? '';
    if (oracles === '') return { skipped: 'ORACLES does not name a folder with the real helm and kustomize' };
    const folder = mkdtempSync(join(tmpdir(), 'evenkeel-bench-'));
    try {
      return [...kustomizations(oracles, folder), ...charts(oracles, folder)];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

type Given = Pick<RenderTextOptions, 'release' | 'builds'>;

function renderText(path: string, given: Given = {}): string {
  const snapshot = openLocalFolder(path);
  return renderOf(snapshot, snapshot.path, given);
}

function renderOf(snapshot: Snapshot, path: string, given: Given): string {
  const result = renderToText(snapshot, path, { ...given, namespace: 'default', limits: DEFAULT_RENDER_LIMITS });
  if (result.problems.length > 0) throw new Error(`${path}: ${result.problems[0]?.message ?? ''}`);
  return result.text;
}

function kustomizations(oracles: string, folder: string): Figure[] {
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
  const compare = (name: string, paths: readonly string[], goal: number, rounds = ROUNDS): Figure => {
    // As a render process does it: nothing is known of these folders at first, and bases are shared from then on.
    const pass = (): void => {
      const builds = new BuildCache();
      for (const path of paths) renderText(path, { builds });
    };
    const calls = paths.slice(0, MOST_FORKS).map((path) => ['build', path]);
    for (let turn = 0; turn < Math.max(2, paths.length === 1 ? 0 : WARM_RENDERS / paths.length); turn++) pass();
    const own: number[] = [];
    const theirs: number[] = [];
    // By turns, so that whatever else the machine does falls on both.
    for (let turn = 0; turn < rounds; turn++) {
      own.push(ownCpuMs(pass, Math.max(1, Math.ceil(80 / paths.length))) / paths.length);
      theirs.push(forkedCpuMs(binary, calls) / calls.length);
    }
    const ratio = median(theirs) / median(own);
    return {
      name,
      value: round(ratio),
      unit: '× kustomize build',
      goal: `≥ ${goal}×`,
      met: ratio >= goal,
      detail: `${round(median(own))} ms of processor time each, forked ${round(median(theirs))} ms`,
    };
  };
  return [
    compare('the examples’ overlays', examples, 20),
    compare('200 small overlays of one base', overlays, 20),
    compare('a base of 2,000 objects', [big], 1, 1),
    repeated(big),
    ...changed(folder),
  ];
}

/** Renders before the first measurement: a render process lives for many of them. */
const WARM_RENDERS = 1_000;
const ROUNDS = 5;
const MOST_FORKS = 20;

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

/** Processor time of this process, its collector and compiler included. */
function ownCpuMs(work: () => void, turns: number): number {
  const before = process.cpuUsage();
  for (let turn = 0; turn < turns; turn++) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / turns;
}

function forkedCpuMs(binary: string, calls: readonly (readonly string[])[]): number {
  const before = childCpuMs();
  for (const call of calls) execFileSync(binary, call, { maxBuffer: 256 * 1024 * 1024 });
  return childCpuMs() - before;
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
function repeated(path: string): Figure {
  return againstCold('the same 2,000 objects again', path, () => undefined);
}

/** An overlay of 400 files with three objects each, of which something is another one in each render. */
function changed(folder: string): readonly Figure[] {
  const base = join(folder, 'many');
  const overlay = join(folder, 'many-overlay');
  mkdirSync(base);
  mkdirSync(overlay);
  const web = readFileSync('examples/shop/base/web.yaml', 'utf8');
  const names = Array.from({ length: 400 }, (_, index) => `web-${index}.yaml`);
  const write = (name: string, replicas: number): void =>
    writeFileSync(
      join(base, name),
      web
        .replaceAll(/name: web\b/g, `name: ${name.replace('.yaml', '')}`)
        .replaceAll('shop/web', `shop/${name.replace('.yaml', '')}`)
        .replaceAll(/replicas: \d+/g, `replicas: ${replicas}`),
    );
  for (const name of names) write(name, 1);
  writeFileSync(join(base, 'kustomization.yaml'), `resources: [${names.join(', ')}]\n`);
  const settle = (tag: number): void =>
    writeFileSync(
      join(overlay, 'kustomization.yaml'),
      `namePrefix: p-\nnamespace: prod\nresources: [../many]\ncommonAnnotations: { team: a }\nimages: [{ name: registry.example.com/shop/web-7, newTag: "${tag}" }]\n`,
    );
  settle(0);
  return [
    againstCold('1,200 objects, one file of the base changed', overlay, (turn) => write('web-7.yaml', turn + 2)),
    againstCold('1,200 objects, one image of the overlay changed', overlay, (turn) => settle(turn + 1)),
  ];
}

function againstCold(name: string, path: string, change: (turn: number) => void): Figure {
  const builds = new BuildCache();
  for (let turn = 0; turn < 3; turn++) renderText(path, { builds: new BuildCache() });
  renderText(path, { builds });
  const cold: number[] = [];
  const again: number[] = [];
  for (let turn = 0; turn < 2 * ROUNDS; turn++) {
    change(turn);
    again.push(ownCpuMs(() => renderText(path, { builds }), 1));
    cold.push(ownCpuMs(() => renderText(path, { builds: new BuildCache() }), 1));
  }
  const ratio = median(again) / median(cold);
  return {
    name,
    value: round(ratio),
    unit: '× a first render',
    goal: '≤ 0.2×',
    met: ratio <= 0.2,
    detail: `${round(median(again))} ms of processor time, at first ${round(median(cold))} ms`,
  };
}

function charts(oracles: string, folder: string): Figure[] {
  const cases = resolve(process.env['EVENKEEL_CASES'] ?? '../shared/cases', 'helm');
  if (!existsSync(cases)) return [];
  const binary = join(oracles, 'helm');
  const compare = (name: string, chart: string, goal: number, render: (path: string) => string): Figure => {
    const path = join(cases, chart, 'chart');
    const turns = 200;
    for (let turn = 0; turn < turns; turn++) render(path);
    const own = ownCpuMs(() => render(path), turns);
    const calls = Array.from({ length: 16 }, () => ['template', 'rel', path]);
    const theirs = forkedCpuMs(binary, calls) / calls.length;
    return {
      name,
      value: round(theirs / own),
      unit: '× helm template',
      goal: `≥ ${goal}×`,
      met: theirs / own >= goal,
      detail: `${round(own)} ms of processor time, forked ${round(theirs)} ms`,
    };
  };
  const small = 'prometheus-blackbox-exporter';
  const fromFolder = (path: string): string => renderText(path, { release: 'rel' });
  const repository = join(folder, 'charts');
  cpSync(join(cases, small, 'chart'), join(repository, 'small'), { recursive: true });
  const commit = commitAll(repository);
  return [
    compare('a small chart', small, 20, fromFolder),
    // As a render process does it for the controller: nothing is read from a working copy.
    compare('a small chart of a commit', small, 20, () =>
      renderOf(openSnapshot(join(repository, '.git'), commit), 'small', { release: 'rel' }),
    ),
    compare('the largest chart at hand', 'argo-workflows', 1, fromFolder),
  ];
}

/** Puts all of a folder into one commit, in a pack. @returns its id */
function commitAll(folder: string): string {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', ...args], {
      encoding: 'utf8',
    });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'charts');
  git('gc', '-q');
  return git('rev-parse', 'HEAD').trim();
}
