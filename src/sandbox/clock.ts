/** Time as the sandbox sees it; tests pass their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once after the delay; the answer cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

export const wallClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, Math.min(delayMs, 2 ** 31 - 1));
    // A waiting simulation must not keep a process alive whose server was closed.
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** RFC 3339 with whole seconds, as Kubernetes writes times. */
export function formatTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
