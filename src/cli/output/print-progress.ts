import { formatDuration } from '../../config/duration.ts';
import { describeKey } from '../../core/object-key.ts';
import type { StepOutcome } from '../../core/plan.ts';
import type { ApplyEvent } from '../../apply/apply-plan-ports.ts';
import { withoutSubject } from '../../core/subject.ts';
import { safeLine, type Style } from './style.ts';

/** One line for what just happened in a sync; undefined for what nobody needs to see. */
export function formatProgress(event: ApplyEvent, style: Style): string | undefined {
  switch (event.kind) {
    case 'waveStarted':
      return `  ${style.dim(`[${event.index + 1}/${event.count}] ${event.wave.name}`)}`;
    case 'stepDone':
      return `    ${formatOutcome(event.outcome, style)}`;
    case 'waveWaiting':
      return `    ${style.dim(`waiting until ${event.wave.steps.length === 1 ? 'it is' : 'they are'} healthy`)}`;
    case 'waveDone':
      return undefined;
  }
}

function formatOutcome(outcome: StepOutcome, style: Style): string {
  const subject = describeKey(outcome.key);
  if (outcome.result === 'failed') {
    const error = outcome.error;
    const remedy = error?.remedy === undefined ? '' : `\n      ${style.dim(`to do: ${safeLine(error.remedy)}`)}`;
    return `${style.red('✗ failed')}      ${subject}  ${safeLine(withoutSubject(error?.message ?? 'no reason given', subject), 800)}${remedy}`;
  }
  if (outcome.result === 'skipped')
    return `${style.yellow('· skipped')}     ${subject}  ${style.dim(outcome.reason ?? '')}`;
  const reason = outcome.reason === undefined ? '' : `  ${outcome.reason}`;
  return `${style.green('✔')} ${outcome.result.padEnd(11)} ${subject}  ${style.dim(formatDuration(outcome.durationMs) + reason)}`;
}
