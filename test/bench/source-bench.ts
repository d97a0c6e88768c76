import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DEFAULT_RENDER_LIMITS } from '../../src/core/manifest.ts';
import { createRenderer } from '../../src/controller/create-renderer.ts';
import { GitSources } from '../../src/sources/git-sources.ts';
import { openSnapshot } from '../../src/sources/snapshot.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import { bestMs, round, type Bench, type Figure } from './measure.ts';

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-C', folder, '-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', ...args], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
}

/** Reading from a pack against git itself, and the work of a commit that touches one of a thousand applications. */
export const SOURCE_BENCH: Bench = {
  name: 'sources',
  run: async () => {
    if (spawnSync('git', ['--version']).status !== 0) return { skipped: 'there is no git' };
    const folder = mkdtempSync(join(tmpdir(), 'evenkeel-bench-'));
    try {
      return [await readFiles(join(folder, 'files')), ...(await touchOne(join(folder, 'monorepo'), folder))];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function readFiles(folder: string): Promise<Figure> {
  const count = 5_000;
  for (let index = 0; index < count; index++) {
    const inside = join(folder, `d${index % 50}`);
    mkdirSync(inside, { recursive: true });
    writeFileSync(
      join(inside, `f${index}.yaml`),
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c${index} }\ndata:\n${'  key: value\n'.repeat(1 + (index % 40))}`,
    );
  }
  git(folder, 'init', '-q');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'files');
  git(folder, 'gc', '-q');
  const commit = git(folder, 'rev-parse', 'HEAD').trim();
  const ids = git(folder, 'ls-tree', '-r', '--format=%(objectname)', 'HEAD');
  const own = await bestMs(5, () => {
    const snapshot = openSnapshot(join(folder, '.git'), commit);
    let files = 0;
    for (const directory of snapshot.list('') ?? [])
      for (const file of snapshot.list(directory.name) ?? [])
        files += snapshot.read(`${directory.name}/${file.name}`) === undefined ? 0 : 1;
    if (files !== count) throw new Error(`${files} files were read`);
  });
  const theirs = await bestMs(5, () =>
    execFileSync('git', ['-C', folder, 'cat-file', '--batch'], { input: ids, maxBuffer: 256 * 1024 * 1024 }),
  );
  return {
    name: `reading ${count} files from a pack, against git cat-file --batch`,
    value: round(own / theirs),
    unit: '×',
    goal: '≤ 5×',
    met: own / theirs <= 5,
    detail: `${round(own)} ms, git ${round(theirs)} ms`,
  };
}

async function touchOne(folder: string, scratch: string): Promise<Figure[]> {
  const count = 1_000;
  for (let index = 0; index < count; index++) {
    const inside = join(folder, 'apps', `app-${index}`);
    mkdirSync(inside, { recursive: true });
    writeFileSync(join(inside, 'kustomization.yaml'), 'resources: [all.yaml]\n');
    writeFileSync(
      join(inside, 'all.yaml'),
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: app-${index} }\ndata: { colour: red }\n`,
    );
  }
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'all');
  const sources = new GitSources({
    clock: systemClock,
    logger: createLogger({ level: 'silent' }),
    random: Math.random,
    dataDir: join(scratch, 'data'),
    localRepositories: 'allowed',
  });
  const renderer = createRenderer({ charts: { cacheFolder: join(folder, 'charts'), allowedHosts: [] } });
  const pass = async (): Promise<number> => {
    let rendered = 0;
    for (let index = 0; index < count; index++) {
      const path = `apps/app-${index}`;
      const fetched = await sources.resolve(
        { url: pathToFileURL(folder).href, ref: { kind: 'branch', name: 'main' }, path },
        { maxAgeMs: index === 0 ? 0 : 60_000 },
      );
      const result = await renderer.render(fetched, {
        path,
        settings: { kind: 'auto' },
        namespace: 'default',
        application: `app-${index}`,
        limits: DEFAULT_RENDER_LIMITS,
      });
      if (result.kind === 'failed') throw new Error(JSON.stringify(result.problems));
      if (result.reused !== true) rendered += 1;
    }
    return rendered;
  };
  const coldStart = performance.now();
  await pass();
  const cold = performance.now() - coldStart;
  writeFileSync(
    join(folder, 'apps', 'app-500', 'all.yaml'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: app-500 }\ndata: { colour: blue }\n',
  );
  git(folder, 'commit', '-qam', 'one');
  const start = performance.now();
  const rendered = await pass();
  const warm = performance.now() - start;
  await Promise.all([renderer.close(), sources.close()]);
  return [
    {
      name: `renders after a commit that touches 1 of ${count} applications`,
      value: rendered,
      unit: 'renders',
      goal: '1',
      met: rendered === 1,
      detail: `all of them looked at in ${round(warm)} ms, first time ${round(cold)} ms`,
    },
  ];
}
