import { formatDuration } from '../../config/duration.ts';
import { rollback } from '../../controller/rollback.ts';
import { openApplication, type CommandContext } from '../context.ts';
import { formatData } from '../output/print-data.ts';
import { formatProgress } from '../output/print-progress.ts';
import { safeLine } from '../output/style.ts';
import { formatAge, formatTable } from '../output/table.ts';
import { finishSync, syncTogether } from './sync.ts';
import { printPlan } from './plan.ts';

/** `evenkeel history APP`: what was applied, when, by whom, and what came of it; newest first. */
export async function historyCommand(
  context: CommandContext,
  name: string,
  options: { readonly limit: number },
): Promise<number> {
  const { application, stored } = await openApplication(context, name);
  const engine = await context.engine();
  const revisions = await engine.history.list(application.name, options.limit);
  if (context.format !== 'text') {
    context.terminal.out(
      formatData(
        {
          application: `${application.name.namespace}/${application.name.name}`,
          current: stored.state.current,
          pinned: stored.state.pinned,
          held: stored.state.held,
          revisions,
        },
        context.format,
      ),
    );
    return 0;
  }
  const { style } = context.terminal;
  if (revisions.length === 0) {
    context.terminal.out('nothing was synced yet, or its history is on another machine\n');
    return 0;
  }
  const now = engine.clock.now();
  const current = stored.state.current;
  const signed = revisions.some((revision) => revision.signedBy !== undefined);
  const rows = revisions.map((revision, index) => {
    const { counts } = revision;
    const changes = `+${counts.create + counts.adopt} ~${counts.update + counts.recreate} -${counts.delete}`;
    const newest = revisions.findIndex((other) => other.number === revision.number) === index;
    const mark =
      newest && revision.number === current?.number && revision.renderedDigest === current.manifestDigest ? '*' : '';
    const outcome =
      revision.outcome === 'synced' || revision.outcome === 'rolledBack'
        ? style.green(revision.outcome)
        : style.red(revision.outcome);
    return [
      `${revision.number}${mark}`,
      formatAge(Date.parse(revision.startedAt), now),
      revision.commitId.slice(0, 12),
      outcome,
      changes,
      formatDuration(Math.max(0, Date.parse(revision.finishedAt) - Date.parse(revision.startedAt))),
      safeLine(revision.trigger, 40),
      ...(signed ? [safeLine(revision.signedBy?.signer || (revision.signedBy?.key ?? ''), 40)] : []),
      safeLine(revision.message ?? revision.commitSubject, 60),
    ];
  });
  context.terminal.out(
    `${formatTable(['REVISION', 'WHEN', 'COMMIT', 'OUTCOME', 'CHANGES', 'TOOK', 'BY', ...(signed ? ['SIGNED BY'] : []), 'SUBJECT'], rows, style)}\n`,
  );
  if (stored.state.pinned !== undefined) {
    context.terminal.out(
      `\npinned to revision ${stored.state.pinned.number}; held: ${stored.state.held.map((held) => held.commitId.slice(0, 12)).join(', ') || 'nothing'}. A newer commit or ${style.bold(`evenkeel sync ${application.name.name} --retry`)} ends it.\n`,
    );
  }
  return 0;
}

/** `evenkeel rollback APP [REVISION]`: goes back to a stored revision and holds the commits that Git offers. */
export async function rollbackCommand(
  context: CommandContext,
  name: string,
  options: {
    readonly to?: number;
    readonly wait: boolean;
    readonly timeoutMs: number;
    readonly allowDeletions?: boolean;
    readonly confirmDelete?: readonly string[];
  },
): Promise<number> {
  const { application } = await openApplication(context, name);
  const engine = await context.engine();
  // A second try goes where the first one went, whatever became the current revision meanwhile.
  let to = options.to;
  const reconciled = await syncTogether(context, () =>
    rollback(application, engine, {
      ...(to === undefined ? {} : { to }),
      by: context.person,
      trigger: 'rollback',
      signal: context.signal,
      dryRunChanges: true,
      overrides: {
        allowEmpty: false,
        allowDeletions: options.allowDeletions ?? false,
        confirmDeletions: options.confirmDelete ?? [],
        retryHeld: false,
        adopt: false,
      },
      onPlan: (prepared) => {
        to = prepared.revision.pinnedNumber ?? to;
        if (context.format === 'text') printPlan(context, prepared);
      },
      onProgress: (event) => {
        const line = context.format === 'text' ? formatProgress(event, context.terminal.errStyle) : undefined;
        if (line !== undefined) context.terminal.err(line);
      },
    }),
  );
  return finishSync(context, reconciled, options);
}
