import { decodeRune, runesOf } from '../gotemplate/byte-string.ts';
import { textOf } from '../gotemplate/format.ts';
import type { CallContext } from '../gotemplate/function.ts';
import { quote } from '../gotemplate/quote.ts';
import { STRING_MAP } from '../gotemplate/types.ts';
import { lowerCase, trimLeft, trimRight, trimSpace, upperCase } from '../gotemplate/unicode.ts';
import { GoMap, type GoValue, itemsOf } from '../gotemplate/values.ts';
import { any, fail, fn, type FunctionGroup, int, str, variadic } from './define.ts';
import { strslice, stringList, stringsOf, strval } from './strval.ts';
import { initials, lowerWords, pascalCase, swapCase, titleCase, untitle, withoutSpace } from './words.ts';

/** What no address of a process reaches: Go refuses to make it. */
const MOST_BYTES = 2 ** 48;

/** Go's words for a repetition that cannot be. */
function checkRepeat(count: number, text: string): void {
  if (count < 0) fail('strings: negative Repeat count');
  const length = text.length * count;
  if (length > 2 ** 63) fail('strings: Repeat output length overflow');
  if (length > MOST_BYTES) fail('runtime error: makeslice: len out of range');
}

function repeat(count: number, text: string, context: CallContext): string {
  checkRepeat(count, text);
  context.budget.write(text.length * count);
  return text.repeat(count);
}

function indent(spaces: number, text: string, context: CallContext): string {
  checkRepeat(spaces, ' ');
  const lines = text.split('\n');
  context.budget.write(text.length + spaces * lines.length);
  const pad = ' '.repeat(spaces);
  return pad + lines.join(`\n${pad}`);
}

/** The largest int is beyond what a number holds exactly. */
function shownBound(bound: number): string {
  return bound >= 2 ** 63 ? '9223372036854775807' : BigInt(bound).toString();
}

/** Go's words for a slice expression that leaves its string. */
function cut(text: string, from: number, to: number): string {
  const outside = (bounds: string): never => fail(`runtime error: slice bounds out of range ${bounds}`);
  if (to < 0) return outside(`[:${shownBound(to)}]`);
  if (to > text.length) return outside(`[:${shownBound(to)}] with length ${text.length}`);
  if (from > to) return outside(`[${shownBound(from)}:${to}]`);
  return text.slice(from, to);
}

function substr(start: number, end: number, text: string): string {
  if (start < 0) return cut(text, 0, end);
  return cut(text, start, end < 0 || end > text.length ? text.length : end);
}

function trunc(count: number, text: string): string {
  if (count < 0) return text.length + count > 0 ? text.slice(count) : text;
  return text.slice(0, count);
}

/** Shortens to `width` bytes with dots; `offset` may come into the middle, with dots at both ends. */
function abbreviate(text: string, offset: number, width: number): string {
  if (text.length <= width) return text;
  let from = Math.min(offset, text.length);
  if (text.length - from < width - 3) from = text.length - (width - 3);
  if (from <= 4) return `${text.slice(0, width - 3)}...`;
  if (width < 7) return '';
  if (from + width - 3 < text.length) return `...${abbreviate(text.slice(from), 0, width - 3)}`;
  return `...${text.slice(text.length - (width - 3))}`;
}

function abbrevBoth(left: number, right: number, text: string): string {
  return right < 4 || (left > 0 && right < 7) ? text : abbreviate(text, left, right);
}

/** Breaks lines at spaces; words that are too long are cut. */
function wrap(text: string, width: number, separator: string, cutLongWords: boolean): string {
  const lineLength = Math.max(width, 1);
  const newline = separator === '' ? '\n' : separator;
  let out = '';
  let offset = 0;
  while (text.length - offset > lineLength) {
    if (text.charAt(offset) === ' ') {
      offset++;
      continue;
    }
    const space = text.lastIndexOf(' ', offset + lineLength);
    if (space >= offset) {
      out += text.slice(offset, space) + newline;
      offset = space + 1;
    } else if (cutLongWords) {
      out += text.slice(offset, offset + lineLength) + newline;
      offset += lineLength;
    } else {
      const next = text.indexOf(' ', offset + lineLength);
      if (next < 0) {
        out += text.slice(offset);
        offset = text.length;
      } else {
        out += text.slice(offset, next) + newline;
        offset = next + 1;
      }
    }
  }
  return out + text.slice(offset);
}

/** strings.Trim: runes of the cutset go from both ends. */
function trimSet(text: string, cutset: string): string {
  const runes = new Set(runesOf(cutset));
  const cutRune = (rune: number): boolean => runes.has(rune);
  return trimRight(trimLeft(text, cutRune), cutRune);
}

