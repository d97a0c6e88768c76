import { EngineError } from '../../../core/errors.ts';

/** How much one render may cost, over all its templates. */
export interface BudgetLimits {
  /** Template nodes, loop turns and items that functions make. */
  readonly steps: number;
  /** Bytes that templates and functions write, intermediate results too. */
  readonly outputBytes: number;
  /** Templates inside templates (template, include, tpl). */
  readonly depth: number;
  readonly timeMs: number;
}

export const DEFAULT_BUDGET: BudgetLimits = {
  steps: 20_000_000,
  outputBytes: 256 * 1024 * 1024,
  depth: 5_000,
  timeMs: 60_000,
};

const STEPS_BETWEEN_TIME_CHECKS = 2_048;

/**
 * Counts what a render costs and stops it. One budget belongs to one render; every template and function of the render draws on it.
 * `elapsedMs` is asked now and then; without it time is not limited.
 */
export class Budget {
  private stepsLeft: number;
  private bytesLeft: number;
  private untilTimeCheck = STEPS_BETWEEN_TIME_CHECKS;
  private readonly limits: BudgetLimits;
  private readonly elapsedMs: (() => number) | undefined;

  constructor(limits: BudgetLimits = DEFAULT_BUDGET, elapsedMs?: () => number) {
    this.limits = limits;
    this.stepsLeft = limits.steps;
    this.bytesLeft = limits.outputBytes;
    this.elapsedMs = elapsedMs;
  }

  /** @throws EngineError RenderLimit */
  step(count = 1): void {
    this.stepsLeft -= count;
    if (this.stepsLeft < 0) throw limitError('StepLimit', `more than ${this.limits.steps} steps`);
    this.untilTimeCheck -= count;
    if (this.untilTimeCheck < 0) this.checkTime();
  }

  /** Bytes that are about to be made. @throws EngineError RenderLimit */
  write(bytes: number): void {
    this.bytesLeft -= bytes;
    if (--this.untilTimeCheck < 0) this.checkTime();
    if (this.bytesLeft < 0) throw limitError('OutputLimit', `more than ${this.limits.outputBytes} bytes written`);
  }

  /** A template inside `depth` others. @throws EngineError RenderLimit */
  enter(depth: number): void {
    if (depth > this.limits.depth)
      throw limitError('DepthLimit', `templates nested more than ${this.limits.depth} deep`);
  }

  checkTime(): void {
    this.untilTimeCheck = STEPS_BETWEEN_TIME_CHECKS;
    if (this.elapsedMs !== undefined && this.elapsedMs() > this.limits.timeMs)
      throw limitError('TimeLimit', `more than ${this.limits.timeMs} ms`);
  }
}

/** The engine's own stack ended before the budget did: input that is nested too deep. */
export function stackLimitError(): EngineError {
  return limitError('StackLimit', 'templates or values nested too deep');
}

function limitError(reason: string, what: string): EngineError {
  return new EngineError('RenderLimit', `template did not end (${reason}): ${what}`, {
    remedy: 'look for a loop or a recursion without end; raise the render limits if the chart is truly this large',
    data: { reason },
  });
}
