import { compare, isTrue } from './lua-operators.ts';
import { formatDate, readDateTable } from './lua-dates.ts';
import { numberArgument, stringLibrary, textArgument } from './lua-strings.ts';
import {
  isFunction,
  type LuaBudget,
  LuaError,
  LuaLimitError,
  LuaTable,
  type LuaValue,
  toNumber,
  toText,
  typeName,
} from './lua-values.ts';

type Native = (args: readonly LuaValue[]) => readonly LuaValue[];

/** The globals of a script: base functions, string, table, math, os.time and os.date; no files, no code from texts, no randomness. */
export function luaGlobals(
  budget: LuaBudget,
  nowMs: number,
): { readonly globals: LuaTable; readonly strings: LuaTable } {
  const globals = new LuaTable();
  const strings = library(stringLibrary(budget));
  const libraries: Readonly<Record<string, LuaTable>> = {
    string: strings,
    table: library(tableLibrary(budget)),
    math: mathLibrary(),
    os: library(osLibrary(budget, nowMs)),
  };
  for (const [name, run] of Object.entries(baseLibrary(budget))) globals.set(name, { call: run });
  for (const [name, table] of Object.entries(libraries)) globals.set(name, table);
  globals.set('require', {
    call: (args) => {
      const name = textArgument(args, 0);
      if (!Object.hasOwn(libraries, name)) throw new LuaError(`module '${name}' not found`);
      return [libraries[name]];
    },
  });
  globals.set('_G', globals);
  globals.set('_VERSION', 'Lua 5.1');
  return { globals, strings };
}

function library(functions: Readonly<Record<string, Native>>): LuaTable {
  const table = new LuaTable();
  for (const [name, call] of Object.entries(functions)) table.set(name, { call });
  return table;
}

function tableArgument(args: readonly LuaValue[], index: number): LuaTable {
  const value = args[index];
  if (value instanceof LuaTable) return value;
  throw new LuaError(`bad argument #${index + 1} (table expected, got ${typeName(value)})`);
}

function baseLibrary(budget: LuaBudget): Readonly<Record<string, Native>> {
  const ipairsNext: LuaValue = {
    call: ([table, index]) => {
      const next = (toNumber(index) ?? 0) + 1;
      const value = table instanceof LuaTable ? table.get(next) : undefined;
      return value === undefined ? [undefined] : [next, value];
    },
  };
  return {
    type: (args) => [typeName(args[0])],
    tostring: (args) => [toText(args[0])],
    tonumber: (args) => [parseNumber(args)],
    print: () => [],
    assert: (args) => {
      if (!isTrue(args[0])) throw new LuaError(args[1] ?? 'assertion failed!');
      return args;
    },
    error: (args) => {
      throw new LuaError(args[0]);
    },
    pcall: (args) => protect(args[0], args.slice(1)),
    ipairs: (args) => [ipairsNext, tableArgument(args, 0), 0],
    pairs: (args) => {
      const entries = tableArgument(args, 0).entries();
      budget.steps(entries.length);
      const table = tableArgument(args, 0);
      let index = 0;
      const next: Native = () => {
        while (index < entries.length) {
          const key = entries[index++]?.[0];
          const value = table.get(key);
          if (value !== undefined) return [key, value];
        }
        return [undefined];
      };
      return [{ call: next }, table, undefined];
    },
    next: (args) => {
      const entries = tableArgument(args, 0).entries();
      budget.steps(entries.length);
      const at = args[1] === undefined ? -1 : entries.findIndex(([key]) => key === args[1]);
      return entries[at + 1] ?? [undefined];
    },
    select: (args) => {
      if (args[0] === '#') return [args.length - 1];
      const from = numberArgument(args, 0);
      return args.slice(from < 0 ? Math.max(1, args.length + from) : from);
    },
    unpack: (args) => unpack(args, budget),
    rawget: (args) => [tableArgument(args, 0).get(args[1])],
    rawset: (args) => {
      tableArgument(args, 0).set(args[1], args[2]);
      return [args[0]];
    },
    rawequal: (args) => [args[0] === args[1]],
  };
}

function protect(run: LuaValue, args: readonly LuaValue[]): readonly LuaValue[] {
  try {
    if (!isFunction(run)) throw new LuaError(`attempt to call a ${typeName(run)} value`);
    return [true, ...run.call(args)];
  } catch (error) {
    if (error instanceof LuaError) return [false, error.value];
    throw error instanceof Error ? error : new LuaLimitError('the script failed');
  }
}

function parseNumber(args: readonly LuaValue[]): number | undefined {
  const base = numberArgument(args, 1, 10);
  if (base === 10) return toNumber(args[0]);
  const digits = toText(args[0]).trim().toLowerCase();
  if (!/^[0-9a-z]{1,40}$/.test(digits) || base < 2 || base > 36) return undefined;
  const value = Number.parseInt(digits, base);
  return Number.isNaN(value) ? undefined : value;
}

