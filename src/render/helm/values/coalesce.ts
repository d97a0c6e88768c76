import type { Chart } from '../load/chart.ts';
import { copyValue, hasKey, isTable, newTable, type Table, type Value } from './value.ts';

/** The key whose table every subchart sees. */
const GLOBAL = 'global';

export interface CoalesceOptions {
  /** Keep nulls, because another coalescing follows that reads them as "delete the default". */
  readonly keepNulls: boolean;
  readonly warn: (message: string) => void;
}

/** Values that do not have the shape a chart needs. */
export class ValuesProblem extends Error {
  override readonly name = 'ValuesProblem';
}

/**
 * The values of a chart with all its subcharts: `values` above the chart's defaults, the defaults of each subchart under its name,
 * `global` handed down. Lists and scalars replace, tables merge; a null above a default deletes it (unless nulls are kept), and a
 * null among the defaults is no default.
 * @throws ValuesProblem when something else than a table stands where a subchart's values belong
 */
export function coalesceValues(chart: Chart, values: Table, options: CoalesceOptions): Table {
  return new Coalescer(options).chart(chart, copyValue(values), '');
}

/** `above` and, where it says nothing, `below`. Both are changed; the result is `above`. */
export function coalesceTables(above: Table, below: Table, options: CoalesceOptions): Table {
  return new Coalescer(options).tables(above, below, '', options.keepNulls);
}

class Coalescer {
  readonly #keepNulls: boolean;
  readonly #warn: (message: string) => void;

  constructor(options: CoalesceOptions) {
    this.#keepNulls = options.keepNulls;
    this.#warn = options.warn;
  }

  chart(chart: Chart, values: Table, prefix: string): Table {
    const path = join(prefix, chart.metadata.name);
    this.#addDefaults(chart, values, path);
    for (const subchart of chart.dependencies) {
      const name = subchart.metadata.name;
      const own = hasKey(values, name) ? values[name] : newTable();
      if (!isTable(own)) {
        throw new ValuesProblem(`type mismatch on ${name}: the values of a subchart are a table, not ${describe(own)}`);
      }
      values[name] = own;
      this.#handDownGlobals(own, values, path);
      values[name] = this.chart(subchart, own, path);
    }
    return values;
  }

  /** `above` wins over `below`, table by table. */
  tables(above: Table, below: Table, prefix: string, keepNulls: boolean): Table {
    const defaulted = new Set(Object.keys(below).filter((key) => below[key] !== null));
    for (const key of Object.keys(above)) if (above[key] === null) below[key] = null;
    for (const key of Object.keys(below)) {
      const low = below[key] ?? null;
      const high = above[key];
      if (!hasKey(above, key)) above[key] = low;
      else if (!keepNulls && high === null && defaulted.has(key)) delete above[key];
      else if (isTable(low) && isTable(high)) this.tables(high, low, join(prefix, key), keepNulls);
      else if (isTable(low)) this.#warn(`cannot overwrite table with non table for ${join(prefix, key)}`);
      else if (isTable(high) && low !== null) {
        this.#warn(`destination for ${join(prefix, key)} is a table. Ignoring non-table value`);
      }
    }
    return above;
  }

  #addDefaults(chart: Chart, values: Table, path: string): void {
    const defaults = copyValue(chart.values);
    for (const key of Object.keys(defaults)) {
      const low = defaults[key] ?? null;
      if (!hasKey(values, key)) {
        if (!this.#keepNulls) {
          if (low === null) continue;
          dropNulls(low);
        }
        values[key] = low;
        continue;
      }
      const high = values[key];
      if (high === null && !this.#keepNulls) {
        delete values[key];
      } else if (isTable(high) && isTable(low)) {
        const keepNulls = this.#keepNulls || chart.dependencies.some((sub) => sub.metadata.name === key);
        if (!keepNulls) dropNulls(low);
        this.tables(high, low, join(path, key), keepNulls);
      } else if (isTable(high) && low !== null) {
        this.#warn(`skipped value for ${path}.${key}: Not a table.`);
      }
    }
  }

  /** The parent's globals win over those that stand under the subchart's name. */
  #handDownGlobals(child: Table, parent: Table, prefix: string): void {
    const own = hasKey(child, GLOBAL) ? child[GLOBAL] : newTable();
    const given = hasKey(parent, GLOBAL) ? parent[GLOBAL] : newTable();
    if (!isTable(own) || !isTable(given)) {
      this.#warn(`skipping globals because ${isTable(own) ? 'source' : 'destination'} ${GLOBAL} is not a table.`);
      return;
    }
    for (const key of Object.keys(given)) {
      const value = given[key] ?? null;
      const existing = own[key];
      if (isTable(value)) {
        const copy = Object.assign(newTable(), value);
        if (!hasKey(own, key)) own[key] = copy;
        else if (isTable(existing)) own[key] = this.tables(copy, existing, join(prefix, key), true);
        else this.#warn(`cannot merge map onto non-map for ${JSON.stringify(key)}. Skipping.`);
      } else if (isTable(existing)) {
        this.#warn(`key ${key} is table. Skipping`);
      } else {
        own[key] = value;
      }
    }
    child[GLOBAL] = own;
  }
}

function join(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}

/** Removes nulls in tables, at every depth but not inside lists. */
function dropNulls(value: Value): void {
  if (!isTable(value)) return;
  for (const key of Object.keys(value)) {
    const item = value[key] ?? null;
    if (item === null) delete value[key];
    else dropNulls(item);
  }
}

function describe(value: Value | undefined): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'a list';
  return `a ${typeof value === 'bigint' ? 'number' : typeof value}`;
}
