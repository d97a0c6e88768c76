import { isJsonObject, type Json } from '../../core/json.ts';

/** A value of Lua 5.1; nil is undefined, and every number is a double. */
export type LuaValue = undefined | boolean | number | string | LuaTable | LuaFunction;

export interface LuaFunction {
  readonly call: (args: readonly LuaValue[]) => readonly LuaValue[];
}

/** An error that a script raised or ran into; `value` is what `error` was called with. */
export class LuaError extends Error {
  override readonly name = 'LuaError';
  readonly value: LuaValue;

  constructor(value: LuaValue) {
    super(typeof value === 'string' ? value : 'a script error');
    this.value = value;
  }
}

/** A script used up its steps or its memory: no `pcall` catches this. */
export class LuaLimitError extends Error {
  override readonly name = 'LuaLimitError';
}

/** What a script may use. Memory counts everything it ever made, not only what it still holds. */
export class LuaBudget {
  #steps: number;
  #bytes: number;

  constructor(steps: number, bytes: number) {
    this.#steps = steps;
    this.#bytes = bytes;
  }

  step(): void {
    if (--this.#steps < 0) throw new LuaLimitError('the script takes too many steps');
  }

  steps(count: number): void {
    this.#steps -= count;
    if (this.#steps < 0) throw new LuaLimitError('the script takes too many steps');
  }

  allocate(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes < 0) throw new LuaLimitError('the script uses too much memory');
  }
}

const ENTRY_BYTES = 64;

/** A table: a list part for the keys 1…n, and a map for everything else, in the order of insertion. */
export class LuaTable {
  readonly list: LuaValue[] = [];
  readonly map = new Map<LuaValue, LuaValue>();
  readonly #budget: LuaBudget | undefined;

  constructor(budget?: LuaBudget) {
    this.#budget = budget;
  }

  get(key: LuaValue): LuaValue {
    if (typeof key === 'number' && key >= 1 && key <= this.list.length && Number.isInteger(key))
      return this.list[key - 1];
    return this.map.get(key);
  }

  set(key: LuaValue, value: LuaValue): void {
    if (key === undefined) throw new LuaError('table index is nil');
    if (typeof key === 'number') {
      if (Number.isNaN(key)) throw new LuaError('table index is NaN');
      if (this.#setNumber(key, value)) return;
    }
    if (value === undefined) this.map.delete(key);
    else {
      if (!this.map.has(key)) this.#budget?.allocate(ENTRY_BYTES);
      this.map.set(key, value);
    }
  }

  #setNumber(key: number, value: LuaValue): boolean {
    const { length } = this.list;
    if (!Number.isInteger(key) || key < 1 || key > length + 1) return false;
    if (key <= length) {
      if (value === undefined && key === length) {
        this.list.pop();
        while (this.list.length > 0 && this.list.at(-1) === undefined) this.list.pop();
      } else this.list[key - 1] = value;
      return true;
    }
    if (value === undefined) return false;
    this.#budget?.allocate(ENTRY_BYTES);
    this.map.delete(key);
    this.list.push(value);
    for (let next = key + 1; this.map.size > 0 && this.map.has(next); next++) {
      this.list.push(this.map.get(next));
      this.map.delete(next);
    }
    return true;
  }

  /** A border, as `#` gives it. */
  get length(): number {
    return this.list.length;
  }

  /** All pairs whose value is not nil. */
  entries(): readonly (readonly [LuaValue, LuaValue])[] {
    const found: (readonly [LuaValue, LuaValue])[] = [];
    for (const [index, value] of this.list.entries()) if (value !== undefined) found.push([index + 1, value]);
    for (const pair of this.map) found.push(pair);
    return found;
  }
}

export function isFunction(value: LuaValue): value is LuaFunction {
  return typeof value === 'object' && !(value instanceof LuaTable);
}

export function typeName(value: LuaValue): string {
  if (value === undefined) return 'nil';
  if (value instanceof LuaTable) return 'table';
  return typeof value === 'object' ? 'function' : typeof value;
}

/** `%.14g`, as Lua 5.1 prints numbers. */
function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return Object.is(value, -0) ? '-0' : String(value);
  return formatGeneral(value, 14);
}

/** `%.<digits>g` of C. */
export function formatGeneral(value: number, digits: number): string {
  const precision = Math.min(100, Math.max(1, digits));
  const [mantissa = '0', exponent = '+0'] = value.toExponential(precision - 1).split('e');
  const power = Number(exponent);
  const trim = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  if (power < -4 || power >= precision)
    return `${trim(mantissa)}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  return trim(value.toFixed(Math.max(0, precision - 1 - power)));
}

export function toText(value: LuaValue): string {
  if (value === undefined) return 'nil';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return value instanceof LuaTable ? 'table: 0x01' : 'function: 0x01';
}

/** A number, or the text of one, as arithmetic and `tonumber` read it. */
export function toNumber(value: LuaValue): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^[+-]?0[xX][0-9a-fA-F]{1,14}$/.test(text))
    return Number(text.replace(/^[+-]/, '')) * (text.startsWith('-') ? -1 : 1);
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}

const JSON_DEPTH = 100;

/** JSON as a script sees it: null is nil, a list is a table with the keys 1…n. */
export function fromJson(value: Json | undefined, budget: LuaBudget, depth: number = 0): LuaValue {
  if (value === null || value === undefined || depth > JSON_DEPTH) return undefined;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object') return value;
  budget.step();
  const table = new LuaTable(budget);
  if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly Json[]).entries())
      table.set(index + 1, fromJson(item, budget, depth + 1));
  } else if (isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) table.set(key, fromJson(item, budget, depth + 1));
  }
  return table;
}
