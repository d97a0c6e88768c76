/** One figure: what was measured, what it is held against, and whether the goal is met. Ratios, never bare times. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The goal in words, and whether the value meets it. */
  readonly goal: string;
  readonly met: boolean;
  /** The measurements behind it. */
  readonly detail: string;
}

/** A group of figures; it says itself why it cannot run here. */
export interface Bench {
  readonly name: string;
  readonly run: () => Promise<readonly Figure[] | { readonly skipped: string }>;
}

/** Milliseconds of the best of `rounds` runs: everything that disturbs makes a run slower. */
export async function bestMs(rounds: number, work: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const startMs = performance.now();
    await work();
    best = Math.min(best, performance.now() - startMs);
  }
  return best;
}

export function round(value: number): number {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  return Number(value.toFixed(digits));
}
