import type { Json } from '../../../core/json.ts';
import { emitYaml } from '../../yaml/emit.ts';
import type { BuildContext } from '../context.ts';
import { decodeText, isWithin, joinPath, type FolderFiles } from '../files.ts';
import type { HelmChart } from '../kustomization.ts';
import { mergePatch } from '../merge/merge.ts';
import { BUILT_IN_SCHEMAS } from '../merge/schema.ts';
import { jsonToNode } from '../nodes/from-json.ts';
import { mapNode, TAG } from '../nodes/node.ts';
import { parseFirstDocument } from '../nodes/parse.ts';
import { nodeToJson } from '../nodes/to-json.ts';
import { BuildError, quote, type Place } from '../problems.ts';
import { readResourceText } from '../read-resources.ts';
import { NOTE } from '../notes.ts';
import type { Resource } from '../resource.ts';

const DEFAULT_HOME = 'charts';

/** Renders a chart of the repository and reads its objects. @throws BuildError; whatever would fetch something is refused */
export function generateChart(
  chart: HelmChart,
  chartHome: string,
  files: FolderFiles,
  place: Place,
  context: BuildContext,
): Resource[] {
  const field = `helmCharts ${chart.name || '(no name)'}`;
  const render = context.renderChart;
  if (render === undefined) throw new BuildError('NotSupported', `${field}: charts cannot be rendered here`, { place });
  const path = findChart(chart, chartHome, files, field, place);
  if (chart.releaseName === '' || chart.nameTemplate !== '')
    throw new BuildError(
      'MissingField',
      `${field}: releaseName is needed, a generated name would change with every build`,
      {
        place,
        remedy: 'give releaseName and no nameTemplate',
      },
    );
  const result = render({
    snapshot: files.snapshot,
    path,
    releaseName: chart.releaseName,
    namespace: chart.namespace,
    values: valuesOf(chart, path, files, field, context),
    includeCrds: chart.includeCrds,
    skipHooks: chart.skipHooks,
    skipTests: chart.skipTests,
    apiVersions: chart.apiVersions,
    kubeVersion: chart.kubeVersion,
  });
  if (result.kind === 'failed') {
    for (const problem of result.problems) {
      const { message, path: at, ...rest } = problem;
      context.problems.add(
        new BuildError('ChartFailed', message, {
          place: {
            path: at,
            ...(rest.line === undefined ? {} : { line: rest.line }),
            ...(rest.column === undefined ? {} : { column: rest.column }),
          },
          ...(rest.excerpt === undefined ? {} : { excerpt: rest.excerpt }),
          ...(rest.remedy === undefined ? {} : { remedy: rest.remedy }),
        }),
        place,
      );
    }
    throw new BuildError('ChartFailed', `${field}: the chart cannot be rendered`, { place });
  }
  const resources = readResourceText(result.text, { path }, context);
  for (const resource of resources) resource.annotate(NOTE.helm, 'true');
  return resources;
}

function findChart(chart: HelmChart, chartHome: string, files: FolderFiles, field: string, place: Place): string {
  if (chart.name === '') throw new BuildError('MissingField', 'helmCharts: an entry has no name', { place });
  const home = chartHome === '' ? DEFAULT_HOME : chartHome;
  if (home.startsWith('/'))
    throw new BuildError('AbsolutePath', `${field}: chartHome ${quote(home)} is an absolute path`, { place });
  const versioned = chart.version !== '' && chart.repo !== '' ? `${chart.name}-${chart.version}/` : '';
  const path = joinPath(files.root, `${home}/${versioned}${chart.name}`);
  if (path === undefined)
    throw new BuildError('OutsideRepository', `${field}: the chart lies outside of the repository`, { place });
  if (files.snapshot.stat(path) === 'directory') return path;
  throw new BuildError(
    chart.repo === '' ? 'FileNotFound' : 'RemoteRefused',
    chart.repo === ''
      ? `${field}: no chart at ${path}`
      : `${field}: no chart at ${path}, and fetching it from ${quote(chart.repo)} is refused`,
    { place, remedy: 'put the chart into the repository' },
  );
}

function valuesOf(
  chart: HelmChart,
  chartPath: string,
  files: FolderFiles,
  field: string,
  context: BuildContext,
): { readonly path: string; readonly text: string }[] {
  const merge = chart.valuesMerge === '' ? 'override' : chart.valuesMerge;
  if (!['merge', 'override', 'replace'].includes(merge))
    throw new BuildError(
      'InvalidField',
      `${field}: valuesMerge is merge, override or replace, not ${JSON.stringify(merge)}`,
    );
  const more = chart.additionalValuesFiles.map((name) => readText(files, name, `${field} additionalValuesFiles`));
  const inline = chart.valuesInline;
  const own = (): { readonly path: string; readonly text: string } =>
    chart.valuesFile === ''
      ? readOwnValues(files, chartPath, field)
      : readText(files, chart.valuesFile, `${field} valuesFile`);
  if (inline === undefined || Object.keys(inline).length === 0) return [own(), ...more];
  if (merge === 'replace') return [{ path: chartPath, text: emitYaml(inline, 'sigs') }, ...more];
  const base = own();
  const file = parseFirstDocument(base.text, 0, context.limits)?.node ?? mapNode(TAG.map);
  const given = jsonToNode(inline, 'json');
  const merged =
    merge === 'override' ? mergePatch(file, given, BUILT_IN_SCHEMAS) : mergePatch(given, file, BUILT_IN_SCHEMAS);
  return [{ path: base.path, text: emitYaml(nodeToJson(merged) as Json, 'sigs') }, ...more];
}

function readOwnValues(
  files: FolderFiles,
  chartPath: string,
  field: string,
): { readonly path: string; readonly text: string } {
  const path = `${chartPath}/values.yaml`;
  if (!isWithin(path, files.root))
    throw new BuildError('OutsideFolder', `${field}: the chart's values are not in or below the kustomization`);
  const bytes = files.snapshot.read(path);
  if (bytes === undefined) throw new BuildError('FileNotFound', `${field}: ${path} does not exist`);
  return { path, text: decodeText(bytes, { path }) };
}

function readText(files: FolderFiles, name: string, field: string): { readonly path: string; readonly text: string } {
  const { bytes, path } = files.read(name, field);
  return { path, text: decodeText(bytes, { path }) };
}
