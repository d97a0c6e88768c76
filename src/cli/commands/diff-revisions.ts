import { dirname, join, relative, resolve } from 'node:path';
import * as fs from 'node:fs';
import git from 'isomorphic-git';
import { pathToFileURL } from 'node:url';
import type { GitSource } from '../../core/application.ts';
import type { ObjectDiff } from '../../core/diff.ts';
import { EngineError } from '../../core/errors.ts';
import { builtinTypeOf } from '../../core/fields/builtin.ts';
import { DEFAULT_RENDER_LIMITS, type Manifest } from '../../core/manifest.ts';
import { compareKeys, describeKey, formatKey, gvkOf } from '../../core/object-key.ts';
import type { FetchedCommit, Renderer, SourceReader } from '../../core/ports.ts';
import type { RenderWorld } from '../../core/render-world.ts';
import { diffRendered } from '../../diff/diff-object.ts';
import type { CommandContext } from '../context.ts';
import { passingValues } from '../passing-values.ts';
import { formatData } from '../output/print-data.ts';
import { formatChange } from '../output/print-plan.ts';

export interface RevisionDiffOptions {
  readonly from: string;
  readonly to: string;
}

/** `evenkeel diff PATH --from A --to B`: what the objects of a folder become between two commits. No cluster is asked. */
export async function diffRevisions(
  context: CommandContext,
  path: string,
  options: RevisionDiffOptions,
  deps: { readonly sources: SourceReader; readonly renderer: Renderer },
): Promise<number> {
  const { root, inside } = locate(path);
  const url = pathToFileURL(root).href;
  const world = noCluster();
  const [before, after] = await Promise.all(
    [options.from, options.to].map(async (revision) => {
      const fetched = await deps.sources.resolve(
        { url, ref: { kind: 'commit', id: await commitIdOf(root, revision) }, path: inside } satisfies GitSource,
        { signal: context.signal },
      );
      return { fetched, manifests: await renderAt(fetched, inside, context, deps.renderer, world) };
    }),
  );
  if (before === undefined || after === undefined) return 0;
  const diffs = compareSets(before.manifests, after.manifests);
  print(context, inside, before.fetched, after.fetched, diffs);
  return diffs.length === 0 ? 0 : 1;
}

/** The repository that a folder lies in, and where. @throws EngineError UsageInvalid */
function locate(path: string): { readonly root: string; readonly inside: string } {
  const full = resolve(path);
  if (!fs.existsSync(full)) throw new EngineError('UsageInvalid', `path ${path} does not exist (NotFound)`);
  const real = fs.realpathSync(full);
  for (let current = real; ; current = dirname(current)) {
    if (fs.existsSync(join(current, '.git')))
      return { root: current, inside: relative(current, real).split('\\').join('/') };
    if (current === dirname(current)) break;
  }
  throw new EngineError('UsageInvalid', `path ${path} is in no Git repository (NoRepository)`, {
    remedy: 'run it inside a clone',
  });
}

/** A branch, tag, full or short commit id, with `~N` and `^` for first parents, as git reads them. @throws EngineError SourceRefNotFound */
async function commitIdOf(root: string, revision: string): Promise<string> {
  const match = /^([^~^]+)((?:~\d{0,4}|\^){0,16})$/.exec(revision);
  const unknown = (cause?: unknown): EngineError =>
    new EngineError('SourceRefNotFound', `revision ${revision} of ${root} was not found (NotFound)`, {
      cause,
      remedy: 'name a branch, a tag, or a commit id; ~N goes N commits back',
    });
  const base = match?.[1];
  if (base === undefined) throw unknown();
  let back = 0;
  for (const [, number] of (match?.[2] ?? '').matchAll(/[~^](\d*)/g))
    back += number === undefined || number === '' ? 1 : Number(number);
  try {
    const named = await git
      .resolveRef({ fs, dir: root, ref: base })
      .catch(() => git.expandOid({ fs, dir: root, oid: base }));
    const commits = await git.log({ fs, dir: root, ref: named, depth: back + 1 });
    const found = commits[back];
    if (found !== undefined) return found.oid;
  } catch (thrown) {
    throw unknown(thrown);
  }
  throw unknown();
}

async function renderAt(
  fetched: FetchedCommit,
  path: string,
  context: CommandContext,
  renderer: Renderer,
  world: RenderWorld,
): Promise<readonly Manifest[]> {
  const result = await renderer.render(
    fetched,
    {
      path,
      settings: { kind: 'auto' },
      namespace: context.namespace ?? 'default',
      application: 'diff',
      limits: DEFAULT_RENDER_LIMITS,
    },
    context.signal,
    world,
  );
  if (result.kind === 'rendered') return result.set.manifests;
  throw new EngineError(
    'RenderFailed',
    `${path === '' ? '.' : path} at ${fetched.commit.id.slice(0, 12)} cannot be rendered (Invalid): ${result.problems[0]?.message ?? ''}`,
    {
      data: { problems: result.problems },
    },
  );
}

/** Both commits draw on one key, so that what is random in both is no difference. */
function noCluster(): RenderWorld {
  return {
    ...passingValues(),
    id: 'diff between revisions',
    now: () => Date.now(),
    capabilities: async () => null,
    lookup: async () => ({}),
    chartCredentials: async () => ({}),
  };
}

function compareSets(before: readonly Manifest[], after: readonly Manifest[]): ObjectDiff[] {
  const old = new Map(before.map((manifest) => [formatKey(manifest.key), manifest]));
  const now = new Map(after.map((manifest) => [formatKey(manifest.key), manifest]));
  const diffs: ObjectDiff[] = [];
  for (const [id, manifest] of now) {
    const previous = old.get(id);
    if (previous === undefined) diffs.push({ key: manifest.key, action: 'create', changes: [] });
    else {
      const diff = diffRendered(previous.object, manifest.object, builtinTypeOf(gvkOf(manifest.object)));
      if (diff.action !== 'unchanged') diffs.push(diff);
    }
  }
  for (const [id, manifest] of old) if (!now.has(id)) diffs.push({ key: manifest.key, action: 'delete', changes: [] });
  return diffs.sort((a, b) => compareKeys(a.key, b.key));
}

function print(
  context: CommandContext,
  path: string,
  before: FetchedCommit,
  after: FetchedCommit,
  diffs: readonly ObjectDiff[],
): void {
  const { terminal } = context;
  if (context.format !== 'text') {
    terminal.out(
      formatData(
        {
          path,
          from: before.commit.id,
          to: after.commit.id,
          objects: diffs.map(({ key, action, changes }) => ({ action, object: key, changes })),
        },
        context.format,
      ),
    );
    return;
  }
  const { style } = terminal;
  const lines = [
    `${style.bold(path === '' ? '.' : path)}: ${before.commit.id.slice(0, 12)} → ${after.commit.id.slice(0, 12)}`,
  ];
  if (diffs.length === 0) lines.push('  no difference');
  for (const diff of diffs) {
    const sign =
      diff.action === 'create' ? style.green('+') : diff.action === 'delete' ? style.red('-') : style.yellow('~');
    lines.push(`  ${sign} ${describeKey(diff.key)}`);
    for (const change of diff.changes) lines.push(...formatChange(change, style).map((line) => `      ${line}`));
  }
  terminal.out(`${lines.join('\n')}\n`);
}
