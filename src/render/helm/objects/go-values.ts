import { toBytes } from '../gotemplate/byte-string.ts';
import { goInt64, GoMap, GoSlice, grownCapacity, type GoValue } from '../gotemplate/values.ts';
import { LIST } from '../gotemplate/types.ts';
import { isTable, type Table, type Value } from '../values/value.ts';

/**
 * Chart values as templates see them. A table that stands in two places (a global of parent and subchart) stays one map, so that a
 * template that changes it changes it for both, as in Helm.
 */
export class GoValues {
  readonly #made = new Map<object, GoMap>();

  table(table: Table): GoMap {
    const existing = this.#made.get(table);
    if (existing !== undefined) return existing;
    const map = new GoMap();
    this.#made.set(table, map);
    for (const key of Object.keys(table)) map.entries.set(toBytes(key), this.value(table[key] ?? null));
    return map;
  }

  value(value: Value): GoValue {
    if (value === null) return null;
    switch (typeof value) {
      case 'string':
        return toBytes(value);
      case 'bigint':
        return goInt64(value);
      case 'object': {
        if (isTable(value)) return this.table(value);
        const items = value.map((item) => this.value(item));
        return new GoSlice(items, LIST, { capacity: grownCapacity(items.length) });
      }
      default:
        return value;
    }
  }
}
