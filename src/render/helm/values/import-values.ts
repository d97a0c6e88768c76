import { isJsonObject, type Json, own, stableJson } from '../../../core/json.ts';
import type { Chart, ChartDependency } from '../load/chart.ts';
import { type CoalesceOptions, coalesceTables, coalesceValues } from './coalesce.ts';
import { copyValue, newTable, type Table, tableAt } from './value.ts';

/**
 * The chart with the values that its dependencies give upward (`import-values`): `name` stands for the subchart's `exports.name`,
 * merged at the top; `{child, parent}` takes one table of the subchart to one place in the parent. What the parent says itself wins.
 * Deepest charts first. @throws ValuesProblem
 */
export function importValues(chart: Chart, warn: (message: string) => void): Chart {
  const dependencies = chart.dependencies.map((subchart) => importValues(subchart, warn));
  const filled = { ...chart, dependencies };
  return chart.metadata.dependencies === undefined ? filled : importInto(filled, chart.metadata.dependencies, warn);
}

interface Import {
  readonly child: string;
  readonly parent: string;
}

function importInto(chart: Chart, listed: readonly ChartDependency[], warn: (message: string) => void): Chart {
  const options: CoalesceOptions = { keepNulls: true, warn };
  const values = coalesceValues(chart, newTable(), options);
  let imported = newTable();
  const dependencies = listed.map((entry) => {
    const imports = entry.importValues.flatMap(readImport);
    for (const { child, parent } of imports) {
      const table = tableAt(values, `${entry.name}.${child}`);
      if (table === undefined) warn(`import-values: chart ${entry.name} has no table ${child}`);
      else imported = coalesceTables(imported, below(parent, table), options);
    }
    return { ...entry, importValues: imports.map((item): Json => ({ child: item.child, parent: item.parent })) };
  });
  return {
    ...chart,
    metadata: { ...chart.metadata, dependencies },
    values: coalesceTables(copyValue(values), imported, options),
  };
}

function readImport(json: Json): Import[] {
  if (typeof json === 'string') return [{ child: `exports.${json}`, parent: '.' }];
  if (!isJsonObject(json)) return [];
  return [{ child: asName(own(json, 'child')), parent: asName(own(json, 'parent')) }];
}

function asName(json: Json | undefined): string {
  if (json === undefined || json === null) return '<nil>';
  return typeof json === 'object' ? stableJson(json) : String(json);
}

/** The table at the end of a dotted path; `.` is the top. */
function below(path: string, table: Table): Table {
  if (path === '.') return table;
  let current = table;
  for (const name of path.split('.').reverse()) {
    const holder = newTable();
    holder[name] = current;
    current = holder;
  }
  return current;
}
