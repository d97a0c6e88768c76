import { formatApplicationName } from '../../core/application.ts';
import type { ObjectHealth } from '../../core/health.ts';
import { describeKey } from '../../core/object-key.ts';
import { observeHealth } from '../../controller/observe-health.ts';
import { readTree, type TreeNode } from '../../controller/object-tree.ts';
import { listApplications, type KnownApplication } from '../applications.ts';
import { openApplication, type CommandContext } from '../context.ts';
import { formatData, healthDocument } from '../output/print-data.ts';
import { formatReason, formatStatus } from '../output/print-health.ts';
import { safeLine } from '../output/style.ts';
import { formatTable } from '../output/table.ts';
import { aggregateHealth } from '../../health/aggregate.ts';

interface Row {
  readonly known: KnownApplication;
  readonly health: readonly ObjectHealth[];
}

/** `evenkeel get [APP]`: one line an application. */
export async function getCommand(context: CommandContext, name?: string): Promise<number> {
  const engine = await context.engine();
  const cluster = await context.cluster();
  const all =
    name === undefined
      ? await listApplications(cluster, context.namespace)
      : { applications: [await openApplication(context, name)], problems: [] };
  const rows: Row[] = await Promise.all(
    all.applications.map(async (known) => ({
      known,
      health: await observeHealth(known.application, known.stored.state.inventory, engine, context.signal),
    })),
  );
  const { terminal } = context;
  for (const problem of all.problems) terminal.err(`${terminal.errStyle.yellow('!')} ${safeLine(problem.message)}`);
  if (context.format !== 'text') {
    terminal.out(formatData({ applications: rows.map(rowDocument) }, context.format));
    return 0;
  }
  if (rows.length === 0) {
    terminal.out('no applications; evenkeel up --repo URL --path PATH makes one\n');
    return 0;
  }
  terminal.out(
    `${formatTable(
      ['NAMESPACE', 'NAME', 'REVISION', 'COMMIT', 'SYNC', 'HEALTH', 'OBJECTS', 'SOURCE'],
      rows.map(({ known, health }) => {
        const { current, pinned, inventory } = known.stored.state;
        const { git } = known.application.source;
        return [
          known.application.name.namespace,
          known.application.name.name,
          current === undefined ? '-' : String(current.number),
          current === undefined ? '-' : current.commitId.slice(0, 12),
          syncWord(known),
          current === undefined ? '-' : formatStatus(aggregateHealth(health).status, terminal.style),
          String(inventory.length),
          safeLine(
            `${git.url}${git.path === '' ? '' : ` ${git.path}`}${pinned === undefined ? '' : ` (pinned to ${pinned.number})`}`,
            80,
          ),
        ];
      }),
      terminal.style,
    )}\n`,
  );
  return 0;
}

/** What the stored state says of the last sync; whether Git has moved since is what `diff` answers. */
function syncWord(known: KnownApplication): string {
  const { current, pinned } = known.stored.state;
  if (known.application.suspended) return 'Suspended';
  if (current === undefined) return 'Never';
  if (!current.complete) return 'Incomplete';
  return pinned === undefined ? 'Synced' : 'RolledBack';
}

function rowDocument({ known, health }: Row): Record<string, unknown> {
  const { state } = known.stored;
  return {
    namespace: known.application.name.namespace,
    name: known.application.name.name,
    source: known.application.source.git,
    sync: syncWord(known),
    current: state.current,
    pinned: state.pinned,
    held: state.held,
    health: aggregateHealth(health).status,
    objects: health.map(healthDocument),
  };
}

