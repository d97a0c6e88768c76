/**
 * Shell patterns as Go's `path/filepath.Match` reads them: `*` and `?` stop at `/`, `[a-z]` and `[^a-z]` are classes, `\` takes
 * the next character as it is. The whole name must match. Runs in time proportional to pattern × name.
 */
export interface PathPattern {
  matches(name: string): boolean;
}

type Token =
  | { readonly kind: 'text'; readonly char: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'many' }
  | { readonly kind: 'class'; readonly negated: boolean; readonly ranges: readonly (readonly [number, number])[] };

/** The pattern, or undefined when it is malformed. */
export function parsePathPattern(text: string): PathPattern | undefined {
  const tokens = tokenize(Array.from(text));
  if (tokens === undefined) return undefined;
  return simplePattern(tokens) ?? { matches: (name) => run(tokens, Array.from(name)) };
}

/** Most patterns are a plain name, or a star with a plain end: those need no automaton. */
function simplePattern(tokens: readonly Token[]): PathPattern | undefined {
  const [first] = tokens;
  const rest = first?.kind === 'many' ? tokens.slice(1) : tokens;
  let text = '';
  for (const token of rest) {
    if (token.kind !== 'text') return undefined;
    text += token.char;
  }
  if (rest.length === tokens.length) return { matches: (name) => name === text };
  return { matches: (name) => name.endsWith(text) && !name.slice(0, name.length - text.length).includes('/') };
}

function tokenize(chars: readonly string[]): Token[] | undefined {
  const tokens: Token[] = [];
  for (let index = 0; index < chars.length; ) {
    const char = chars[index] ?? '';
    if (char === '*') {
      tokens.push({ kind: 'many' });
      index++;
    } else if (char === '?') {
      tokens.push({ kind: 'one' });
      index++;
    } else if (char === '[') {
      const read = readClass(chars, index + 1);
      if (read === undefined) return undefined;
      tokens.push(read.token);
      index = read.next;
    } else {
      const literal = char === '\\' ? chars[++index] : char;
      if (literal === undefined) return undefined;
      tokens.push({ kind: 'text', char: literal });
      index++;
    }
  }
  return tokens;
}

function readClass(
  chars: readonly string[],
  start: number,
): { readonly token: Token; readonly next: number } | undefined {
  let index = start;
  const negated = chars[index] === '^';
  if (negated) index++;
  const ranges: [number, number][] = [];
  while (!(chars[index] === ']' && ranges.length > 0)) {
    const low = readClassChar(chars, index);
    if (low === undefined) return undefined;
    index = low.next;
    let high = low;
    if (chars[index] === '-') {
      const read = readClassChar(chars, index + 1);
      if (read === undefined) return undefined;
      high = read;
      index = high.next;
    }
    ranges.push([low.code, high.code]);
  }
  return { token: { kind: 'class', negated, ranges }, next: index + 1 };
}

function readClassChar(
  chars: readonly string[],
  index: number,
): { readonly code: number; readonly next: number } | undefined {
  const first = chars[index];
  if (first === undefined || first === '-' || first === ']') return undefined;
  const next = first === '\\' ? index + 1 : index;
  const code = chars[next]?.codePointAt(0);
  // A class must still be closed after this character.
  return code === undefined || next + 1 >= chars.length ? undefined : { code, next: next + 1 };
}

function run(tokens: readonly Token[], name: readonly string[]): boolean {
  let states = reach(tokens, new Set([0]));
  for (const char of name) {
    const next = new Set<number>();
    for (const state of states) {
      const token = tokens[state];
      if (token !== undefined && accepts(token, char)) next.add(token.kind === 'many' ? state : state + 1);
    }
    if (next.size === 0) return false;
    states = reach(tokens, next);
  }
  return states.has(tokens.length);
}

/** A star may also match nothing. */
function reach(tokens: readonly Token[], states: Set<number>): Set<number> {
  for (const state of states) if (tokens[state]?.kind === 'many') states.add(state + 1);
  return states;
}

function accepts(token: Token, char: string): boolean {
  if (token.kind === 'text') return token.char === char;
  if (token.kind !== 'class') return char !== '/';
  const code = char.codePointAt(0) ?? 0;
  return token.ranges.some(([low, high]) => low <= code && code <= high) !== token.negated;
}
