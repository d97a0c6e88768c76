import { matchPattern, type PatternMatch } from './lua-patterns.ts';
import {
  formatGeneral,
  isFunction,
  type LuaBudget,
  LuaError,
  LuaTable,
  type LuaValue,
  toNumber,
  toText,
  typeName,
} from './lua-values.ts';

type Native = (args: readonly LuaValue[]) => readonly LuaValue[];

export function textArgument(args: readonly LuaValue[], index: number): string {
  const value = args[index];
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return toText(value);
  throw new LuaError(`bad argument #${index + 1} (string expected, got ${typeName(value)})`);
}

export function numberArgument(args: readonly LuaValue[], index: number, fallback?: number): number {
  const value = args[index];
  if (value === undefined && fallback !== undefined) return fallback;
  const number = toNumber(value);
  if (number === undefined) throw new LuaError(`bad argument #${index + 1} (number expected, got ${typeName(value)})`);
  return number;
}

/** The `string` library without `dump`; texts are UTF-16 here, so that lengths count characters of the basic plane, not bytes. */
export function stringLibrary(budget: LuaBudget): Readonly<Record<string, Native>> {
  const made = (text: string): readonly LuaValue[] => {
    budget.allocate(text.length * 2);
    return [text];
  };
  return {
    len: (args) => [textArgument(args, 0).length],
    upper: (args) => made(textArgument(args, 0).toUpperCase()),
    lower: (args) => made(textArgument(args, 0).toLowerCase()),
    reverse: (args) => made(Array.from(textArgument(args, 0)).reverse().join('')),
    sub: (args) => {
      const text = textArgument(args, 0);
      const { from, to } = range(text.length, numberArgument(args, 1, 1), numberArgument(args, 2, -1));
      return made(text.slice(from, to));
    },
    rep: (args) => {
      const text = textArgument(args, 0);
      const count = Math.max(0, Math.floor(numberArgument(args, 1)));
      budget.allocate(text.length * count * 2);
      return [text.repeat(count)];
    },
    byte: (args) => {
      const text = textArgument(args, 0);
      const first = numberArgument(args, 1, 1);
      const { from, to } = range(text.length, first, numberArgument(args, 2, first));
      return Array.from(text.slice(from, to), (char) => char.charCodeAt(0));
    },
    char: (args) => made(args.map((_, index) => String.fromCharCode(numberArgument(args, index))).join('')),
    format: (args) => made(format(args)),
    find: (args) => find(args, budget),
    match: (args) => {
      const found = search(args, budget);
      return found === undefined ? [undefined] : capturesOf(found, textArgument(args, 0));
    },
    gmatch: (args) => {
      const text = textArgument(args, 0);
      const pattern = textArgument(args, 1);
      let position = 0;
      return [
        {
          call: () => {
            const found = position > text.length ? undefined : matchPattern(text, pattern, position, budget);
            if (found === undefined) return [undefined];
            position = found.end === found.start ? found.end + 1 : found.end;
            return capturesOf(found, text);
          },
        },
      ];
    },
    gsub: (args) => substitute(args, budget),
  };
}

function range(length: number, first: number, last: number): { readonly from: number; readonly to: number } {
  const from = first < 0 ? Math.max(0, length + first) : Math.max(0, first - 1);
  const to = last < 0 ? length + last + 1 : Math.min(length, last);
  return { from, to: Math.max(from, to) };
}

function startOf(args: readonly LuaValue[], length: number): number {
  const init = numberArgument(args, 2, 1);
  return init < 0 ? Math.max(0, length + init) : Math.max(0, init - 1);
}

function search(args: readonly LuaValue[], budget: LuaBudget): PatternMatch | undefined {
  const text = textArgument(args, 0);
  const from = startOf(args, text.length);
  return from > text.length ? undefined : matchPattern(text, textArgument(args, 1), from, budget);
}

function capturesOf(found: PatternMatch, text: string): readonly LuaValue[] {
  return found.captures.length === 0 ? [text.slice(found.start, found.end)] : found.captures;
}

