import type { Json } from '../../../core/json.ts';
import type { Table } from '../values/value.ts';

/** A file of a chart. */
export interface ChartFile {
  /** Path inside the chart: `templates/web.yaml`. */
  readonly name: string;
  readonly data: Uint8Array;
  /** Path in the repository, for messages; inside an archive it is `path/to/chart.tgz/…`. */
  readonly origin: string;
}

/** An entry of `dependencies` in Chart.yaml. */
export interface ChartDependency {
  readonly name: string;
  readonly version: string;
  readonly repository: string;
  readonly condition: string;
  readonly tags: readonly string[];
  readonly enabled: boolean;
  /** Names of exports, or `{child, parent}` pairs. */
  readonly importValues: readonly Json[];
  readonly alias: string;
}

export interface ChartMaintainer {
  readonly name: string;
  readonly email: string;
  readonly url: string;
}

/** Chart.yaml. An empty string stands for a field that is not there, as it does in Helm. */
export interface ChartMetadata {
  readonly name: string;
  readonly home: string;
  readonly sources: readonly string[];
  readonly version: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly maintainers: readonly ChartMaintainer[];
  readonly icon: string;
  readonly apiVersion: string;
  readonly condition: string;
  readonly tags: string;
  readonly appVersion: string;
  readonly deprecated: boolean;
  /** Undefined where Chart.yaml has none. */
  readonly annotations: Readonly<Record<string, string>> | undefined;
  readonly kubeVersion: string;
  /** Undefined where Chart.yaml has none: then subcharts of the chart are not looked at for conditions. */
  readonly dependencies: readonly ChartDependency[] | undefined;
  readonly type: string;
}

/** Chart.lock: the versions that were chosen. */
export interface ChartLock {
  readonly digest: string;
  readonly dependencies: readonly ChartDependency[];
}

/** A chart in memory. Charts are never changed; a step that changes one makes another. */
export interface Chart {
  readonly metadata: ChartMetadata;
  readonly lock: ChartLock | undefined;
  /** values.yaml. */
  readonly values: Table;
  /** values.schema.json. */
  readonly schema: ChartFile | undefined;
  /** Everything below templates/. */
  readonly templates: readonly ChartFile[];
  /** Everything else that templates may read, crds/ too, in the order of the folder or archive. */
  readonly files: readonly ChartFile[];
  /** Charts below charts/. */
  readonly dependencies: readonly Chart[];
}

/** A chart with what is worth saying about how it lies there. */
export interface LoadedChart {
  readonly chart: Chart;
  readonly warnings: readonly string[];
}

/** A library chart gives partials to others and renders nothing itself. */
export function isLibrary(chart: Chart): boolean {
  return chart.metadata.type.toLowerCase() === 'library';
}
