import { EngineError } from '../../core/errors.ts';
import type { KubeObject } from '../../core/object-key.ts';
import { DEFAULT_RENDER_LIMITS, type Origin, type RenderLimits, type RenderProblem } from '../../core/manifest.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { emitYaml } from '../yaml/emit.ts';
import { accumulateFolder } from './accumulate.ts';
import { Accumulator } from './accumulator.ts';
import { BuildCache } from './cache.ts';
import { BuildContext } from './context.ts';
import { FolderFiles, joinPath } from './files.ts';
import type { ChartRenderer } from './generate/chart.ts';
import { appendHashes } from './hash.ts';
import type { PrintedObject } from './edits.ts';
import { loadKustomization } from './load-kustomization.ts';
import { fieldOf } from './nodes/fields.ts';
import { isNull } from './nodes/node.ts';
import { nodeToJson } from './nodes/to-json.ts';
import { orderResources, type Reorder } from './order.ts';
import { BuildAbort, BuildError } from './problems.ts';
import { fixNameReferences } from './references/name-references.ts';
import { replaceVariables } from './references/variables.ts';
import { describeId } from './resource-id.ts';
import { Recorder } from './recorder.ts';
import { BUILD_NOTES, NOTE } from './notes.ts';
import type { Resource } from './resource.ts';
import type { RemoteAccess } from './remotes.ts';
import { reuse, type Reusable } from './reuse.ts';
import { ResourceSet } from './resource-set.ts';
import { setEverywhere } from './transform/labels.ts';

export interface BuildOptions {
  readonly limits?: RenderLimits;
  /** `legacy` (the default, what `kustomize build` does) sorts by kind; `sortOptions` of the kustomization go before it. */
  readonly reorder?: Reorder;
  /** What earlier builds made, and this one adds to. */
  readonly cache?: BuildCache;
  /** Renders the charts of `helmCharts`; without it they are refused. */
  readonly renderChart?: ChartRenderer;
  /** What may be taken from other hosts; without it bases and files there are refused. */
  readonly remotes?: RemoteAccess;
}

export interface BuiltObject {
  readonly object: KubeObject;
  readonly origin: Origin;
  /** The object as `kustomize build` prints it. */
  text(): string;
}

export interface BuildResult {
  /** Empty when there are problems. */
  readonly objects: readonly BuiltObject[];
  /** All that is wrong; empty when the build succeeded. */
  readonly problems: readonly RenderProblem[];
  readonly warnings: readonly string[];
  /** What `kustomize build` prints, byte for byte; '' when there are problems. */
  text(): string;
}

/**
 * Builds the kustomization at a path of a snapshot: everything `kustomize build` does, from the snapshot alone. Never throws for what a
 * repository holds. Nothing is fetched and nothing is run: functions and plugins are refused by name, and what lies on other hosts is
 * either there already, asked for, or refused.
 */
export function buildKustomization(snapshot: Snapshot, path: string, options: BuildOptions = {}): BuildResult {
  const recorder = new Recorder(snapshot);
  const context = new BuildContext(
    options.limits ?? DEFAULT_RENDER_LIMITS,
    options.cache ?? new BuildCache(),
    recorder,
    options.renderChart,
    options.remotes,
  );
  const reorder = options.reorder ?? 'legacy';
  const place = { path: joinPath('', path) ?? path };
  const how: Reusable<readonly BuiltObject[]> = {
    name: 'build',
    key: [path, reorder],
    chain: [],
    copy: (value) => value,
  };
  const built = guarded(place, context, () => reuse(how, context, () => build(recorder, path, reorder, context)));
  const failed = context.problems.count > 0 || built === undefined;
  const objects = failed ? [] : built;
  return {
    objects,
    problems: context.problems.list(),
    warnings: context.warnings,
    text: () => objects.map((object) => object.text()).join('---\n'),
  };
}

function guarded<T>(place: { readonly path: string }, context: BuildContext, step: () => T): T | undefined {
  try {
    return context.problems.collect(place, step);
  } catch (error) {
    if (error instanceof BuildAbort) return undefined;
    throw error;
  }
}

function build(snapshot: Snapshot, path: string, reorder: Reorder, context: BuildContext): readonly BuiltObject[] {
  const loaded = loadKustomization(openFolder(snapshot, path, context), context);
  if (loaded === undefined) return [];
  const { kustomization } = loaded;
  const inherited = { origin: kustomization.buildMetadata.length > 0 ? { path: '' } : undefined, chartNamespace: '' };
  const result = accumulateFolder(loaded, new Accumulator(), inherited, context);
  if (context.problems.count > 0) return [];
  appendHashes(result.set.list());
  result.set.touch();
  fixNameReferences(result.set.list(), result.config.nameReference, context.cache.edits);
  replaceVariables(result.set.list(), result.variables(), result.config.varReference);
  const kept = dropLocal(result.set.list());
  const ordered = orderResources(kept, kustomization.sortOptions, reorder);
  const checked = new ResourceSet();
  checked.appendAll(ordered);
  return output(ordered, kustomization.buildMetadata, context);
}

