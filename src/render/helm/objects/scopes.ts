import { capabilitiesValue, filesValue, VALUES_TYPE } from '../functions/render-objects.ts';
import { toBytes } from '../gotemplate/byte-string.ts';
import { GoMap, goMap, type GoValue } from '../gotemplate/values.ts';
import { type Chart, type ChartFile, isLibrary } from '../load/chart.ts';
import { isTable, type Table } from '../values/value.ts';
import { type Capabilities, HELM_VERSION } from './capabilities.ts';
import { chartValue } from './chart-value.ts';
import { GoValues } from './go-values.ts';
import { type Release, releaseValue } from './release.ts';

/** A template of a chart or of one of its subcharts, with what it sees. */
export interface ChartTemplate {
  /** `chart/charts/sub/templates/web.yaml`: its name in the set, and after `# Source:`. */
  readonly name: string;
  readonly file: ChartFile;
  /** `.`: Values, Chart, Release… of its own chart. */
  readonly scope: GoMap;
  /** `chart/charts/sub/templates` */
  readonly basePath: string;
}

export interface ScopeInput {
  readonly chart: Chart;
  readonly values: Table;
  readonly release: Release;
  readonly capabilities: Capabilities;
}

/** All templates below a chart. Those of library charts are there only as far as they are partials. */
export function chartTemplates(input: ScopeInput): ChartTemplate[] {
  const templates = new Map<string, ChartTemplate>();
  const shared = {
    Release: releaseValue(input.release),
    Capabilities: capabilitiesValue({
      kubeVersion: input.capabilities.kubeVersion.full,
      apiVersions: input.capabilities.apiVersions,
      unreadGroups: input.capabilities.unreadGroups,
      helmVersion: HELM_VERSION,
    }),
  };
  const goValues = new GoValues();
  addChart(input.chart, input.values, '', { templates, shared, goValues });
  return [...templates.values()];
}

interface Collector {
  readonly templates: Map<string, ChartTemplate>;
  readonly shared: Readonly<Record<string, GoValue>>;
  readonly goValues: GoValues;
}

function addChart(chart: Chart, values: Table | undefined, parentPath: string, collector: Collector): GoMap {
  const { name } = chart.metadata;
  const isRoot = parentPath === '';
  const path = isRoot ? name : `${parentPath}/charts/${name}`;
  const subcharts = new GoMap();
  const scope = goMap({
    ...collector.shared,
    Chart: chartValue(chart.metadata, isRoot),
    Files: filesValue(new Map(chart.files.map((file) => [file.name, file.data]))),
    Values: asValues(values === undefined ? new GoMap() : collector.goValues.table(values)),
    Subcharts: subcharts,
  });
  for (const subchart of chart.dependencies) {
    const own = values?.[subchart.metadata.name];
    subcharts.entries.set(
      toBytes(subchart.metadata.name),
      addChart(subchart, isTable(own) ? own : undefined, path, collector),
    );
  }
  for (const file of chart.templates) {
    if (isLibrary(chart) && !isPartial(file.name)) continue;
    const template = { name: `${path}/${file.name}`, file, scope: asValues(scope), basePath: `${path}/templates` };
    collector.templates.set(template.name, template);
  }
  return scope;
}

/** The same map under the type that Helm declares for it. */
function asValues(map: GoMap): GoMap {
  return new GoMap(map.entries, VALUES_TYPE);
}

/** What is told to people after an installation; it is rendered and thrown away. */
export function isNotes(name: string): boolean {
  return name.endsWith('NOTES.txt');
}

/** Partials are there to be included and write nothing themselves. */
export function isPartial(name: string): boolean {
  return name.slice(name.lastIndexOf('/') + 1).startsWith('_');
}
