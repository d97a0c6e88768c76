import { EngineError } from '../../core/errors.ts';
import { prepare, type Prepared } from '../../controller/prepare.ts';
import { isEmptyPlan, refusesAll } from '../../plan/build-plan.ts';
import { NO_OVERRIDES, type PlanOverrides } from '../../plan/guards.ts';
import { openApplication, type CommandContext } from '../context.ts';
import { formatData, planDocument } from '../output/print-data.ts';
import { formatPlan } from '../output/print-plan.ts';

/** Options that lift guards; the same words in plan, sync and up. */
export interface OverrideOptions {
  readonly allowEmpty?: boolean;
  readonly allowDeletions?: boolean;
  readonly confirmDelete?: readonly string[];
  readonly retry?: boolean;
  readonly adopt?: boolean;
}

export function overridesOf(options: OverrideOptions): PlanOverrides {
  return {
    ...NO_OVERRIDES,
    allowEmpty: options.allowEmpty ?? false,
    allowDeletions: options.allowDeletions ?? false,
    confirmDeletions: options.confirmDelete ?? [],
    retryHeld: options.retry ?? false,
    adopt: options.adopt ?? false,
  };
}

/** `evenkeel plan APP`: what a sync would do, in order, with the digest that approves it. Exit 7 when a guard stops all of it. */
export async function planCommand(
  context: CommandContext,
  name: string,
  options: OverrideOptions & { readonly file?: string },
): Promise<number> {
  const { application } = await openApplication(context, name, options.file);
  const prepared = await prepare(application, await context.engine(), {
    overrides: overridesOf(options),
    dryRunChanges: true,
    signal: context.signal,
  });
  printPlan(context, prepared);
  return refusesAll(prepared.plan) ? new EngineError('PlanRefused', '').exitCode : 0;
}

/** `evenkeel diff APP`: the same comparison with the exit code of diff: 1 when something differs. */
export async function diffApplication(
  context: CommandContext,
  name: string,
  options: { readonly file?: string },
): Promise<number> {
  const { application } = await openApplication(context, name, options.file);
  const prepared = await prepare(application, await context.engine(), {
    overrides: NO_OVERRIDES,
    dryRunChanges: true,
    signal: context.signal,
  });
  printPlan(context, prepared);
  return isEmptyPlan(prepared.plan) && prepared.plan.refusals.length === 0 ? 0 : 1;
}

export function printPlan(context: CommandContext, prepared: Prepared): void {
  const { terminal } = context;
  if (context.format !== 'text') {
    terminal.out(formatData(planDocument(prepared.plan), context.format));
    return;
  }
  const { sourceProblem, pinnedNumber, commitSubject, warnings } = prepared.revision;
  const notes = [
    ...(sourceProblem === undefined
      ? []
      : [
          `the source ${sourceProblem.code === 'SourceUnverified' ? 'is not followed' : 'could not be asked'}, the last good revision is shown: ${sourceProblem.message}`,
        ]),
    ...(pinnedNumber === undefined
      ? []
      : [`pinned to revision ${pinnedNumber} by a rollback; a newer commit or sync --retry ends it`]),
    ...warnings,
  ];
  terminal.out(`${formatPlan(prepared.plan, { commitSubject, warnings: notes }, terminal.style)}\n`);
}
