import type { Json } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';
import type { BuildContext } from './context.ts';
import {
  decode,
  formatPath,
  type DecodeFault,
  type DecodeRules,
  KUSTOMIZATION_RULES,
  type FieldShape,
} from './decode.ts';
import { decodeText, describeFolder, type FolderFiles } from './files.ts';
import { kustomizationOf, type Kustomization } from './kustomization.ts';
import { KUSTOMIZATION_SHAPE } from './kustomization-shape.ts';
import { safeExcerpt } from '../safe-excerpt.ts';
import { BuildError, type Place } from './problems.ts';
import { loadYaml, type NodePath, type YamlDocument } from '../yaml/load.ts';

const FILE_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

export interface LoadedKustomization {
  readonly kustomization: Kustomization;
  readonly files: FolderFiles;
  /** Name of the file within its folder. */
  readonly fileName: string;
  readonly place: Place;
  /** Where an entry of a field stands; `resources` counts the old `bases` behind it. */
  readonly placeOf: (field: string, index?: number) => Place;
}

const DEPRECATED: Readonly<Record<string, string>> = {
  bases: 'resources',
  commonLabels: 'labels',
  imageTags: 'images',
  patchesJson6902: 'patches',
  patchesStrategicMerge: 'patches',
  vars: 'replacements',
};

const VERSIONS: Readonly<Record<string, string>> = {
  Kustomization: 'kustomize.config.k8s.io/v1beta1',
  Component: 'kustomize.config.k8s.io/v1alpha1',
};

/** Reads the kustomization file of a folder. All that is wrong with it is reported; undefined when it cannot be used. */
export function loadKustomization(files: FolderFiles, context: BuildContext): LoadedKustomization | undefined {
  context.enterFolder(files.root);
  const folder: Place = { path: files.root };
  const found = FILE_NAMES.filter(
    (name) => context.problems.collect(folder, () => files.kindOf(name, name)) === 'file',
  );
  const [fileName] = found;
  if (fileName === undefined) {
    context.problems.add(
      new BuildError(
        'NoKustomization',
        `no kustomization.yaml, kustomization.yml or Kustomization in ${describeFolder(files.root)}`,
      ),
      folder,
    );
    return undefined;
  }
  if (found.length > 1) {
    context.problems.add(
      new BuildError(
        'SeveralKustomizations',
        `several kustomization files in ${describeFolder(files.root)}: ${found.join(', ')}`,
      ),
      folder,
    );
    return undefined;
  }
  const place = { path: files.placeOf(fileName) };
  const decoded = context.problems.collect(place, () => decodeFile(files, fileName, context));
  if (decoded === undefined) return undefined;
  const { value, faults } = decoded;
  addFaults(decoded, place, context);
  // What is wrong elsewhere is told too, unless a wrong item of a list would be taken for another one.
  if (faults.some(({ path }) => typeof path.at(-1) === 'number')) return undefined;
  const used = Object.keys(value).filter((field) => field !== 'kind' && field !== 'apiVersion' && value[field] !== '');
  if (
    faults.length === 0 &&
    used.every((field) => field === 'helmChartInflationGenerator' && (value[field] as readonly Json[]).length === 0)
  ) {
    context.problems.add(new BuildError('EmptyKustomization', 'the kustomization is empty'), place);
    return undefined;
  }
  for (const field of used) {
    const instead = Object.hasOwn(DEPRECATED, field) ? DEPRECATED[field] : undefined;
    if (instead !== undefined) context.warn(`${place.path}: ${field} is deprecated, use ${instead}`);
  }
  const kustomization = kustomizationOf(value);
  checkVersion(kustomization.kind, typeof value.apiVersion === 'string' ? value.apiVersion : '', place, context);
  return { kustomization, files, fileName, place, placeOf: placeFinder(place, decoded) };
}

/** In the order of the file. A line with literals of a Secret is not shown. */
function addFaults(decoded: Decoded, place: Place, context: BuildContext): void {
  const found = decoded.faults.map((fault) => ({ fault, at: decoded.locate(fault.path) }));
  found.sort((left, right) => left.at.line - right.at.line || left.at.column - right.at.column);
  for (const { fault, at } of found) {
    const excerpt = fault.path[0] === 'secretGenerator' ? undefined : at.excerpt;
    context.problems.add(faultToError(fault, { ...place, line: at.line, column: at.column }, excerpt), place);
  }
}

