import type { Json } from '../../../core/json.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import { newTable } from '../values/value.ts';
import { readValues } from '../values/read-values.ts';
import type { Chart, ChartFile, ChartLock, ChartMetadata, LoadedChart } from './chart.ts';
import { loadOnce } from './chart-cache.ts';
import { readLock, readMetadata } from './chart-metadata.ts';
import { ChartProblem } from './chart-problem.ts';
import { DEFAULT_LOAD_LIMITS, type LoadLimits } from './load-limits.ts';
import { readArchive } from './read-archive.ts';
import { readDirectory } from './read-directory.ts';
import { readYamlFile } from './read-yaml-file.ts';
import { FieldProblem } from './typed-fields.ts';

/**
 * Loads the chart at a path of a snapshot: a folder with a Chart.yaml, or a `.tgz`. Charts below `charts/`, folders and archives,
 * come with it.
 * @throws ChartProblem; EngineError of the snapshot
 */
export function loadChart(snapshot: Snapshot, path: string, limits: LoadLimits = DEFAULT_LOAD_LIMITS): LoadedChart {
  if (limits !== DEFAULT_LOAD_LIMITS) return loadAnew(snapshot, path, limits);
  return loadOnce(snapshot, path, (recorded) => loadAnew(recorded, path, limits));
}

function loadAnew(snapshot: Snapshot, path: string, limits: LoadLimits): LoadedChart {
  const warnings: string[] = [];
  const kind = snapshot.stat(path);
  if (kind === undefined) throw new ChartProblem(path, 'path not found');
  if (kind === 'directory') {
    if (snapshot.stat(path === '' ? 'Chart.yaml' : `${path}/Chart.yaml`) !== 'file') {
      throw new ChartProblem(path, 'Chart.yaml file is missing');
    }
    return { chart: buildChart(readDirectory(snapshot, path, limits), path, limits, 0, warnings), warnings };
  }
  const bytes = snapshot.read(path) ?? new Uint8Array();
  return { chart: buildChart(readArchive(bytes, path, limits), path, limits, 0, warnings), warnings };
}

/** A chart from an archive that is in memory. @param origin names it in messages @throws ChartProblem */
export function loadArchive(bytes: Uint8Array, origin: string, limits: LoadLimits = DEFAULT_LOAD_LIMITS): LoadedChart {
  const warnings: string[] = [];
  return { chart: buildChart(readArchive(bytes, origin, limits), origin, limits, 0, warnings), warnings };
}

function buildChart(
  files: readonly ChartFile[],
  origin: string,
  limits: LoadLimits,
  depth: number,
  warnings: string[],
): Chart {
  if (depth > limits.depth) throw new ChartProblem(origin, `charts nest more than ${limits.depth} deep`);
  const named = (name: string): ChartFile | undefined => files.find((file) => file.name === name);
  const metadata = readChartYaml(named('Chart.yaml'), named('requirements.yaml'), origin, warnings);
  const values = named('values.yaml');
  const subcharts = new Map<string, ChartFile[]>();
  const templates: ChartFile[] = [];
  const others: ChartFile[] = [];
  for (const file of files) {
    if (file.name.startsWith('templates/')) templates.push(file);
    else if (file.name.startsWith('charts/') && !file.name.endsWith('.prov')) addToSubchart(subcharts, file);
    else if (isOtherFile(file.name, metadata)) others.push(file);
  }
  return {
    metadata,
    lock: readLockFile(named('requirements.lock') ?? named('Chart.lock')),
    values: values === undefined ? newTable() : readValues(values.data, values.origin),
    schema: named('values.schema.json'),
    templates,
    files: others,
    dependencies: [...subcharts.keys()].sort().flatMap((name) => {
      const subchart = buildSubchart(name, subcharts.get(name) ?? [], { origin, limits, depth, warnings });
      return subchart === undefined ? [] : [subchart];
    }),
  };
}

function addToSubchart(subcharts: Map<string, ChartFile[]>, file: ChartFile): void {
  const inside = file.name.slice('charts/'.length);
  const slash = inside.indexOf('/');
  const folder = slash < 0 ? inside : inside.slice(0, slash);
  const list = subcharts.get(folder) ?? [];
  list.push({ ...file, name: slash < 0 ? '' : inside.slice(slash + 1) });
  subcharts.set(folder, list);
}

interface Parent {
  readonly origin: string;
  readonly limits: LoadLimits;
  readonly depth: number;
  readonly warnings: string[];
}

function buildSubchart(name: string, files: readonly ChartFile[], parent: Parent): Chart | undefined {
  if (name.startsWith('_') || name.startsWith('.')) return undefined;
  const { limits, warnings } = parent;
  const depth = parent.depth + 1;
  const [first] = files;
  if (name.endsWith('.tgz')) {
    if (first === undefined || first.name !== '') {
      throw new ChartProblem(`${parent.origin}/charts/${name}`, 'an archive of a subchart must be a file');
    }
    return buildChart(readArchive(first.data, first.origin, limits), first.origin, limits, depth, warnings);
  }
  const inside = files.filter((file) => file.name !== '');
  return buildChart(
    inside,
    `${parent.origin === '' ? '' : `${parent.origin}/`}charts/${name}`,
    limits,
    depth,
    warnings,
  );
}

/** What `.Files` may read: not what makes the chart itself. */
function isOtherFile(name: string, metadata: ChartMetadata): boolean {
  if (name === 'Chart.yaml' || name === 'Chart.lock' || name === 'values.yaml' || name === 'values.schema.json')
    return false;
  return !(name === 'requirements.yaml' || name === 'requirements.lock') || metadata.apiVersion === 'v1';
}

function readChartYaml(
  file: ChartFile | undefined,
  requirements: ChartFile | undefined,
  origin: string,
  warnings: string[],
): ChartMetadata {
  if (file === undefined) throw new ChartProblem(origin, 'Chart.yaml file is missing');
  const json = readYamlFile(file);
  const laidOver: Json | undefined = requirements === undefined ? undefined : readYamlFile(requirements);
  try {
    const metadata = readMetadata(json, laidOver);
    if (requirements !== undefined && metadata.apiVersion !== 'v1') {
      warnings.push(`${requirements.origin}: dependencies belong into Chart.yaml since apiVersion v2`);
    }
    return metadata;
  } catch (thrown) {
    if (thrown instanceof FieldProblem)
      throw new ChartProblem(file.origin, `cannot load Chart.yaml: ${thrown.message}`);
    throw thrown;
  }
}

function readLockFile(file: ChartFile | undefined): ChartLock | undefined {
  if (file === undefined) return undefined;
  try {
    return readLock(readYamlFile(file));
  } catch (thrown) {
    if (thrown instanceof FieldProblem)
      throw new ChartProblem(file.origin, `cannot load the lock file: ${thrown.message}`);
    throw thrown;
  }
}