/** strings.SplitN; an empty separator splits after each rune. */
function splitText(text: string, separator: string, limit = -1): string[] {
  if (limit === 0) return [];
  if (separator === '') {
    const parts: string[] = [];
    for (let i = 0; i < text.length; ) {
      if (parts.length === limit - 1) {
        parts.push(text.slice(i));
        break;
      }
      const { size } = decodeRune(text, i);
      parts.push(text.slice(i, i + size));
      i += size;
    }
    return parts;
  }
  if (limit < 0) return text.split(separator);
  const parts: string[] = [];
  let from = 0;
  while (parts.length < limit - 1) {
    const at = text.indexOf(separator, from);
    if (at < 0) break;
    parts.push(text.slice(from, at));
    from = at + separator.length;
  }
  parts.push(text.slice(from));
  return parts;
}

/** strings.ReplaceAll; an empty `old` matches before each rune and at the end. */
function replaceAll(text: string, old: string, replacement: string, context: CallContext): string {
  const parts = old === '' ? ['', ...splitText(text, ''), ''] : text.split(old);
  context.budget.write(text.length + replacement.length * (parts.length - 1));
  if (old !== '') return parts.join(replacement);
  return text === '' ? replacement : replacement + splitText(text, '').join(replacement) + replacement;
}

function numbered(parts: readonly string[]): GoMap {
  return new GoMap(new Map(parts.map((part, i) => [`_${i}`, part])), STRING_MAP);
}

function present(values: readonly GoValue[]): GoValue[] {
  return values.filter((value) => value !== null && value !== undefined);
}

function sortAlpha(value: GoValue): GoValue {
  if (itemsOf(value) === undefined) return stringList([strval(value ?? null)]);
  const texts = strslice(value);
  // In place, as the original: a []string that was given is sorted itself.
  texts.items.sort((a, b) => ((a as string) < (b as string) ? -1 : a === b ? 0 : 1));
  return texts;
}

/** Text. */
export const STRING_FUNCTIONS: FunctionGroup = {
  hello: fn([], () => 'Hello!'),
  abbrev: fn([int, str], (width, text) => (width < 4 ? text : abbreviate(text, 0, width))),
  abbrevboth: fn([int, int, str], abbrevBoth),
  trunc: fn([int, str], trunc),
  trim: fn([str], (text) => trimSpace(text)),
  upper: fn([str], (text) => upperCase(text)),
  lower: fn([str], (text) => lowerCase(text)),
  title: fn([str], (text) => titleCase(text)),
  untitle: fn([str], (text) => untitle(text)),
  substr: fn([int, int, str], substr),
  repeat: fn([int, str], repeat),
  trimall: fn([str, str], (cutset, text) => trimSet(text, cutset)),
  trimAll: fn([str, str], (cutset, text) => trimSet(text, cutset)),
  trimSuffix: fn([str, str], (suffix, text) =>
    suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text,
  ),
  trimPrefix: fn([str, str], (prefix, text) => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
  nospace: fn([str], (text) => withoutSpace(text)),
  initials: fn([str], (text) => initials(text)),
  swapcase: fn([str], (text) => swapCase(text)),
  snakecase: fn([str], (text) => lowerWords(text, '_')),
  camelcase: fn([str], (text) => pascalCase(text)),
  kebabcase: fn([str], (text) => lowerWords(text, '-')),
  wrap: fn([int, str], (width, text) => wrap(text, width, '', false)),
  wrapWith: fn([int, str, str], (width, separator, text, context) => {
    context.budget.write(text.length + separator.length * Math.ceil(text.length / Math.max(width, 1)));
    return wrap(text, width, separator, true);
  }),
  contains: fn([str, str], (part, text) => text.includes(part)),
  hasPrefix: fn([str, str], (prefix, text) => text.startsWith(prefix)),
  hasSuffix: fn([str, str], (suffix, text) => text.endsWith(suffix)),
  quote: variadic([], any, (values) =>
    present(values)
      .map((value) => quote(strval(value)))
      .join(' '),
  ),
  squote: variadic([], any, (values) =>
    present(values)
      .map((value) => `'${textOf(value)}'`)
      .join(' '),
  ),
  cat: variadic([], any, (values) =>
    present(values)
      .map((value) => textOf(value))
      .join(' '),
  ),
  indent: fn([int, str], indent),
  nindent: fn([int, str], (spaces, text, context) => `\n${indent(spaces, text, context)}`),
  replace: fn([str, str, str], (old, replacement, text, context) => replaceAll(text, old, replacement, context)),
  plural: fn([str, str, int], (one, many, count) => (count === 1 ? one : many)),
  toString: fn([any], (value) => strval(value)),
  toStrings: fn([any], (value) => strslice(value)),
  join: fn([str, any], (separator, value, context) => {
    const texts = stringsOf(strslice(value));
    context.budget.write(texts.reduce((sum, text) => sum + text.length + separator.length, 0));
    return texts.join(separator);
  }),
  sortAlpha: fn([any], sortAlpha),
  split: fn([str, str], (separator, text) => numbered(splitText(text, separator))),
  splitList: fn([str, str], (separator, text) => stringList(splitText(text, separator))),
  splitn: fn([str, int, str], (separator, limit, text) => numbered(splitText(text, separator, limit))),
};
