import type { ObjectDiff } from '../../core/diff.ts';
import { EngineError } from '../../core/errors.ts';
import { builtinTypeOf } from '../../core/fields/builtin.ts';
import type { Manifest } from '../../core/manifest.ts';
import { compareKeys, describeKey, formatKey, gvkOf } from '../../core/object-key.ts';
import type { FetchedCommit, Renderer } from '../../core/ports.ts';
import type { RenderWorld } from '../../core/render-world.ts';
import { diffRendered } from '../../diff/diff-object.ts';
import type { CommandContext } from '../context.ts';
import { passingValues } from '../passing-values.ts';
import { formatData } from '../output/print-data.ts';
import { formatChange } from '../output/print-plan.ts';
import type { RevisionSubject } from './revision-subject.ts';

export interface RevisionDiffOptions {
  readonly from: string;
  readonly to: string;
}

/** `evenkeel diff PATH|APP --from A --to B`: what the objects become between two commits. No cluster is compared with. */
export async function diffRevisions(
  context: CommandContext,
  subject: RevisionSubject,
  options: RevisionDiffOptions,
  renderer: Renderer,
): Promise<number> {
  const world = noCluster();
  const side = async (revision: string): Promise<Side> => {
    const fetched = await subject.at(revision);
    return { fetched, manifests: await renderAt(fetched, subject, context, renderer, world) };
  };
  const [before, after] = await Promise.all([side(options.from), side(options.to)]);
  const diffs = compareSets(before.manifests, after.manifests);
  print(context, subject, before.fetched, after.fetched, diffs);
  return diffs.length === 0 ? 0 : 1;
}

interface Side {
  readonly fetched: FetchedCommit;
  readonly manifests: readonly Manifest[];
}

async function renderAt(
  fetched: FetchedCommit,
  { title, request }: RevisionSubject,
  context: CommandContext,
  renderer: Renderer,
  world: RenderWorld,
): Promise<readonly Manifest[]> {
  const result = await renderer.render(fetched, request, context.signal, world);
  if (result.kind === 'rendered') return result.set.manifests;
  throw new EngineError(
    'RenderFailed',
    `${title} at ${fetched.commit.id.slice(0, 12)} cannot be rendered (Invalid): ${result.problems[0]?.message ?? ''}`,
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
  subject: RevisionSubject,
  before: FetchedCommit,
  after: FetchedCommit,
  diffs: readonly ObjectDiff[],
): void {
  const { terminal } = context;
  if (context.format !== 'text') {
    terminal.out(
      formatData(
        {
          path: subject.request.path,
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
  const lines = [`${style.bold(subject.title)}: ${before.commit.id.slice(0, 12)} → ${after.commit.id.slice(0, 12)}`];
  if (diffs.length === 0) lines.push('  no difference');
  for (const diff of diffs) {
    const sign =
      diff.action === 'create' ? style.green('+') : diff.action === 'delete' ? style.red('-') : style.yellow('~');
    lines.push(`  ${sign} ${describeKey(diff.key)}`);
    for (const change of diff.changes) lines.push(...formatChange(change, style).map((line) => `      ${line}`));
  }
  terminal.out(`${lines.join('\n')}\n`);
}