function openFolder(snapshot: Snapshot, path: string, { remotes }: BuildContext): FolderFiles {
  const full = path.startsWith('/') ? undefined : joinPath('', path);
  if (full === undefined)
    throw new BuildError('OutsideRepository', `path ${JSON.stringify(path)} is not inside of the repository`);
  let kind: string | undefined;
  try {
    kind = snapshot.stat(full);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new BuildError(error.code, error.message);
  }
  if (kind !== 'directory')
    throw new BuildError(
      'FileNotFound',
      kind === undefined
        ? `folder ${JSON.stringify(path)} does not exist`
        : `${JSON.stringify(path)} is a file, a folder is needed`,
    );
  return new FolderFiles({ snapshot, label: '' }, snapshot.realPath(full) ?? full, remotes);
}

const LOCAL_CONFIG = 'config.kubernetes.io/local-config';

/**
 * Leaves out objects that are only for the build itself; the others must still have kind and name. As in the tool, one that has come to
 * the very id of an object that stays is not told from it, and stays for the check of ids.
 */
function dropLocal(resources: readonly Resource[]): readonly Resource[] {
  const kept = resources.filter((resource) => {
    if (resource.isEmpty) return false;
    if (resource.kind === '' || isNull(fieldOf(resource.view, 'kind')))
      throw new BuildError('NotAnObject', 'an object lost its kind', { place: resource.place });
    if (!resource.kind.endsWith('List') && resource.name === '')
      throw new BuildError('NotAnObject', `an object of kind ${resource.kind} lost its name`, {
        place: resource.place,
      });
    const local = resource.annotation(LOCAL_CONFIG);
    return local === undefined || local === 'false';
  });
  if (kept.length === resources.length) return resources;
  const ids = new Set(kept.map(writtenId));
  return resources.filter((resource) => !resource.isEmpty && ids.has(writtenId(resource)));
}

function writtenId({ apiVersion, kind, name, namespace }: Resource): string {
  return JSON.stringify([apiVersion, kind, name, namespace]);
}

const MANAGED_BY = { 'app.kubernetes.io/managed-by': 'kustomize-v5.8.1' };
const LABELS = [{ group: '', version: '', kind: '', path: 'metadata/labels', create: true }];

function takeOffNotes(resource: Resource, metadata: readonly string[]): void {
  if (metadata.includes('managedByLabel')) setEverywhere([resource], MANAGED_BY, LABELS);
  const annotations = resource.annotations();
  const withOrigin = metadata.includes('originAnnotations');
  const withTransformations = metadata.includes('transformerAnnotations');
  if (annotations.size === 0 && withOrigin && withTransformations) return;
  for (const note of BUILD_NOTES) annotations.delete(note);
  if (!withOrigin) annotations.delete(NOTE.origin);
  if (!withTransformations) annotations.delete(NOTE.transformations);
  resource.setAnnotations(annotations);
}

function output(
  resources: readonly Resource[],
  metadata: readonly string[],
  context: BuildContext,
): readonly BuiltObject[] {
  const objects: BuiltObject[] = [];
  const key = JSON.stringify(metadata);
  let size = 0;
  for (const resource of resources) {
    const origin: Origin = resource.place;
    context.problems.collect(origin, () => {
      const printed = context.cache.edits.printed(resource.share(), key, () => printObject(resource, metadata));
      size += printed.size;
      if (size > context.limits.outputBytes)
        throw new BuildAbort('TooLarge', `the output is larger than ${context.limits.outputBytes} bytes`);
      objects.push({
        object: printed.object,
        origin,
        text: () => (printed.text ??= emitYaml(printed.object, 'kustomize')),
      });
    });
  }
  return objects;
}

function printObject(resource: Resource, metadata: readonly string[]): PrintedObject {
  takeOffNotes(resource, metadata);
  try {
    const object = nodeToJson(resource.view) as KubeObject;
    return { object, size: sizeOf(object as Json), text: undefined };
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    throw new BuildError(error.reason, `${describeId(resource.id)} cannot be printed: ${error.message}`, {
      place: resource.place,
    });
  }
}

/** What a reader of YAML takes as a key, quotes included. */
const LONG_KEY = 1022;

/** At least the characters that the value takes in the output. */
function sizeOf(value: Json | undefined): number {
  if (typeof value === 'string') return value.length + 2;
  if (value === null || typeof value !== 'object') return 4;
  let size = 2;
  if (Array.isArray(value)) for (const item of value as readonly Json[]) size += sizeOf(item);
  else
    for (const key of Object.keys(value)) {
      if (key.length > LONG_KEY)
        throw new BuildError('LongKey', `a map key has ${key.length} characters, at most ${LONG_KEY} can be printed`);
      size += key.length + 2 + sizeOf((value as JsonObject)[key]);
    }
  return size;
}