function unpack(args: readonly LuaValue[], budget: LuaBudget): readonly LuaValue[] {
  const table = tableArgument(args, 0);
  const from = numberArgument(args, 1, 1);
  const to = numberArgument(args, 2, table.length);
  budget.steps(Math.max(0, to - from + 1));
  const values: LuaValue[] = [];
  for (let index = from; index <= to; index++) values.push(table.get(index));
  return values;
}

function tableLibrary(budget: LuaBudget): Readonly<Record<string, Native>> {
  return {
    getn: (args) => [tableArgument(args, 0).length],
    maxn: (args) => [
      Math.max(
        0,
        ...tableArgument(args, 0)
          .entries()
          .slice(0, 10_000)
          .map(([key]) => (typeof key === 'number' ? key : 0)),
      ),
    ],
    insert: (args) => {
      const table = tableArgument(args, 0);
      if (args.length < 3) {
        table.set(table.length + 1, args[1]);
        return [];
      }
      const at = numberArgument(args, 1);
      budget.steps(Math.max(0, table.length - at));
      for (let index = table.length; index >= at; index--) table.set(index + 1, table.get(index));
      table.set(at, args[2]);
      return [];
    },
    remove: (args) => {
      const table = tableArgument(args, 0);
      const { length } = table;
      const at = numberArgument(args, 1, length);
      if (length === 0 || at < 1 || at > length) return [undefined];
      budget.steps(length - at);
      const removed = table.get(at);
      for (let index = at; index < length; index++) table.set(index, table.get(index + 1));
      table.set(length, undefined);
      return [removed];
    },
    concat: (args) => {
      const table = tableArgument(args, 0);
      const separator = args[1] === undefined ? '' : textArgument(args, 1);
      const [from, to] = [numberArgument(args, 2, 1), numberArgument(args, 3, table.length)];
      const parts: string[] = [];
      for (let index = from; index <= to; index++) {
        budget.step();
        const value = table.get(index);
        if (typeof value !== 'string' && typeof value !== 'number')
          throw new LuaError(`invalid value (${typeName(value)}) at index ${index} in table for 'concat'`);
        const part = toText(value);
        budget.allocate((part.length + separator.length) * 2);
        parts.push(part);
      }
      return [parts.join(separator)];
    },
    sort: (args) => {
      const table = tableArgument(args, 0);
      const by = args[1];
      const order = (a: LuaValue, b: LuaValue): number => {
        budget.step();
        if (!isFunction(by)) return compare(a, b, 0);
        return isTrue(by.call([a, b])[0]) ? -1 : isTrue(by.call([b, a])[0]) ? 1 : 0;
      };
      const sorted = [...table.list].sort(order);
      for (const [index, value] of sorted.entries()) table.set(index + 1, value);
      return [];
    },
    unpack: (args) => unpack(args, budget),
  };
}

function mathLibrary(): LuaTable {
  const one =
    (run: (value: number) => number): Native =>
    (args) => [run(numberArgument(args, 0))];
  const all =
    (run: (...values: number[]) => number): Native =>
    (args) => [run(...args.slice(0, 1000).map((_, index) => numberArgument(args, index)))];
  const table = library({
    abs: one(Math.abs),
    ceil: one(Math.ceil),
    floor: one(Math.floor),
    sqrt: one(Math.sqrt),
    exp: one(Math.exp),
    log: one(Math.log),
    log10: one(Math.log10),
    sin: one(Math.sin),
    cos: one(Math.cos),
    tan: one(Math.tan),
    max: all(Math.max),
    min: all(Math.min),
    pow: (args) => [numberArgument(args, 0) ** numberArgument(args, 1)],
    fmod: (args) => [numberArgument(args, 0) % numberArgument(args, 1)],
    modf: (args) => {
      const value = numberArgument(args, 0);
      return [Math.trunc(value), value - Math.trunc(value)];
    },
  });
  table.set('pi', Math.PI);
  table.set('huge', Number.POSITIVE_INFINITY);
  return table;
}

/** Time is the `now` of the verdict, and the zone is UTC: the same input gives the same answer everywhere. */
function osLibrary(budget: LuaBudget, nowMs: number): Readonly<Record<string, Native>> {
  const now = Math.floor(nowMs / 1000);
  return {
    time: (args) => [args[0] === undefined ? now : readDateTable(tableArgument(args, 0))],
    date: (args) => [
      formatDate(args[0] === undefined ? '%c' : textArgument(args, 0), numberArgument(args, 1, now), budget),
    ],
    difftime: (args) => [numberArgument(args, 0) - numberArgument(args, 1, 0)],
    getenv: () => [undefined],
  };
}
