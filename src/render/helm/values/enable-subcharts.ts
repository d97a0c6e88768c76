import type { Chart, ChartDependency } from '../load/chart.ts';
import { satisfies } from '../load/versions.ts';
import { type CoalesceOptions, coalesceValues } from './coalesce.ts';
import { hasKey, isTable, scalarAt, type Table } from './value.ts';

/**
 * The chart with the subcharts that the values leave on, under their aliases: `condition` (the first path with a boolean) wins over
 * `tags`, and without either a subchart is on. Subcharts of subcharts are decided with the same values, below their parent's name.
 * @throws ValuesProblem
 */
export function enableSubcharts(chart: Chart, values: Table, warn: (message: string) => void): Chart {
  return enable(chart, values, '', { keepNulls: false, warn });
}

function enable(chart: Chart, values: Table, path: string, options: CoalesceOptions): Chart {
  const listed = chart.metadata.dependencies;
  if (listed === undefined) return chart;
  const unlisted = chart.dependencies.filter((existing) => !listed.some((entry) => isChartOf(existing, entry)));
  const aliased = listed.flatMap((entry) => findAliased(chart.dependencies, entry));
  const renamed = listed.map((entry) => ({ ...entry, name: entry.alias === '' ? entry.name : entry.alias }));
  const candidates = [...unlisted, ...aliased];
  const coalesced = coalesceValues({ ...chart, dependencies: candidates }, values, options);
  const decided = renamed.map((entry) => ({ ...entry, enabled: isEnabled(entry, coalesced, path, options.warn) }));
  const disabled = new Set(decided.filter((entry) => !entry.enabled).map((entry) => entry.name));
  const enabled = decided.filter((entry) => !disabled.has(entry.name));
  return {
    ...chart,
    // With nothing left of the list, it counts as none: no values are imported then.
    metadata: { ...chart.metadata, dependencies: enabled.length === 0 ? undefined : enabled },
    dependencies: candidates
      .filter((subchart) => !disabled.has(subchart.metadata.name))
      .map((subchart) => enable(subchart, coalesced, `${path}${subchart.metadata.name}.`, options)),
  };
}

function isChartOf(chart: Chart, entry: ChartDependency): boolean {
  return chart.metadata.name === entry.name && satisfies(chart.metadata.version, entry.version);
}

function findAliased(charts: readonly Chart[], entry: ChartDependency): Chart[] {
  const found = charts.find((chart) => isChartOf(chart, entry));
  if (found === undefined) return [];
  return [entry.alias === '' ? found : { ...found, metadata: { ...found.metadata, name: entry.alias } }];
}

function isEnabled(entry: ChartDependency, values: Table, path: string, warn: (message: string) => void): boolean {
  for (const condition of entry.condition.trim().split(',')) {
    const value = condition === '' ? undefined : scalarAt(values, path + condition);
    if (typeof value === 'boolean') return value;
    if (value !== undefined) warn(`condition ${condition} of dependency ${entry.name} is not true or false`);
  }
  const tags = hasKey(values, 'tags') ? values['tags'] : undefined;
  if (!isTable(tags)) return true;
  const states = entry.tags.filter((tag) => hasKey(tags, tag)).map((tag) => tags[tag]);
  if (states.some((state) => typeof state !== 'boolean'))
    warn(`a tag of dependency ${entry.name} is not true or false`);
  return states.includes(true) || !states.includes(false);
}
