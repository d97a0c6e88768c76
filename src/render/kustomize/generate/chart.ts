import type { RenderProblem } from '../../../core/manifest.ts';
import type { Snapshot } from '../../../core/snapshot.ts';

/** A chart to render for an entry of `helmCharts`. Nothing is fetched: the chart's folder is in the repository. */
export interface ChartRequest {
  readonly snapshot: Snapshot;
  /** Repository path of the chart's folder. */
  readonly path: string;
  readonly releaseName: string;
  /** '' = Helm's default. */
  readonly namespace: string;
  /** YAML texts, later ones over earlier ones, over the chart's own values. */
  readonly values: readonly { readonly path: string; readonly text: string }[];
  readonly includeCrds: boolean;
  readonly skipHooks: boolean;
  readonly skipTests: boolean;
  readonly apiVersions: readonly string[];
  /** '' = Helm's default. */
  readonly kubeVersion: string;
}

export type ChartResult =
  | { readonly kind: 'rendered'; readonly text: string }
  | { readonly kind: 'failed'; readonly problems: readonly RenderProblem[] };

/** Renders a chart as `helm template` prints it; given by the caller, who knows the Helm engine. */
export type ChartRenderer = (request: ChartRequest) => ChartResult;