/** `evenkeel status APP`: one application at a glance. */
export async function statusCommand(context: CommandContext, name: string): Promise<number> {
  const known = await openApplication(context, name);
  const engine = await context.engine();
  const health = await observeHealth(known.application, known.stored.state.inventory, engine, context.signal);
  const { terminal } = context;
  if (context.format !== 'text') {
    terminal.out(formatData(rowDocument({ known, health }), context.format));
    return 0;
  }
  const { application, stored } = known;
  const { style } = terminal;
  const { git } = application.source;
  const worst = aggregateHealth(health);
  const counts = new Map<string, number>();
  for (const entry of health) counts.set(entry.health.status, (counts.get(entry.health.status) ?? 0) + 1);
  const line = (label: string, value: string): string => `${style.dim(label.padEnd(12))}${value}`;
  const { current, pinned, held } = stored.state;
  const lines = [
    line('Application', style.bold(formatApplicationName(application.name))),
    line('Source', safeLine(`${git.url}  ${git.path === '' ? '(root)' : git.path}  ${refWords(known)}`)),
    line(
      'Destination',
      `${application.destination.cluster}, namespace ${application.destination.namespace}${application.destination.serviceAccountName === undefined ? '' : `, as ${application.destination.serviceAccountName}`}`,
    ),
    line(
      'Sync',
      `${syncWord(known)}${current === undefined ? '' : `, revision ${current.number} at ${current.commitId.slice(0, 12)}`}${pinned === undefined ? '' : `, pinned to revision ${pinned.number}`}`,
    ),
    ...(held.length === 0
      ? []
      : [
          line(
            'Held',
            held
              .map((entry) => `${entry.commitId.slice(0, 12)} (${entry.reason} by ${safeLine(entry.by, 40)})`)
              .join(', '),
          ),
        ]),
    line(
      'Health',
      `${formatStatus(worst.status, style)}  ${[...counts].map(([status, number]) => `${number} ${status}`).join(', ')}`,
    ),
  ];
  for (const entry of health) {
    if (entry.health.status === 'healthy') continue;
    lines.push(
      `  ${formatStatus(entry.health.status, style)} ${describeKey(entry.key)}  ${style.dim(formatReason(entry.health))}`,
    );
  }
  const warnings = health.flatMap((entry) =>
    (entry.health.warnings ?? []).map((warning) => `${describeKey(entry.key)}: ${warning}`),
  );
  for (const warning of warnings) lines.push(`  ${style.yellow('!')} ${safeLine(warning)}`);
  terminal.out(`${lines.join('\n')}\n`);
  return 0;
}

function refWords({ application }: KnownApplication): string {
  const { ref } = application.source.git;
  switch (ref.kind) {
    case 'head':
      return 'default branch';
    case 'semver':
      return `tags ${ref.range}`;
    case 'commit':
      return `commit ${ref.id.slice(0, 12)}`;
    default:
      return `${ref.kind} ${ref.name}`;
  }
}

/** `evenkeel tree APP`: its objects and what they own, each with its verdict. */
export async function treeCommand(context: CommandContext, name: string): Promise<number> {
  const known = await openApplication(context, name);
  const engine = await context.engine();
  const forest = await readTree(known.application, known.stored.state.inventory, engine, context.signal);
  const { terminal } = context;
  if (context.format !== 'text') {
    terminal.out(
      formatData({ application: formatApplicationName(known.application.name), tree: forest }, context.format),
    );
    return 0;
  }
  const lines = [terminal.style.bold(formatApplicationName(known.application.name))];
  const draw = (nodes: readonly TreeNode[], indent: string): void => {
    for (const [index, node] of nodes.entries()) {
      const last = index === nodes.length - 1;
      const detail = node.health.status === 'healthy' ? '' : `  ${terminal.style.dim(formatReason(node.health))}`;
      lines.push(
        `${indent}${last ? '└─' : '├─'} ${formatStatus(node.health.status, terminal.style)} ${describeKey(node.key)}${detail}`,
      );
      draw(node.children, `${indent}${last ? '   ' : '│  '}`);
    }
  };
  draw(forest, '');
  terminal.out(`${lines.join('\n')}\n`);
  return 0;
}
