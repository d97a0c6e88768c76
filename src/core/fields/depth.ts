import { EngineError } from '../errors.ts';

/** How deep an object or a field set may be nested; real objects stay below 40, and walkers of values call themselves. */
export const MAX_DEPTH = 400;

/** @throws EngineError NotSupported when `depth` is beyond {@link MAX_DEPTH} */
export function guardDepth(depth: number): void {
  if (depth > MAX_DEPTH)
    throw new EngineError('NotSupported', `object is nested too deeply (TooDeep): more than ${MAX_DEPTH} levels`);
}
