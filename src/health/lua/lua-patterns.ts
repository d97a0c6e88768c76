import { type LuaBudget, LuaError } from './lua-values.ts';

/** What a pattern matched: `start` inclusive, `end` exclusive, and its captures (a number is a position capture). */
export interface PatternMatch {
  readonly start: number;
  readonly end: number;
  readonly captures: readonly (string | number)[];
}

const OPEN = -1;
const POSITION = -2;
const DEPTH_LIMIT = 200;

/** The patterns of Lua 5.1 (`%a`, sets, `%b()`, captures; no `%f`), within the budget of the script: every try costs a step. */
export function matchPattern(text: string, pattern: string, init: number, budget: LuaBudget): PatternMatch | undefined {
  const anchored = pattern.startsWith('^');
  for (let start = init; start <= text.length; start++) {
    const matcher = new Matcher(text, pattern, budget);
    const end = matcher.match(start, anchored ? 1 : 0);
    if (end !== undefined) return { start, end, captures: matcher.captures() };
    if (anchored) return undefined;
  }
  return undefined;
}

class Matcher {
  readonly #text: string;
  readonly #pattern: string;
  readonly #budget: LuaBudget;
  readonly #starts: number[] = [];
  readonly #lengths: number[] = [];
  #depth = 0;

  constructor(text: string, pattern: string, budget: LuaBudget) {
    this.#text = text;
    this.#pattern = pattern;
    this.#budget = budget;
  }

