import { formatApplicationName } from '../../core/application.ts';
import { EngineError, isEngineError } from '../../core/errors.ts';
import { describeKey } from '../../core/object-key.ts';
import { formatDuration } from '../../config/duration.ts';
import { observeHealth } from '../../controller/observe-health.ts';
import { prepare, type Prepared } from '../../controller/prepare.ts';
import { explainHealth, type ExplainLink, type Explanation } from '../../health/explain.ts';
import { isEmptyPlan } from '../../plan/build-plan.ts';
import { NO_OVERRIDES } from '../../plan/guards.ts';
import type { KnownApplication } from '../applications.ts';
import { openApplication, type CommandContext } from '../context.ts';
import { formatData } from '../output/print-data.ts';
import { formatReason, formatStatus } from '../output/print-health.ts';
import { formatCounts } from '../output/print-plan.ts';
import { safeLine, type Style } from '../output/style.ts';

/** What keeps an application from being synced, in the order in which a person should look at it. */
interface SyncAnswer {
  readonly done: boolean;
  readonly lines: readonly string[];
  readonly remedies: readonly string[];
}

/** `evenkeel explain APP`: one answer to "why is it not done yet?". Exit 0 when it is done, 4 when it is not. */
export async function explainCommand(context: CommandContext, name: string): Promise<number> {
  const known = await openApplication(context, name);
  const engine = await context.engine();
  const [sync, health] = await Promise.all([
    explainSync(known, context),
    observeHealth(known.application, known.stored.state.inventory, engine, context.signal),
  ]);
  const explanation = explainHealth(health, engine.clock.now());
  const applied = known.stored.state.current !== undefined;
  const done = sync.done && explanation.done && applied;
  const { terminal } = context;
  if (context.format !== 'text') {
    terminal.out(
      formatData(
        { application: formatApplicationName(known.application.name), done, sync, health: explanation },
        context.format,
      ),
    );
  } else {
    terminal.out(`${format(known, sync, explanation, terminal.style).join('\n')}\n`);
  }
  return done ? 0 : new EngineError('NotHealthyInTime', '').exitCode;
}

async function explainSync(known: KnownApplication, context: CommandContext): Promise<SyncAnswer> {
  const { application, stored } = known;
  const { current, pinned, held } = stored.state;
  const lines: string[] = [];
  const remedies: string[] = [];
  if (application.suspended) lines.push('the application is suspended (spec.suspend): nothing is synced');
  let prepared: Prepared;
  try {
    prepared = await prepare(application, await context.engine(), {
      overrides: NO_OVERRIDES,
      dryRunChanges: true,
      signal: context.signal,
    });
  } catch (thrown) {
    if (!isEngineError(thrown)) throw thrown;
    const last =
      current === undefined
        ? 'nothing was applied yet'
        : `revision ${current.number} at ${current.commitId.slice(0, 12)} stays`;
    return {
      done: false,
      lines: [...lines, `${thrown.message} (${thrown.code}); ${last}`],
      remedies: thrown.remedy === undefined ? [] : [thrown.remedy],
    };
  }
  const { plan, revision } = prepared;
  if (revision.sourceProblem !== undefined) {
    const what = revision.sourceProblem.code === 'SourceUnverified' ? 'is not followed' : 'cannot be asked';
    lines.push(`the source ${what}: ${revision.sourceProblem.message}; revision ${current?.number ?? '-'} stays`);
    if (revision.sourceProblem.remedy !== undefined) remedies.push(revision.sourceProblem.remedy);
  }
  if (pinned !== undefined) {
    lines.push(
      `a rollback pinned it to revision ${pinned.number}; ${held.map((entry) => entry.commitId.slice(0, 12)).join(', ')} ${held.length === 1 ? 'is' : 'are'} held`,
    );
    remedies.push(`push a newer commit, or evenkeel sync ${application.name.name} --retry`);
  }
  for (const refusal of plan.refusals) {
    lines.push(`${refusal.message} (${refusal.guard})`);
    remedies.push(refusal.override);
  }
  for (const wave of plan.waves) {
    for (const step of wave.steps) {
      if (step.diff.error === undefined) continue;
      lines.push(`${describeKey(step.key)}: the server says: ${step.diff.error.message}`);
      if (step.diff.error.remedy !== undefined) remedies.push(step.diff.error.remedy);
    }
  }
  const differs = !isEmptyPlan(plan);
  if (differs) {
    lines.push(`Git and the cluster differ: ${formatCounts(plan)}`);
    remedies.push(`evenkeel plan ${application.name.name} shows it, evenkeel sync ${application.name.name} applies it`);
  }
  return { done: !differs && plan.refusals.length === 0 && revision.sourceProblem === undefined, lines, remedies };
}

function format(known: KnownApplication, sync: SyncAnswer, explanation: Explanation, style: Style): string[] {
  const name = formatApplicationName(known.application.name);
  const { current } = known.stored.state;
  const at = current === undefined ? '' : ` revision ${current.number} at ${current.commitId.slice(0, 12)}`;
  if (sync.done && explanation.done && current !== undefined) {
    return [
      `${style.green('✔')} ${style.bold(name)} is done:${at} is applied, ${explanation.summary}`,
      ...sync.lines.map((line) => `  ${safeLine(line, 600)}`),
    ];
  }
  const head =
    current === undefined
      ? 'nothing was applied yet'
      : explanation.done
        ? (sync.lines[0] ?? explanation.summary)
        : explanation.summary;
  const lines = [`${style.yellow('◌')} ${style.bold(name)} is not done: ${safeLine(head, 600)}`];
  if (explanation.cause !== undefined)
    lines.push(
      `  ${style.dim(explanation.cause === 'release' ? 'the release caused it' : 'the environment caused it, not the release')}`,
    );
  if (sync.lines.length > 0) {
    lines.push('', '  sync');
    for (const line of sync.lines) lines.push(`    ${safeLine(line, 600)}`);
  }
  if (explanation.chains.length > 0) {
    lines.push('', '  health');
    for (const chain of explanation.chains) lines.push(...formatLink(chain, style, '    '));
    if (explanation.more > 0) lines.push(`    … ${explanation.more} more`);
  }
  const remedies = [...new Set([...sync.remedies, ...explanation.remedies])];
  if (remedies.length > 0) {
    lines.push('', '  to do');
    for (const [index, remedy] of remedies.entries()) lines.push(`    ${index + 1}. ${safeLine(remedy, 400)}`);
  }
  return lines;
}

function formatLink(link: ExplainLink, style: Style, indent: string): string[] {
  const status = link.health === undefined ? style.dim('∅ not looked at') : formatStatus(link.health.status, style);
  const times = [
    ...(link.forMs === undefined ? [] : [`since ${formatDuration(link.forMs)}`]),
    ...(link.leftMs === undefined
      ? []
      : [
          link.leftMs >= 0
            ? `fails in ${formatDuration(link.leftMs)}`
            : `overdue since ${formatDuration(-link.leftMs)}`,
        ]),
  ];
  const detail = link.health === undefined ? '' : `  ${formatReason(link.health)}`;
  const lines = [
    `${indent}${status} ${describeKey(link.key)}${detail}${times.length === 0 ? '' : `  ${style.dim(`(${times.join(', ')})`)}`}`,
  ];
  for (const next of link.waitsFor)
    lines.push(...formatLink(next, style, `${indent}  waits for `.replace(/waits for (?=.*waits for)/, '          ')));
  return lines;
}
