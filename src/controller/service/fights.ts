/** Corrections of one object within this time count together. */
const WINDOW_MS = 600_000;
/** From this many on it is a fight. */
const FIGHT_FROM = 3;
const BASE_MS = 10_000;
const CAP_MS = 300_000;

interface Corrections {
  count: number;
  lastMs: number;
}

/**
 * Notices when somebody undoes our corrections again and again (another controller that wants something else), and slows self-healing
 * down for that object: writing against each other helps nobody.
 */
export class Fights {
  readonly #corrections = new Map<string, Corrections>();

  /** An object was put back to what Git says. */
  corrected(id: string, nowMs: number): void {
    const before = this.#corrections.get(id);
    const recent = before !== undefined && nowMs - before.lastMs < WINDOW_MS;
    this.#corrections.set(id, { count: recent ? before.count + 1 : 1, lastMs: nowMs });
    if (this.#corrections.size > 10_000) this.#forget(nowMs);
  }

  /** How long to leave an object alone; 0 when it is not fought about. */
  waitMs(id: string, nowMs: number): number {
    const known = this.#corrections.get(id);
    if (known === undefined || known.count < FIGHT_FROM) return 0;
    const pauseMs = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(10, known.count - FIGHT_FROM));
    return Math.max(0, known.lastMs + pauseMs - nowMs);
  }

  isFight(id: string, nowMs: number): boolean {
    const known = this.#corrections.get(id);
    return known !== undefined && known.count >= FIGHT_FROM && nowMs - known.lastMs < WINDOW_MS;
  }

  #forget(nowMs: number): void {
    for (const [id, { lastMs }] of this.#corrections) if (nowMs - lastMs >= WINDOW_MS) this.#corrections.delete(id);
  }
}