  captures(): readonly (string | number)[] {
    return this.#starts.map((start, index) => {
      const length = this.#lengths[index] ?? 0;
      return length === POSITION ? start + 1 : this.#text.slice(start, start + length);
    });
  }

  match(at: number, from: number): number | undefined {
    if (++this.#depth > DEPTH_LIMIT) throw new LuaError('pattern too complex');
    try {
      return this.#match(at, from);
    } finally {
      this.#depth--;
    }
  }

  #match(position: number, from: number): number | undefined {
    let at = position;
    let index = from;
    while (index < this.#pattern.length) {
      this.#budget.step();
      const char = this.#pattern[index];
      if (char === '(')
        return this.#pattern[index + 1] === ')' ? this.#open(at, index + 2, POSITION) : this.#open(at, index + 1, OPEN);
      if (char === ')') return this.#close(at, index + 1);
      if (char === '$' && index + 1 === this.#pattern.length) return at === this.#text.length ? at : undefined;
      if (char === '%' && this.#pattern[index + 1] === 'b') return this.#balanced(at, index);
      if (char === '%' && /\d/.test(this.#pattern[index + 1] ?? '')) {
        const end = this.#back(at, Number(this.#pattern[index + 1]));
        if (end === undefined) return undefined;
        at = end;
        index += 2;
        continue;
      }
      const next = this.#itemEnd(index);
      const suffix = this.#pattern[next];
      if (suffix === '?') {
        const tried = this.#single(at, index, next) ? this.match(at + 1, next + 1) : undefined;
        if (tried !== undefined) return tried;
        index = next + 1;
        continue;
      }
      if (suffix === '+') return this.#single(at, index, next) ? this.#greedy(at + 1, index, next) : undefined;
      if (suffix === '*') return this.#greedy(at, index, next);
      if (suffix === '-') return this.#lazy(at, index, next);
      if (!this.#single(at, index, next)) return undefined;
      at++;
      index = next;
    }
    return at;
  }

  #open(at: number, index: number, kind: number): number | undefined {
    this.#starts.push(at);
    this.#lengths.push(kind);
    const end = this.match(at, index);
    if (end === undefined) {
      this.#starts.pop();
      this.#lengths.pop();
    }
    return end;
  }

  #close(at: number, index: number): number | undefined {
    const open = this.#lengths.lastIndexOf(OPEN);
    if (open < 0) throw new LuaError('invalid pattern capture');
    this.#lengths[open] = at - (this.#starts[open] ?? 0);
    const end = this.match(at, index);
    if (end === undefined) this.#lengths[open] = OPEN;
    return end;
  }

  #balanced(at: number, index: number): number | undefined {
    const [open, close] = [this.#pattern[index + 2], this.#pattern[index + 3]];
    if (open === undefined || close === undefined) throw new LuaError('unbalanced pattern');
    if (this.#text[at] !== open) return undefined;
    let depth = 1;
    for (let end = at + 1; end < this.#text.length; end++) {
      this.#budget.step();
      if (this.#text[end] === close) {
        if (--depth === 0) return this.match(end + 1, index + 4);
      } else if (this.#text[end] === open) depth++;
    }
    return undefined;
  }

  #back(at: number, number: number): number | undefined {
    const captured = this.captures()[number - 1];
    if (typeof captured !== 'string') throw new LuaError('invalid capture index');
    return this.#text.startsWith(captured, at) ? at + captured.length : undefined;
  }

  #greedy(at: number, index: number, next: number): number | undefined {
    let count = 0;
    while (this.#single(at + count, index, next)) {
      this.#budget.step();
      count++;
    }
    for (; count >= 0; count--) {
      this.#budget.step();
      const end = this.match(at + count, next + 1);
      if (end !== undefined) return end;
    }
    return undefined;
  }

  #lazy(from: number, index: number, next: number): number | undefined {
    for (let at = from; ; at++) {
      this.#budget.step();
      const end = this.match(at, next + 1);
      if (end !== undefined) return end;
      if (!this.#single(at, index, next)) return undefined;
    }
  }

  #itemEnd(index: number): number {
    const char = this.#pattern[index];
    if (char === '%') {
      if (index + 1 >= this.#pattern.length) throw new LuaError("malformed pattern (ends with '%')");
      return index + 2;
    }
    if (char !== '[') return index + 1;
    let end = this.#pattern[index + 1] === '^' ? index + 2 : index + 1;
    do {
      if (end >= this.#pattern.length) throw new LuaError("malformed pattern (missing ']')");
      end += this.#pattern[end] === '%' ? 2 : 1;
    } while (this.#pattern[end] !== ']');
    return end + 1;
  }

  #single(at: number, index: number, next: number): boolean {
    const char = this.#text[at];
    if (char === undefined) return false;
    const item = this.#pattern[index];
    if (item === '.') return true;
    if (item === '%') return inClass(char, this.#pattern[index + 1] ?? '');
    if (item === '[') return this.#inSet(char, index + 1, next - 1);
    return item === char;
  }

  #inSet(char: string, from: number, end: number): boolean {
    const negated = this.#pattern[from] === '^';
    let index = negated ? from + 1 : from;
    while (index < end) {
      const item = this.#pattern[index] ?? '';
      if (item === '%') {
        if (inClass(char, this.#pattern[index + 1] ?? '')) return !negated;
        index += 2;
      } else if (this.#pattern[index + 1] === '-' && index + 2 < end) {
        if (item <= char && char <= (this.#pattern[index + 2] ?? '')) return !negated;
        index += 3;
      } else {
        if (item === char) return !negated;
        index++;
      }
    }
    return negated;
  }
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  a: /[A-Za-z]/,
  c: /[\x00-\x1f\x7f]/,
  d: /\d/,
  l: /[a-z]/,
  p: /[!-/:-@[-`{-~]/,
  s: /[\t-\r ]/,
  u: /[A-Z]/,
  w: /[A-Za-z0-9]/,
  x: /[0-9A-Fa-f]/,
  z: /\0/,
};

function inClass(char: string, name: string): boolean {
  const lower = name.toLowerCase();
  const pattern = Object.hasOwn(CLASSES, lower) ? CLASSES[lower] : undefined;
  if (pattern === undefined) return name === char;
  return pattern.test(char) === (name === lower);
}
