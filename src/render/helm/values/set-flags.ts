import { readJsonPrefix } from './json-prefix.ts';
import { SetProblem, SetReader } from './set-reader.ts';
import { hasKey, isTable, newTable, type Table, type Value } from './value.ts';

/** How the text after `=` becomes a value. */
export type SetForm =
  /** `--set`: true, false, null, whole numbers; everything else is a string. `{a,b}` is a list. */
  | { readonly kind: 'typed' }
  /** `--set-string`: every scalar is a string. */
  | { readonly kind: 'string' }
  /** `--set-json`: JSON after `=`. */
  | { readonly kind: 'json' }
  /** `--set-literal`: one key, everything after `=` is the string. */
  | { readonly kind: 'literal' }
  /** `--set-file`: the text of the file that the value names. */
  | { readonly kind: 'file'; readonly read: (path: string) => string };

/** Helm's limits: list positions and steps of a key. */
const MAX_INDEX = 65_536;
const MAX_KEY_STEPS = 30;
/** Lists inside lists are ours to bound; Helm has no limit. */
const MAX_LIST_STEPS = 64;

/**
 * Writes `key=value,…` into `values`: keys with `.` between steps and `[n]` for list items, `\` before a character that would
 * mean something. Rules and limits are those of Helm's `--set` family.
 * @throws SetProblem
 */
export function applySet(text: string, values: Table, form: SetForm): void {
  const parser = new SetParser(text, form);
  try {
    while (true) parser.readKey(values, 0);
  } catch (thrown) {
    if (!(thrown instanceof SetProblem && thrown.atEnd)) throw thrown;
  }
}

class SetParser {
  readonly #reader: SetReader;
  readonly #form: SetForm;

  constructor(text: string, form: SetForm) {
    this.#reader = new SetReader(text, form.kind !== 'literal');
    this.#form = form;
  }

  /** Reads one `key=value` into `table`. Throws {@link SetProblem} `atEnd` when the text is over. */
  readKey(table: Table, steps: number): void {
    const { text: key, stop } = this.#reader.until(this.#form.kind === 'literal' ? '=[.' : '=[,.');
    if (stop === undefined) {
      if (key === '') throw new SetProblem('unexpected end', { atEnd: true });
      throw new SetProblem(`key ${JSON.stringify(key)} has no value`);
    }
    if (stop === '[') this.#readListKey(table, key, steps);
    else if (stop === '.') this.#readTableKey(table, key, steps + 1);
    else if (stop === '=') this.#readValue((value) => assign(table, key, value));
    else {
      assign(table, key, '');
      throw new SetProblem(`key ${JSON.stringify(key)} has no value (cannot end with ,)`);
    }
  }

