import type { Snapshot } from '../../../core/snapshot.ts';
import type { Chart } from './chart.ts';
import { ChartProblem } from './chart-problem.ts';
import { loadArchive, loadChart } from './load-chart.ts';
import type { LoadLimits } from './load-limits.ts';

/** A dependency that does not lie in charts/: an archive that was fetched, or a folder elsewhere in the repository. */
export type ResolvedDependency =
  | {
      readonly kind: 'archive';
      /** Where it came from, for messages. */
      readonly origin: string;
      readonly name: string;
      readonly bytes: Uint8Array;
      /** `sha256:<hex>` of the bytes. */
      readonly digest: string;
    }
  | {
      readonly kind: 'folder';
      readonly path: string;
      readonly name: string;
      /** What the chart of the folder depends on itself. */
      readonly dependencies: readonly ResolvedDependency[];
    };

/** The chart with what was resolved for it. A chart that lies in charts/ already wins over a resolved one of its name. */
export function addDependencies(
  chart: Chart,
  resolved: readonly ResolvedDependency[],
  snapshot: Snapshot,
  limits: LoadLimits,
  depth = 0,
): Chart {
  if (depth > limits.depth) throw new ChartProblem(chart.metadata.name, `charts nest more than ${limits.depth} deep`);
  const present = new Set(chart.dependencies.map((subchart) => subchart.metadata.name));
  const added = resolved
    .filter((dependency) => !present.has(dependency.name))
    .map((dependency): Chart => {
      if (dependency.kind === 'archive') return loadArchive(dependency.bytes, dependency.origin, limits).chart;
      const { chart: loaded } = loadChart(snapshot, dependency.path, limits);
      return addDependencies(loaded, dependency.dependencies, snapshot, limits, depth + 1);
    });
  return added.length === 0 ? chart : { ...chart, dependencies: [...chart.dependencies, ...added] };
}

/** Names in `dependencies` that no chart answers to. */
export function missingDependencies(chart: Chart): string[] {
  const present = new Set(chart.dependencies.map((subchart) => subchart.metadata.name));
  return (chart.metadata.dependencies ?? []).map((entry) => entry.name).filter((name) => !present.has(name));
}
