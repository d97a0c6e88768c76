import type { Json } from '../json.ts';
import { BUILTIN_TYPES } from './builtin-types.ts';

/*
 * The notation of a line: `group.v1.Name`, `!` when the map is atomic, ` ~` when it is free form, then ` field:expression` each;
 * `field*` is required. In Go's terms `&` is a pointer (a zero value is kept), `#` has no omitempty (it is always written), `0` is left out
 * when it is zero although it is a struct. An expression is one letter for a scalar, `[e` an atomic list, `<>e` a set, `<key,key>e` a list by keys, `{e` a map
 * of e, `$n` the type of line n (base 36), `!` before a map or type: atomic, `-`: not, whatever the type says. `^key^` before the items of a list is its strategic merge key
 * (`^^`: the first key), `%` before an expression the strategy retainKeys. After it come `|A|B` (allowed values) and `=json` or `+` (the
 * default; `+` is an empty struct that is always there).
 */

export type ScalarCode = 's' | 'y' | 't' | 'm' | 'i' | 'l' | 'd' | 'b' | 'q' | 'x' | 'u' | 'w';

export type TypeExpression =
  | { readonly kind: 'scalar'; readonly code: ScalarCode }
  | { readonly kind: 'map'; readonly atomic: boolean; readonly items: TypeExpression }
  | {
      readonly kind: 'reference' /** Undefined: as the type says. */;
      readonly name: string;
      readonly atomic: boolean | undefined;
    }
  | {
      readonly kind: 'list';
      readonly listType: 'atomic' | 'set' | 'map';
      readonly keys: readonly string[];
      /** Absent: a strategic merge patch replaces it; '' : merges as a set. */
      readonly patchMergeKey: string | undefined;
      readonly items: TypeExpression;
    };

export interface TypeField {
  readonly name: string;
  readonly required: boolean;
  /** A zero value that was given is kept: Go has a pointer there. */
  readonly pointer: boolean;
  /** It is written even when it is zero or missing. */
  readonly always: boolean;
  /** A struct that is left out when there is nothing in it. */
  readonly omitZero: boolean;
  readonly type: TypeExpression;
  readonly retainKeys: boolean;
  /** The allowed values of a string; empty: any. */
  readonly values: readonly string[];
  readonly default: Json | undefined;
}

export interface TypeEntry {
  readonly name: string;
  readonly atomic: boolean;
  /** No declared fields: any key is allowed. */
  readonly free: boolean;
  readonly fields: readonly TypeField[];
}

let lines: readonly string[] | undefined;
let lineByName: Map<string, number> | undefined;
const entries = new Map<string, TypeEntry>();

function allLines(): readonly string[] {
  return (lines ??= BUILTIN_TYPES.trim().split('\n'));
}

function nameOfLine(line: string): string {
  const end = line.indexOf(' ');
  return (end < 0 ? line : line.slice(0, end)).replace('!', '');
}

/** One built-in type by name. */
export function builtinEntry(name: string): TypeEntry | undefined {
  const found = entries.get(name);
  if (found !== undefined) return found;
  lineByName ??= new Map(allLines().map((line, index) => [nameOfLine(line), index]));
  const index = lineByName.get(name);
  const line = index === undefined ? undefined : allLines()[index];
  if (line === undefined) return undefined;
  const entry = parseLine(line);
  entries.set(name, entry);
  return entry;
}

function parseLine(line: string): TypeEntry {
  const [head = '', ...rest] = line.split(' ');
  const free = rest[0] === '~';
  return {
    name: head.replace('!', ''),
    atomic: head.endsWith('!'),
    free,
    fields: (free ? rest.slice(1) : rest).map(parseField),
  };
}

function parseField(text: string): TypeField {
  const colon = text.indexOf(':');
  const [, name = '', flags = ''] = /^(.*?)([*&#0]*)$/.exec(text.slice(0, colon)) ?? [];
  let rest = text.slice(colon + 1);
  let initial: Json | undefined;
  const equals = rest.indexOf('=');
  if (equals >= 0) {
    initial = JSON.parse(rest.slice(equals + 1)) as Json;
    rest = rest.slice(0, equals);
  } else if (rest.endsWith('+')) {
    initial = {};
    rest = rest.slice(0, -1);
  }
  const [expression = '', ...values] = rest.split('|');
  const retainKeys = expression.startsWith('%');
  return {
    name,
    required: flags.includes('*'),
    pointer: flags.includes('&'),
    always: flags.includes('#'),
    omitZero: flags.includes('0'),
    type: parseExpression(retainKeys ? expression.slice(1) : expression),
    retainKeys,
    values,
    default: initial,
  };
}

function parseExpression(text: string): TypeExpression {
  const first = text.charAt(0);
  if (first === '!' || first === '-') {
    const inner = parseExpression(text.slice(1));
    return inner.kind === 'map' || inner.kind === 'reference' ? { ...inner, atomic: first === '!' } : inner;
  }
  if (first === '{') return { kind: 'map', atomic: false, items: parseExpression(text.slice(1)) };
  if (first === '$')
    return {
      kind: 'reference',
      name: nameOfLine(allLines()[Number.parseInt(text.slice(1), 36)] ?? ''),
      atomic: undefined,
    };
  if (first !== '[' && first !== '<') return { kind: 'scalar', code: first as ScalarCode };
  const end = first === '[' ? 0 : text.indexOf('>');
  const keys = first === '[' || end === 1 ? [] : text.slice(1, end).split(',');
  let rest = text.slice(end + 1);
  let patchMergeKey: string | undefined;
  if (rest.startsWith('^')) {
    const close = rest.indexOf('^', 1);
    patchMergeKey = close === 1 ? (keys[0] ?? '') : rest.slice(1, close);
    rest = rest.slice(close + 1);
  }
  return {
    kind: 'list',
    listType: first === '[' ? 'atomic' : keys.length === 0 ? 'set' : 'map',
    keys,
    patchMergeKey,
    items: parseExpression(rest),
  };
}