  #readListKey(table: Table, key: string, steps: number): void {
    const index = this.#readIndex();
    const existing = hasKey(table, key) ? table[key] : [];
    if (!Array.isArray(existing)) throw wrongKind(key, existing, 'a list');
    const list = [...existing];
    try {
      this.#readItem(list, index, steps, 1);
    } finally {
      assign(table, key, list);
    }
  }

  #readTableKey(table: Table, key: string, steps: number): void {
    if (steps > MAX_KEY_STEPS) {
      throw new SetProblem(
        `value name nested level is greater than maximum supported nested level of ${MAX_KEY_STEPS}`,
      );
    }
    const inner = hasKey(table, key) ? table[key] : newTable();
    if (!isTable(inner)) throw wrongKind(key, inner, 'a table');
    try {
      this.readKey(inner, steps);
      if (Object.keys(inner).length === 0) throw new SetProblem(`key map ${JSON.stringify(key)} has no value`);
    } finally {
      if (Object.keys(inner).length > 0) assign(table, key, inner);
    }
  }

  #readIndex(): number {
    const { text, stop } = this.#reader.until(']');
    if (stop === undefined) throw new SetProblem('error parsing index: unexpected end', { atEnd: true });
    if (!/^[+-]?\d{1,18}$/.test(text)) {
      throw new SetProblem(`error parsing index: ${JSON.stringify(text)} is not a whole number`);
    }
    return Number(text);
  }

  /** What follows `[index]`; writes into `list`. */
  #readItem(list: Value[], index: number, steps: number, listSteps: number): void {
    if (index < 0) throw new SetProblem(`negative ${index} index not allowed`);
    const { text, stop } = this.#reader.until('[.=');
    if (text !== '') throw new SetProblem(`unexpected data at end of array index: ${JSON.stringify(text)}`);
    if (stop === undefined) throw new SetProblem('unexpected end', { atEnd: true });
    if (stop === '=') {
      this.#readItemValue(list, index);
    } else if (stop === '[') {
      if (listSteps >= MAX_LIST_STEPS) throw new SetProblem(`lists nest more than ${MAX_LIST_STEPS} levels deep`);
      const next = this.#readIndex();
      const existing = list[index] ?? [];
      if (!Array.isArray(existing)) throw wrongKind(`[${index}]`, existing, 'a list');
      const inner = [...existing];
      this.#readItem(inner, next, steps, listSteps + 1);
      setItem(list, index, inner);
    } else {
      const existing = list[index];
      const inner = isTable(existing) ? existing : newTable();
      if (index < list.length) list[index] = inner;
      this.readKey(inner, steps);
      setItem(list, index, inner);
    }
  }

  /** In a list, the end of the text after `=` is an empty string and no end of the whole. */
  #readItemValue(list: Value[], index: number): void {
    try {
      this.#readValue((value) => setItem(list, index, value));
    } catch (thrown) {
      if (!(thrown instanceof SetProblem && thrown.atEnd)) throw thrown;
    }
  }

  #readValue(write: (value: Value) => void): void {
    const form = this.#form;
    if (form.kind === 'literal') return write(this.#reader.until('').text);
    if (form.kind === 'json') return this.#readJson(write);
    if (this.#reader.isAtEnd) {
      write('');
      throw new SetProblem('unexpected end', { atEnd: true });
    }
    if (this.#reader.take('{')) return write(this.#readBraces());
    write(this.#convert(this.#reader.until(',').text));
  }

  #readJson(write: (value: Value) => void): void {
    if (this.#reader.skipToComma()) return write(null);
    const found = readJsonPrefix(this.#reader.rest());
    if (found === undefined) throw new SetProblem('not a JSON value');
    write(found.value);
    this.#reader.advance(found.text);
    this.#reader.skipToComma();
  }

  /** `{a,b}`, after its brace. */
  #readBraces(): Value[] {
    const items: Value[] = [];
    while (true) {
      const { text, stop } = this.#reader.until(',}');
      if (stop === undefined) throw new SetProblem("list must terminate with '}'");
      items.push(this.#convert(text));
      if (stop === '}') break;
    }
    this.#reader.take(',');
    return items;
  }

  #convert(text: string): Value {
    if (this.#form.kind === 'file') return this.#form.read(text);
    return this.#form.kind === 'typed' ? typed(text) : text;
  }
}

function typed(text: string): Value {
  const lower = text.toLowerCase();
  if (lower === 'true') return true;
  if (lower === 'false') return false;
  if (lower === 'null') return null;
  if (text === '0') return 0n;
  if (text.startsWith('0') || !/^[+-]?\d{1,40}$/.test(text)) return text;
  const number = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return BigInt.asIntN(64, number) === number ? number : text;
}

/** An empty key is read and dropped. */
function assign(table: Table, key: string, value: Value): void {
  if (key !== '') table[key] = value;
}

function setItem(list: Value[], index: number, value: Value): void {
  if (index > MAX_INDEX) {
    throw new SetProblem(`index of ${index} is greater than maximum supported index of ${MAX_INDEX}`);
  }
  while (list.length < index) list.push(null);
  list[index] = value;
}

function wrongKind(key: string, value: Value | undefined, wanted: string): SetProblem {
  const is = value === null ? 'null' : Array.isArray(value) ? 'a list' : isTable(value) ? 'a table' : 'a scalar';
  return new SetProblem(`unable to parse key: ${JSON.stringify(key)} is ${is}, not ${wanted}`);
}
