import type { Json } from '../../src/core/json.ts';
import type { Random } from './seeded-random.ts';

/** Texts and values of which YAML, JSON and TOML make the most trouble. */

const PIECES = [
  'a',
  'B',
  ' ',
  '  ',
  '\n',
  '\t',
  ':',
  ': ',
  ' #',
  '#',
  '-',
  '- ',
  '?',
  '!',
  '&',
  '*',
  '{',
  '}',
  '[',
  ']',
  ',',
  '|',
  '>',
  '%',
  '@',
  '`',
  '"',
  "'",
  '\\',
  '0',
  '1',
  '7',
  '.',
  'e',
  'x',
  '_',
  '+',
  '~',
  'é',
  '日',
  '😀',
  '\u00a0',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\u0007',
  'null',
  'true',
  'yes',
  'NaN',
  '.inf',
  '2020-01-02',
  '<<',
  '=',
  '/',
  '$',
  'word ',
  'longer words here ',
  'and many more words to come to the end ',
  '\r',
  '\r\n',
  '---',
  '...',
  '\u007f',
  '0x',
  '0b1',
  '1_0',
  '12:30',
  '1e3',
  '\n\n',
  '\n ',
  ' \n',
];

export function oddText(random: Random): string {
  return Array.from({ length: random.below(9) }, () => random.pick(PIECES)).join('');
}

function oddScalar(random: Random): Json {
  switch (random.below(5)) {
    case 0:
      return random.below(100) - 50;
    case 1:
      return random.pick([1.5, 1e6, 1e21, 1e-7, 123456789, 0.1, 1e15]);
    case 2:
      return random.pick([true, false, null]);
    default:
      return oddText(random);
  }
}

const KEYS = ['a', 'b', 'key', 'on', '1', 'x-y', 'A', 'a10', 'a2', ' ', '<<', '=', 'null', '0x1'];

export function oddValue(random: Random, depth = 0): Json {
  if (depth > 3 || random.chance(0.4)) return oddScalar(random);
  const items = Array.from({ length: random.below(4) }, () => oddValue(random, depth + 1));
  if (random.chance(0.5)) return items;
  // An empty key in a list of tables confuses the real reader of TOML.
  const key = (): string => (random.chance(0.5) ? random.pick(KEYS) : `k${oddText(random)}`);
  return Object.fromEntries(items.map((item) => [key(), item]));
}
