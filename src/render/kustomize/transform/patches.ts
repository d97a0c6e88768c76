import { BuildError, type Place } from '../problems.ts';
import { jsonToNode } from '../nodes/from-json.ts';
import { nodeToJson } from '../nodes/to-json.ts';
import { mergePatch } from '../merge/merge.ts';
import type { SchemaBook } from '../merge/schema.ts';
import { describeId, type ResourceId } from '../resource-id.ts';
import { NOTE } from '../notes.ts';
import type { Resource } from '../resource.ts';
import { mergeMetadata, type ResourceSet } from '../resource-set.ts';
import { selectResources, type Selector } from '../select/target.ts';
import { applyJsonPatch, type JsonPatch } from './json-patch.ts';
import type { ParsedPatch } from './patch-text.ts';
import type { Json } from '../../../core/json.ts';

/** An entry of `patches`, read. */
export interface PatchEntry {
  readonly patch: ParsedPatch;
  readonly target: Selector | undefined;
  readonly allowNameChange: boolean;
  readonly allowKindChange: boolean;
  readonly place: Place;
}

/** Applies one entry of `patches`. @throws BuildError */
export function applyPatchEntry(set: ResourceSet, entry: PatchEntry, schemas: () => SchemaBook): void {
  if (entry.patch.kind === 'json') {
    if (entry.patch.operations.length === 0 && entry.target === undefined) return;
    if (entry.target === undefined)
      throw new BuildError('MissingField', 'a JSON patch needs a target', { place: entry.place });
    applyJsonPatchTo(set, selectResources(set.list(), entry.target, 'patches target'), entry.patch.operations, true);
    return;
  }
  const { patches } = entry.patch;
  for (const patch of patches) {
    if (entry.allowNameChange) patch.enable(NOTE.allowNameChange);
    if (entry.allowKindChange) patch.enable(NOTE.allowKindChange);
  }
  if (entry.target !== undefined) applyToSelected(set, entry, entry.target, schemas);
  else for (const patch of patches) applyToNamed(set, patch, schemas);
}

function applyToSelected(set: ResourceSet, entry: PatchEntry, target: Selector, schemas: () => SchemaBook): void {
  if (entry.patch.kind !== 'merge') return;
  const [patch, second] = entry.patch.patches;
  if (patch === undefined) return;
  if (second !== undefined)
    throw new BuildError('InvalidPatch', 'a patch with a target holds one document only', { place: entry.place });
  mergeInto(set, selectResources(set.list(), target, 'patches target'), patch, schemas);
}

function applyToNamed(set: ResourceSet, patch: Resource, schemas: () => SchemaBook): void {
  const target = findTarget(set, patch);
  const before = identityOf(target);
  mergeResource(target, patch, schemas);
  if (hasOtherIds(target, before)) set.touch();
}

/** Applies the documents of `patchesStrategicMerge` to the objects that they name. @throws BuildError */
export function applyStrategicMerge(set: ResourceSet, patches: readonly Resource[], schemas: () => SchemaBook): void {
  for (const patch of patches) mergeInto(set, [findTarget(set, patch)], patch, schemas);
}

function findTarget(set: ResourceSet, patch: Resource): Resource {
  try {
    return set.only(patch.originalId);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    throw new BuildError(
      error.reason,
      `the patch for ${describeId(patch.originalId)} has no single target: ${error.message}`,
      {
        place: patch.place,
      },
    );
  }
}

function mergeInto(set: ResourceSet, targets: readonly Resource[], patch: Resource, schemas: () => SchemaBook): void {
  if (targets.length === 0) return;
  let changed = false;
  const prepared = patch.copy();
  mergeMetadata(prepared, patch);
  for (const target of targets) {
    const copy = prepared.copy();
    copy.setKind(target.kind);
    copy.setApiVersion(target.apiVersion);
    copy.setKind(patch.kind);
    const before = identityOf(target);
    mergeResource(target, copy, schemas);
    changed ||= hasOtherIds(target, before);
  }
  if (changed) set.replaceAll(set.list().filter((resource) => !resource.isEmpty));
}

interface Identity {
  readonly id: ResourceId;
  readonly previous: readonly ResourceId[];
}

function identityOf(resource: Resource): Identity {
  return { id: resource.id, previous: resource.previousIds };
}

/** Ids are made anew only when something in them changed. */
function hasOtherIds(resource: Resource, before: Identity): boolean {
  if (resource.isEmpty || resource.id !== before.id) return true;
  const { previousIds } = resource;
  return previousIds !== before.previous && (previousIds.length > 0 || before.previous.length > 0);
}

/** One strategic merge; name, kind and namespace stay what they were unless the patch may change them. */
function mergeResource(target: Resource, patch: Resource, schemas: () => SchemaBook): void {
  const { name, namespace, kind } = target;
  const mayRename = patch.isEnabled(NOTE.allowNameChange);
  const mayChangeKind = patch.isEnabled(NOTE.allowKindChange);
  if (mayRename || mayChangeKind) target.storePreviousId();
  try {
    if (mergePatch(target.tree, patch.tree, schemas()) === undefined) target.delete();
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    throw new BuildError(error.reason, `the patch does not fit ${describeId(target.id)}: ${error.message}`, {
      place: error.place ?? patch.place,
    });
  }
  if (target.isEmpty) return;
  if (!mayChangeKind) target.setKind(kind);
  if (!mayRename) target.setName(name);
  target.setNamespace(namespace);
}

const INTERNAL = 'internal.config.kubernetes.io/';
const FILE_NOTES = new Set(['config.kubernetes.io/path', 'config.kubernetes.io/index', 'config.k8s.io/id']);

/** Applies operations to objects; the notes of the build survive what the patch does to annotations. @throws BuildError */
export function applyJsonPatchTo(
  set: ResourceSet,
  targets: readonly Resource[],
  operations: JsonPatch,
  notePrevious: boolean,
): void {
  for (const target of targets) {
    if (notePrevious) target.storePreviousId();
    const notes = [...target.annotations()].filter(([key]) => key.startsWith(INTERNAL) || FILE_NOTES.has(key));
    const label = describeId(target.id);
    try {
      const document = applyJsonPatch(nodeToJson(target.view), operations);
      if (document === null || typeof document !== 'object' || Array.isArray(document))
        throw new BuildError('InvalidPatch', 'what the patch leaves is not a map');
      target.replace(jsonToNode(document as Json, 'yaml'));
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      throw new BuildError(
        error.reason,
        `the JSON patch does not fit ${label}: ${error.message}`,
        error.place === undefined ? {} : { place: error.place },
      );
    }
    target.setAnnotations(new Map([...target.annotations(), ...notes]));
  }
  if (targets.length > 0) set.touch();
}