const OLD_NAMES: Readonly<Record<string, string>> = { resources: 'bases', images: 'imageTags' };

function placeFinder(place: Place, decoded: Decoded): LoadedKustomization['placeOf'] {
  return (field, index) => {
    if (index === undefined) return { ...place, ...decoded.locate([field]) };
    const list = decoded.value[field];
    const count = Array.isArray(list) ? list.length : 0;
    const old = OLD_NAMES[field];
    const path = index >= count && old !== undefined ? [old, index - count] : [field, index];
    return { ...place, ...decoded.locate(path) };
  };
}

function checkVersion(kind: string, apiVersion: string, place: Place, context: BuildContext): void {
  if (!Object.hasOwn(VERSIONS, kind))
    context.problems.add(
      new BuildError('InvalidField', `kind is Kustomization or Component, not ${JSON.stringify(kind)}`),
      place,
    );
  const wanted = VERSIONS[kind === 'Component' ? 'Component' : 'Kustomization'] ?? '';
  if (apiVersion !== '' && apiVersion !== wanted)
    context.problems.add(
      new BuildError('InvalidField', `apiVersion of a ${kind} is ${wanted}, not ${JSON.stringify(apiVersion)}`),
      place,
    );
}

interface Decoded {
  readonly value: Readonly<Record<string, Json>>;
  readonly faults: readonly DecodeFault[];
  readonly locate: Locate;
}

/** Line and column (1-based) of a path. */
type Locate = (path: NodePath) => { readonly line: number; readonly column: number; readonly excerpt: string };

function decodeFile(files: FolderFiles, fileName: string, context: BuildContext): Decoded {
  const { bytes, path, oid } = files.read(fileName, fileName);
  return context.cache.decoded(oid, `kustomization ${path}`, () => {
    const document = parseDocument(decodeText(bytes, { path }), { path }, context, false);
    const locate: Locate = (steps) => document?.locate(steps) ?? { line: 1, column: 1, excerpt: '' };
    return { ...decodeWith(document?.value, KUSTOMIZATION_SHAPE, KUSTOMIZATION_RULES), locate };
  });
}

function decodeWith(value: Json | undefined, shape: FieldShape, rules: DecodeRules): Omit<Decoded, 'locate'> {
  const { value: found, faults } = decode(value ?? null, shape, rules);
  return { value: (isJsonObject(found) ? found : Object.create(null)) as Readonly<Record<string, Json>>, faults };
}

/**
 * The first document of a configuration file, read by the rules of sigs.k8s.io/yaml. `strict`: a key that stands twice is refused, as
 * the tool does for some files only. @throws BuildError with the line
 */
export function parseConfig(text: string, place: Place, context: BuildContext, strict = false): Json {
  return parseDocument(text, place, context, strict)?.value ?? null;
}

function parseDocument(text: string, place: Place, context: BuildContext, strict: boolean): YamlDocument | undefined {
  const stream = loadYaml(text, strict ? 'kubernetes' : 'helm', context.yamlLimits);
  const problem = stream.problems.find((one) => one.document === 0);
  if (problem !== undefined) {
    throw new BuildError('MalformedYaml', problem.message, {
      place: { path: place.path, line: problem.line, column: problem.column },
      ...safeExcerpt(text, problem.excerpt),
    });
  }
  return stream.documents.find((document) => document.index === 0);
}

/** Reads a configuration into a shape. @throws BuildError for the first fault */
export function decodeConfig(
  value: Json,
  shape: FieldShape,
  rules: DecodeRules,
  place: Place,
): Readonly<Record<string, Json>> {
  const { value: found, faults } = decodeWith(value, shape, rules);
  const [fault] = faults;
  if (fault !== undefined) throw faultToError(fault, place);
  return found;
}

function faultToError(fault: DecodeFault, place: Place, excerpt?: string): BuildError {
  const path = formatPath(fault.path);
  const message =
    fault.message.startsWith('unknown field') && fault.path.length > 1
      ? `${fault.message} in ${formatPath(fault.path.slice(0, -1))}`
      : path === '' || fault.message.startsWith('unknown field')
        ? fault.message
        : `${path}: ${fault.message}`;
  return new BuildError('InvalidField', message, {
    place,
    ...(excerpt === undefined ? {} : { excerpt }),
    ...(fault.remedy === undefined ? {} : { remedy: fault.remedy }),
  });
}
