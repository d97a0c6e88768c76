import type { Random } from '../seeded-random.ts';

/** Up to `most` different items of a list, in random order. */
export function some<T>(r: Random, list: readonly T[], most: number): T[] {
  const count = r.below(Math.min(most, list.length) + 1);
  const rest = [...list];
  const found: T[] = [];
  for (let index = 0; index < count; index++) found.push(...rest.splice(r.below(rest.length), 1));
  return found;
}
