import { LRUCache } from 'lru-cache';
import { RE2JS, RE2JSSyntaxException } from 're2js';
import { decodeRune, fromBytes, isValidUtf8, toBytes } from '../gotemplate/byte-string.ts';
import { GoError } from '../gotemplate/errors.ts';
import type { CallContext } from '../gotemplate/function.ts';
import { canBackquote, quote } from '../gotemplate/quote.ts';
import { STRINGS } from '../gotemplate/types.ts';
import { GoSlice } from '../gotemplate/values.ts';
import { fn, type FunctionGroup, int, str } from './define.ts';
import { stringList } from './strval.ts';

/** Regular expressions of RE2: time linear in the text. Patterns and texts are byte strings outside, ordinary text inside. */

interface Match {
  readonly start: number;
  readonly end: number;
  group(name: number | string): string;
}

const compiled = new LRUCache<string, RE2JS>({ max: 2_000 });

/** The rest of a byte string from its first byte that is not UTF-8. */
function fromFirstInvalid(bytes: string): string {
  let at = 0;
  for (;;) {
    const { rune, size } = decodeRune(bytes, at);
    if (size === 0 || (rune === 0xfffd && size === 1)) return bytes.slice(at);
    at += size;
  }
}

const DUPLICATE = /^error parsing regexp: duplicate capture group name: `(.*)`$/s;
const MOST_DUPLICATES = 32;

/** Go takes one name for several groups, the library does not: the later ones lose it. @throws RE2JSSyntaxException */
function compileText(text: string, duplicates = 0): RE2JS {
  try {
    return RE2JS.compile(text);
  } catch (thrown) {
    const name = thrown instanceof RE2JSSyntaxException ? DUPLICATE.exec(thrown.message)?.[1] : undefined;
    if (name === undefined || duplicates >= MOST_DUPLICATES) throw thrown;
    const last = Math.max(text.lastIndexOf(`(?P<${name}>`), text.lastIndexOf(`(?<${name}>`));
    if (last < 0) throw thrown;
    return compileText(text.slice(0, last + 1) + text.slice(text.indexOf('>', last) + 1), duplicates + 1);
  }
}

/** @throws GoError as regexp.Compile words it */
function compile(pattern: string): RE2JS {
  let regexp = compiled.get(pattern);
  if (regexp === undefined) {
    if (!isValidUtf8(pattern))
      throw new GoError(`error parsing regexp: invalid UTF-8: \`${fromFirstInvalid(pattern)}\``);
    try {
      regexp = compileText(fromBytes(pattern));
    } catch (thrown) {
      if (thrown instanceof RE2JSSyntaxException) throw new GoError(toBytes(thrown.message));
      throw thrown;
    }
    compiled.set(pattern, regexp);
  }
  return regexp;
}

/** @throws GoError as the panic of regexp.MustCompile words it */
function mustCompile(pattern: string): RE2JS {
  try {
    return compile(pattern);
  } catch (thrown) {
    if (!(thrown instanceof GoError)) throw thrown;
    const shown = canBackquote(pattern) ? `\`${pattern}\`` : quote(pattern);
    throw new GoError(`regexp: Compile(${shown}): ${thrown.bytes}`, thrown);
  }
}

/** Steps that a text costs: the engine visits each character for each live state. */
const CHARACTERS_PER_STEP = 16;

/** All matches that do not overlap; an empty one right after another does not count. */
function* matchesOf(regexp: RE2JS, text: string, limit: number, context: CallContext): Generator<Match> {
  context.budget.step(1 + Math.ceil(text.length / CHARACTERS_PER_STEP));
  const matcher = regexp.matcher(text);
  const groups = regexp.groupCount();
  const names = regexp.namedGroups();
  let position = 0;
  let previousEnd = -1;
  for (let count = 0; (limit < 0 || count < limit) && position <= text.length; ) {
    context.budget.step();
    if (!matcher.find(position)) return;
    const start = matcher.start();
    const end = matcher.end();
    let accept = true;
    if (end === position) {
      accept = start !== previousEnd;
      position += (text.codePointAt(position) ?? 0) > 0xffff ? 2 : 1;
    } else position = end;
    previousEnd = end;
    if (!accept) continue;
    count++;
    yield {
      start,
      end,
      group: (name) => {
        if (typeof name === 'string' && !Object.hasOwn(names, name)) return '';
        if (typeof name === 'number' && name > groups) return '';
        return matcher.group(name) ?? '';
      },
    };
  }
}

