import type { Budget } from '../gotemplate/budget.ts';
import { behaviourOf } from '../gotemplate/behaviour.ts';
import { GoError } from '../gotemplate/errors.ts';
import { formatFloat } from '../gotemplate/number-text.ts';
import { DURATION, durationText } from './durations.ts';
import { GoBytes, GoComplex, GoInt, GoMap, GoObject, GoSlice, type GoValue, itemsOf } from '../gotemplate/values.ts';
import { fail } from './define.ts';
import { tomlKey, tomlPath, tomlQuoted } from './toml-scan.ts';
import { isTime, formatTime, timeOf } from './go-time.ts';

/** BurntSushi's TOML encoder: plain keys before tables, two spaces a level, floats always with a point or an exponent. */

/** @throws GoError for what TOML cannot hold */
export function writeToml(value: GoValue, budget: Budget): string {
  if (value === null || value === undefined) return fail('reflect: call of reflect.Value.Type on zero Value');
  if (value instanceof GoComplex) return fail(`unsupported type for key '': ${value.type.name}`);
  const writer = new TomlWriter(budget);
  writer.encode([], value);
  return writer.out;
}

function isNothing(value: GoValue): boolean {
  if (value === null || value === undefined) return true;
  return (value instanceof GoMap || value instanceof GoSlice) && value.isNil;
}

/** A struct that writes itself as text (a time, a version) is no table. */
function isTable(value: GoValue): boolean {
  return value instanceof GoMap || (value instanceof GoObject && behaviourOf(value.type)?.stringer === undefined);
}

/** A list of tables, which is written as tables of its own. */
function isTableList(value: GoValue): value is GoSlice {
  if (!(value instanceof GoSlice) || value.isNil || value.items.length === 0) return false;
  if (value.items.some(isNothing)) throw new GoError('toml: cannot encode array with nil element');
  for (const item of value.items) isTableList(item);
  return value.items.every(isTable);
}

function pairsOf(value: GoValue): (readonly [string, GoValue])[] {
  if (value instanceof GoMap) return value.sortedKeys().map((key) => [key, value.entries.get(key)] as const);
  if (value instanceof GoObject) return [...value.fields].filter(([name]) => /^[A-Z]/.test(name));
  return [];
}

class TomlWriter {
  out = '';
  private readonly budget: Budget;

  constructor(budget: Budget) {
    this.budget = budget;
  }

  encode(path: readonly string[], value: GoValue): void {
    this.budget.step();
    this.budget.write(path.length);
    if (value instanceof GoMap && value.isNil) return;
    if (isTable(value)) this.table(path, value);
    else if (isTableList(value)) this.tables(path, value);
    else this.pair(path, value, false);
  }

  private newline(): void {
    if (this.out !== '') this.out += '\n';
  }

  private indent(path: readonly string[]): string {
    return '  '.repeat(path.length - 1);
  }

  private table(path: readonly string[], value: GoValue): void {
    if (path.length === 1) this.newline();
    if (path.length > 0) this.out += `${this.indent(path)}[${tomlPath(path)}]\n`;
    this.content(path, value);
  }

  private tables(path: readonly string[], value: GoSlice): void {
    if (path.length === 0) throw new GoError('toml: top-level values must be Go maps or structs');
    for (const item of value.items) {
      this.newline();
      this.out += `${this.indent(path)}[[${tomlPath(path)}]]\n`;
      this.content(path, item);
    }
  }

  private content(path: readonly string[], value: GoValue): void {
    const pairs = pairsOf(value);
    const isSub = ([, item]: readonly [string, GoValue]): boolean =>
      !isNothing(item) && (isTable(item) || isTableList(item));
    const subs = new Set(pairs.filter(isSub));
    for (const pair of pairs) if (!subs.has(pair) && !isNothing(pair[1])) this.encode([...path, pair[0]], pair[1]);
    for (const [key, item] of subs) this.encode([...path, key], item);
  }

  private pair(path: readonly string[], value: GoValue, inline: boolean): void {
    const key = path[path.length - 1];
    if (key === undefined) {
      this.out += this.element(value);
      return;
    }
    this.out += `${this.indent(path)}${tomlKey(key)} = ${this.element(value)}`;
    if (!inline) this.newline();
  }

  private element(value: GoValue): string {
    this.budget.step();
    switch (typeof value) {
      case 'string':
        return tomlQuoted(value);
      case 'boolean':
        return String(value);
      case 'number':
        return floatText(value);
      default:
        break;
    }
    if (value instanceof GoInt)
      return value.type === DURATION ? tomlQuoted(durationText(value.value)) : value.value.toString();
    if (isTime(value)) return formatTime(timeOf(value), '2006-01-02T15:04:05.999999999Z07:00');
    const stringer = behaviourOf(value?.type)?.stringer;
    if (value instanceof GoObject && stringer !== undefined) return tomlQuoted(stringer(value));
    if (value instanceof GoMap || value instanceof GoObject) return this.inlineTable(value);
    if (value instanceof GoSlice || value instanceof GoBytes)
      return `[${(itemsOf(value) ?? []).map((item) => (isNothing(item) ? this.refuseNil(item) : this.element(item))).join(', ')}]`;
    throw new GoError(`unsupported type: ${value?.type.kind ?? 'nil'}`);
  }

  private refuseNil(value: GoValue): string {
    if (value === null || value === undefined) throw new GoError('toml: cannot encode array with nil element');
    return value instanceof GoMap ? '{}' : '[]';
  }

  private inlineTable(value: GoValue): string {
    const pairs = pairsOf(value);
    const isSub = ([, item]: readonly [string, GoValue]): boolean =>
      !isNothing(item) && (isTable(item) || isTableList(item));
    const subs = pairs.filter(isSub);
    const direct = pairs.filter((pair) => !subs.includes(pair));
    let text = '{';
    const write = (group: typeof pairs, trails: boolean): void => {
      group.forEach(([key, item], i) => {
        if (isNothing(item)) return;
        text += `${tomlKey(key)} = ${this.element(item)}`;
        if (trails || i !== group.length - 1) text += ', ';
      });
    };
    write(direct, subs.length > 0);
    write(subs, false);
    return `${text}}`;
  }
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const text = formatFloat(value, 'g', -1);
  return /[e.]/.test(text) ? text : `${text}.0`;
}
