import type { Json } from '../../src/core/json.ts';
import { KEYS, TEXTS, WORDS } from './gotemplate-words.ts';
import type { Random } from './seeded-random.ts';

/** A JSON value without numbers that JavaScript and Go would read differently. */
function randomData(random: Random, depth = 0): Json {
  switch (random.below(depth > 2 ? 7 : 11)) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
      return random.below(12) - 3;
    case 3:
      return random.pick([0.5, 2.25, -1.75, 1e6, 1234567.5, 1e21, 3e-7, 100000, 12345678901]);
    case 7:
    case 8:
      return Array.from({ length: random.below(4) }, () => randomData(random, depth + 1));
    case 9:
    case 10: {
      const entries = Array.from(
        { length: random.below(4) },
        () => [random.pick(KEYS), randomData(random, depth + 1)] as const,
      );
      return Object.fromEntries(entries);
    }
    default:
      return random.pick(TEXTS);
  }
}

/** The data that the generator's fields name. */
export function knownData(random: Random): { readonly [key: string]: Json } {
  return {
    s: random.pick(TEXTS),
    name: random.pick(WORDS),
    n: random.below(20) - 5,
    f: random.pick([0.5, 2.25, -1.75, 3.7, 1e6]),
    on: random.chance(0.5),
    nil: null,
    list: Array.from({ length: random.below(4) }, () => random.pick(WORDS)),
    nums: Array.from({ length: random.below(5) }, () => random.below(9) - 2),
    mixed: Array.from({ length: random.below(4) }, () => randomData(random, 1)),
    el: [],
    em: {},
    map: { a: randomData(random, 1), b: random.pick(TEXTS), c: randomData(random, 2) },
    map2: Object.fromEntries(Array.from({ length: random.below(4) }, () => [random.pick(KEYS), random.pick(WORDS)])),
    a: randomData(random),
    b: random.pick(TEXTS),
    c: randomData(random, 1),
  };
}