function findAll(regexp: RE2JS, bytes: string, limit: number, context: CallContext): GoSlice {
  const text = fromBytes(bytes);
  const found: string[] = [];
  for (const { start, end } of matchesOf(regexp, text, limit, context)) found.push(toBytes(text.slice(start, end)));
  return found.length === 0 ? new GoSlice([], STRINGS, { isNil: true }) : stringList(found);
}

function find(regexp: RE2JS, bytes: string, context: CallContext): string {
  const text = fromBytes(bytes);
  for (const { start, end } of matchesOf(regexp, text, 1, context)) return toBytes(text.slice(start, end));
  return '';
}

function isMatch(regexp: RE2JS, bytes: string, context: CallContext): boolean {
  context.budget.step(1 + Math.ceil(bytes.length / CHARACTERS_PER_STEP));
  return regexp.test(fromBytes(bytes));
}

/** `$1`, `${name}` and `$$` in a replacement; a name is as long as it can be. */
function expand(template: string, match: Match): string {
  return template.replace(
    /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu,
    (whole, braced?: string, bare?: string) => {
      if (whole === '$$') return '$';
      const name = braced ?? bare ?? '';
      return match.group(/^[0-9]{1,9}$/.test(name) && (name === '0' || !name.startsWith('0')) ? Number(name) : name);
    },
  );
}

/**
 * Replaces all matches. Other than in findAll an empty match counts wherever it is not right behind the match before, and the
 * search goes on inside the text by one character.
 */
function replaceAll(regexp: RE2JS, bytes: string, replacement: (match: Match) => string, context: CallContext): string {
  const text = fromBytes(bytes);
  let out = '';
  let last = 0;
  for (const match of matchesOf(regexp, text, -1, context)) {
    const inserted = replacement(match);
    context.budget.write(inserted.length);
    out += text.slice(last, match.start) + inserted;
    last = match.end;
  }
  return last === 0 && out === '' ? bytes : toBytes(out + text.slice(last));
}

function split(pattern: string, regexp: RE2JS, bytes: string, limit: number, context: CallContext): GoSlice {
  if (limit === 0) return new GoSlice([], STRINGS, { isNil: true });
  if (pattern !== '' && bytes === '') return stringList(['']);
  const text = fromBytes(bytes);
  const parts: string[] = [];
  let from = 0;
  let end = 0;
  for (const match of matchesOf(regexp, text, limit, context)) {
    if (limit > 0 && parts.length === limit - 1) break;
    end = match.start;
    if (match.end !== 0) parts.push(toBytes(text.slice(from, end)));
    from = match.end;
  }
  if (end !== text.length) parts.push(toBytes(text.slice(from)));
  return stringList(parts);
}

function quoteMeta(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

function matchOrFalse(pattern: string, text: string, context: CallContext): boolean {
  try {
    return isMatch(compile(pattern), text, context);
  } catch (thrown) {
    if (thrown instanceof GoError) return false;
    throw thrown;
  }
}

type Compile = typeof compile;

function group(
  prepare: Compile,
): readonly [
  FunctionGroup[string],
  FunctionGroup[string],
  FunctionGroup[string],
  FunctionGroup[string],
  FunctionGroup[string],
] {
  return [
    fn([str, str, int], (pattern, text, limit, context) => findAll(prepare(pattern), text, limit, context)),
    fn([str, str], (pattern, text, context) => find(prepare(pattern), text, context)),
    fn([str, str, str], (pattern, text, replacement, context) => {
      const template = fromBytes(replacement);
      return replaceAll(prepare(pattern), text, (match) => expand(template, match), context);
    }),
    fn([str, str, str], (pattern, text, replacement, context) => {
      const literal = fromBytes(replacement);
      return replaceAll(prepare(pattern), text, () => literal, context);
    }),
    fn([str, str, int], (pattern, text, limit, context) => split(pattern, prepare(pattern), text, limit, context)),
  ];
}

const [regexFindAll, regexFind, regexReplaceAll, regexReplaceAllLiteral, regexSplit] = group(mustCompile);
const [mustRegexFindAll, mustRegexFind, mustRegexReplaceAll, mustRegexReplaceAllLiteral, mustRegexSplit] =
  group(compile);

export const REGEXP_FUNCTIONS: FunctionGroup = {
  regexMatch: fn([str, str], matchOrFalse),
  mustRegexMatch: fn([str, str], (pattern, text, context) => isMatch(compile(pattern), text, context)),
  regexFindAll,
  mustRegexFindAll,
  regexFind,
  mustRegexFind,
  regexReplaceAll,
  mustRegexReplaceAll,
  regexReplaceAllLiteral,
  mustRegexReplaceAllLiteral,
  regexSplit,
  mustRegexSplit,
  regexQuoteMeta: fn([str], (text) => quoteMeta(text)),
};