function find(args: readonly LuaValue[], budget: LuaBudget): readonly LuaValue[] {
  const text = textArgument(args, 0);
  const pattern = textArgument(args, 1);
  if ((args[3] !== undefined && args[3] !== false) || !/[\^$*+?.([%-]/.test(pattern)) {
    budget.steps(Math.ceil(text.length / 16));
    const at = text.indexOf(pattern, startOf(args, text.length));
    return at < 0 ? [undefined] : [at + 1, at + pattern.length];
  }
  const found = search(args, budget);
  return found === undefined ? [undefined] : [found.start + 1, found.end, ...found.captures];
}

function substitute(args: readonly LuaValue[], budget: LuaBudget): readonly LuaValue[] {
  const text = textArgument(args, 0);
  const pattern = textArgument(args, 1);
  const limit = numberArgument(args, 3, Number.POSITIVE_INFINITY);
  let result = '';
  let position = 0;
  let count = 0;
  while (count < limit && position <= text.length) {
    const found = matchPattern(text, pattern, position, budget);
    if (found === undefined) break;
    count++;
    const whole = text.slice(found.start, found.end);
    const replaced = replacement(args[2], found, whole);
    budget.allocate((found.start - position + replaced.length) * 2);
    result += text.slice(position, found.start) + replaced;
    position = found.end;
    if (found.end === found.start) {
      result += text.slice(position, position + 1);
      position++;
    }
    if (pattern.startsWith('^')) break;
  }
  return [result + text.slice(position), count];
}

function replacement(by: LuaValue, found: PatternMatch, whole: string): string {
  const captures = found.captures.length === 0 ? [whole] : found.captures;
  if (typeof by === 'string' || typeof by === 'number') {
    return toText(by).replaceAll(/%(.)/gs, (_, char: string) => {
      if (char === '0') return whole;
      return /\d/.test(char) ? toText(captures[Number(char) - 1]) : char;
    });
  }
  const value = by instanceof LuaTable ? by.get(captures[0]) : isFunction(by) ? by.call(captures)[0] : undefined;
  return value === undefined || value === false ? whole : toText(value);
}

const DIRECTIVE = /%([-+ #0]*)(\d{0,2})(?:\.(\d{0,2}))?([a-zA-Z%])/g;

function format(args: readonly LuaValue[]): string {
  let next = 1;
  return textArgument(args, 0).replaceAll(
    DIRECTIVE,
    (_, flags: string, width: string, precision: string | undefined, letter: string) => {
      if (letter === '%') return '%';
      const text = directive(
        args,
        next++,
        letter,
        precision === undefined ? undefined : Number(precision || '0'),
        flags,
      );
      const size = Number(width || '0');
      if (flags.includes('-')) return text.padEnd(size);
      if (!flags.includes('0') || letter === 's') return text.padStart(size);
      const sign = /^[+-]/.exec(text)?.[0] ?? '';
      return sign + text.slice(sign.length).padStart(size - sign.length, '0');
    },
  );
}

function directive(
  args: readonly LuaValue[],
  index: number,
  letter: string,
  precision: number | undefined,
  flags: string,
): string {
  if (letter === 's') return toText(args[index]).slice(0, precision);
  if (letter === 'q') return JSON.stringify(textArgument(args, index));
  if (letter === 'c') return String.fromCharCode(numberArgument(args, index));
  const value = numberArgument(args, index);
  const plus = flags.includes('+') && value >= 0 ? '+' : '';
  switch (letter) {
    case 'd':
    case 'i':
    case 'u':
      return (
        plus +
        Math.trunc(value)
          .toFixed(0)
          .padStart(precision ?? 0, '0')
      );
    case 'x':
      return Math.trunc(value).toString(16);
    case 'X':
      return Math.trunc(value).toString(16).toUpperCase();
    case 'o':
      return Math.trunc(value).toString(8);
    case 'f':
      return plus + value.toFixed(Math.min(99, precision ?? 6));
    case 'e':
      return plus + value.toExponential(Math.min(99, precision ?? 6)).replace(/e([+-])(\d)$/, 'e$10$2');
    case 'g':
      return plus + formatGeneral(value, precision ?? 6);
    default:
      throw new LuaError(`invalid option '%${letter}' to 'format'`);
  }
}
