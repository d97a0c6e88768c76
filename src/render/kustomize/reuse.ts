import type { BuildContext } from './context.ts';

/** How a result is kept and given out. */
export interface Reusable<T> {
  readonly name: 'folder' | 'build';
  /** Tells apart results for the same files: the path, and all settings that reach the step. */
  readonly key: readonly string[];
  /** Folders that the step is built for, outermost first. */
  readonly chain: readonly string[];
  /** A copy that may be changed. */
  readonly copy: (value: T) => T;
}

/**
 * Runs a step of a build, or takes over what it gave when it last read the same files. A step that finds a problem, depends on more than
 * files, or runs under a schema of `openapi` is run each time.
 */
export function reuse<T>(how: Reusable<T>, context: BuildContext, step: () => T): T {
  const { recorder } = context;
  const { problems } = context;
  // Once there is a problem a build leaves steps out.
  if (context.hasSchemas || problems.count > 0) return step();
  const { results } = context.cache;
  const key = JSON.stringify([how.name, ...how.key, context.limitsKey]);
  const known = results.find<T>(key, (recording) => recorder.holds(recording, how.chain));
  if (known !== undefined) {
    context.replay(known.recording);
    return how.copy(known.value);
  }
  const { value, recording } = recorder.record(step);
  if (recording.reusable && problems.count === 0 && !context.hasSchemas)
    results.put(key, { value: how.copy(value), recording });
  return value;
}
