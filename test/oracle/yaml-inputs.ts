/** Seeded inputs for the comparison with Go: YAML texts of many shapes, and wrong ones. */

export type Random = () => number;

/** mulberry32: small, fast, the same everywhere. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

const below = (random: Random, limit: number): number => Math.floor(random() * limit);

const WORDS = (
  'a b foo bar x-y x_y yes no on off y n Y N true false null ~ Null NULL .inf -.inf .nan 0 1 -1 +1 00 007 08 0x1F 0o17 0b11 -0b1 ' +
  '1_000 1e3 1E5 2.0 1.10 -0.0 0.5 5. +.5 1e400 1e-7 .5 12345678 9007199254740993 18446744073709551615 18446744073709551616 123456789012345678901234567890 ' +
  '0.1 1.5e10 2001-01-01 2001-1-2 2001-12-14t21:59:43.10-05:00 2001-12-14T21:59:43Z 12:30 1:30:00 190:20:30 1:30.5 - -- --- ... ? : :a a: a:b ' +
  'http://x.y/z a#b #c &a *a !t !!str !!int @x `x %x | > |- [] {} [a {a , << = ! nginx:1.25 10m 100Mi 0x 0b 1__0 _1 e5 1e .e1 -. +'
).split(' ');
const QUOTABLE = [
  'a b',
  '',
  ' ',
  'yes',
  '7',
  "it's",
  'say \\"hi\\"',
  'tab\\there',
  'nl\\nx',
  '\\x41\\u00e9\\U0001F600',
  'a: b',
  'a #b',
  '\\/',
  '\\e\\0\\a',
  'é',
  '\u{1F600}',
  '\u00a0x',
  'x\u2028y',
  'trailing ',
  ' leading',
];
const LONG =
  'The quick brown fox jumps over the lazy dog and then it goes on and on until the line is much longer than eighty columns, which matters here';

function scalar(random: Random): string {
  const kind = below(random, 12);
  if (kind < 6) return pick(random, WORDS);
  if (kind === 6) return `${pick(random, WORDS)} ${pick(random, WORDS)}`;
  if (kind === 7) return `"${pick(random, QUOTABLE)}"`;
  if (kind === 8) return `'${pick(random, QUOTABLE).replaceAll("'", "''")}'`;
  if (kind === 9) return LONG.slice(below(random, 60), 60 + below(random, 90));
  if (kind === 10)
    return `${pick(random, ['!!str', '!!int', '!!float', '!!bool', '!!null', '!!binary', '!', '!foo', '!!timestamp'])} ${pick(random, WORDS)}`;
  return pick(random, [
    '&x v',
    '*x',
    '&y',
    '""',
    "''",
    '? a',
    '"a\n  b"',
    "'a\n\n   b'",
    'a\n  b',
    '[a, b]',
    '{a: 1}',
    '[a: 1, {b}]',
    '[]',
    '{}',
    '{a, b: }',
    '[,]',
    '{"a":1}',
    '[2001-01-01, 12:30]',
  ]);
}

const BLOCK_LINES = [
  'line',
  'two words',
  '',
  '  indented',
  '\ttab',
  ' ',
  '# not a comment',
  'a: b',
  '- x',
  'trailing ',
  'é',
  '---x',
  LONG,
];

function block(random: Random, indent: string): string {
  const head = `${pick(random, ['|', '>'])}${pick(random, ['', '', '', '-', '+', '2', '1', '2-', '+1'])}`;
  const lines: string[] = [];
  for (let count = below(random, 6); count > 0; count--) {
    const line = pick(random, BLOCK_LINES);
    lines.push(line === '' ? '' : `${indent}  ${line}`);
  }
  return `${head}${pick(random, ['', '', ' # c'])}\n${lines.join('\n')}`;
}

function value(random: Random, indent: string, depth: number): string {
  const kind = below(random, 10);
  if (depth > 3 || kind < 5) return ` ${scalar(random)}`;
  if (kind === 5) return ` ${block(random, indent)}`;
  if (kind === 6) return '';
  return `${pick(random, ['', '', ' # c', ' &x', ' !!map'])}\n${collection(random, `${indent}${pick(random, ['  ', ' ', '    '])}`, depth + 1)}`;
}

function key(random: Random): string {
  return below(random, 5) === 0
    ? scalar(random)
    : pick(random, [
        'a',
        'b',
        'c',
        'd',
        'key',
        'a1',
        'a10',
        'a2',
        'A',
        '"q"',
        "'s'",
        '<<',
        'on',
        '1',
        '0x1',
        'é',
        '$x',
        'a-b',
        'a.b',
      ]);
}

function collection(random: Random, indent: string, depth: number): string {
  const lines: string[] = [];
  const list = below(random, 3) === 0;
  for (let count = 1 + below(random, 4); count > 0; count--) {
    if (list) {
      if (below(random, 4) === 0) lines.push(`${indent}- ${key(random)}:${value(random, `${indent}  `, depth + 1)}`);
      else lines.push(`${indent}-${value(random, indent, depth + 1)}`);
    } else {
      lines.push(`${indent}${key(random)}:${value(random, indent, depth + 1)}`);
    }
    if (below(random, 8) === 0) lines.push(pick(random, ['', `${indent}# comment`, '# at the start', '   ', '\t']));
  }
  return lines.join('\n');
}

const SOUP = [
  'a',
  'b',
  ': ',
  ':',
  ' ',
  '  ',
  '\n',
  '\n  ',
  '\n',
  '- ',
  '-',
  '? ',
  '[',
  ']',
  '{',
  '}',
  ', ',
  '"',
  "'",
  '#',
  ' #',
  '&a ',
  '*a',
  '!t ',
  '|',
  '>',
  '\t',
  '---\n',
  '...\n',
  '1',
  'yes',
  '<<',
  '\\',
  '%',
  '%YAML 1.1\n',
  '\r\n',
  '\u0085',
  '\u2028',
  'é',
  '\ufeff',
  '@',
];

function soup(random: Random): string {
  let text = '';
  for (let count = 1 + below(random, 14); count > 0; count--) text += pick(random, SOUP);
  return text;
}

function mutate(random: Random, text: string): string {
  const at = below(random, text.length + 1);
  const rest = below(random, 3) === 0 ? at + 1 : at;
  return text.slice(0, at) + (below(random, 3) === 0 ? '' : pick(random, SOUP)) + text.slice(rest);
}

export function yamlInput(random: Random): string {
  const kind = below(random, 10);
  if (kind === 0) return soup(random);
  if (kind === 1) return `${scalar(random)}\n`;
  let text = collection(random, '', 0);
  if (kind === 2) text = `${text}\n---\n${collection(random, '', 1)}`;
  if (kind === 3) text = mutate(random, text);
  text = below(random, 6) === 0 ? text : `${text}\n`;
  // A half of a character cannot come from UTF-8.
  if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text)) return yamlInput(random);
  // Go moves the comment between a collection (or nothing with an anchor) as a key and its value to where it cannot read it again.
  return COMMENT_AFTER_ODD_KEY.test(text) ? yamlInput(random) : text;
}

const COMMENT_AFTER_ODD_KEY = /(?:[\]}]|&\w+)\s*:\s*#/;
