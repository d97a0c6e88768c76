import type { BuildContext } from '../context.ts';
import { mergeFieldSpecs, type TransformerConfig } from '../config/transformer-config.ts';
import { DEFAULT_CONFIG } from '../config/defaults/default-config.ts';
import type { FieldSpec } from '../config/field-spec.ts';
import { decodeText, type FolderFiles } from '../files.ts';
import {
  items,
  replacementOf,
  type LabelEntry,
  type PatchSource,
  type Replacement,
  type ReplacementSource,
} from '../kustomization.ts';
import { object, PLUGIN_RULES, type FieldShape } from '../decode.ts';
import { REPLACEMENT_FIELDS } from '../kustomization-shape.ts';
import { decodeConfig, parseConfig, type LoadedKustomization } from '../load-kustomization.ts';
import { BuildError, type Place } from '../problems.ts';
import { readResourceText } from '../read-resources.ts';
import type { Resource } from '../resource.ts';
import { parseFirstDocument } from '../nodes/parse.ts';
import { emptyNode } from '../nodes/node.ts';
import { selectResources } from '../select/target.ts';
import { changeImages, hasImage } from './images.ts';
import { setEverywhere } from './labels.ts';
import { affixNames } from './name-affix.ts';
import { setNamespaceOf, setNamespaces } from './namespace.ts';
import { parseJsonPatch, parsePatch } from './patch-text.ts';
import { applyJsonPatchTo, applyPatchEntry, applyStrategicMerge } from './patches.ts';
import { replaceFields } from './replacements.ts';
import { setReplicas } from './replicas.ts';
import type { EachStep, Transformer } from './transformer.ts';
import type { ParseText } from './match-path.ts';

/** The transformers that the fields of a kustomization ask for, in the order in which Kustomize runs them. */
export function builtInTransformers(
  loaded: LoadedKustomization,
  config: TransformerConfig,
  context: BuildContext,
): Transformer[] {
  const { kustomization: k, place } = loaded;
  const result: Transformer[] = [];
  // What the default configuration leads to is known: these steps change no more of an object than they seem to.
  const isDefault = config === DEFAULT_CONFIG;
  const add = (kind: string, field: string, run: Transformer['run'], index?: number, each?: EachStep): void => {
    result.push({ kind, place: () => loaded.placeOf(field, index), run, each: isDefault ? each : undefined });
  };
  const addLabels = (kind: string, field: string, labels: LabelStep, index?: number): void => {
    const { pairs, specs } = labels;
    const run: Transformer['run'] = (set) => setEverywhere(set.list(), pairs, specs);
    const edit = (resource: Resource): void => setEverywhere([resource], pairs, specs);
    const each = labels.where === undefined ? undefined : { key: JSON.stringify([labels.where, pairs]), edit };
    add(kind, field, run, index, each);
  };
  const addAffix = (kind: string, where: 'prefix' | 'suffix', affix: string): void => {
    const field = where === 'prefix' ? 'namePrefix' : 'nameSuffix';
    add(kind, field, (set) => affixNames(set.list(), where, affix, config[field]), undefined, {
      key: JSON.stringify([where, affix]),
      edit: (resource) => affixNames([resource], where, affix, config[field]),
    });
  };
  const configure = (field: string, make: () => void, index?: number): void => {
    const label = index === undefined ? field : `${field}[${index}]`;
    context.problems.collect(
      () => loaded.placeOf(field, index),
      () => inField(label, make),
    );
  };

  if (k.patchesStrategicMerge.length > 0) {
    configure('patchesStrategicMerge', () => {
      const patches = readStrategicPatches(k.patchesStrategicMerge, loaded.files, place, context);
      add('PatchStrategicMergeTransformer', 'patchesStrategicMerge', (set) =>
        applyStrategicMerge(set, patches, context.schemasToMerge),
      );
    });
  }
  for (const [index, source] of k.patches.entries()) {
    configure(
      'patches',
      () => add('PatchTransformer', 'patches', patchTransformer(source, loaded.files, place, context), index),
      index,
    );
  }
  if (k.namespace !== '') {
    const settings = {
      namespace: k.namespace,
      specs: config.namespace,
      unsetOnly: false,
      subjects: 'defaultOnly',
    } as const;
    add('NamespaceTransformer', 'namespace', (set) => setNamespaces(set.list(), settings), undefined, {
      key: JSON.stringify(['namespace', k.namespace]),
      edit: (resource) => setNamespaceOf(resource, settings),
    });
  }
  if (k.namePrefix !== '') addAffix('PrefixTransformer', 'prefix', k.namePrefix);
  if (k.nameSuffix !== '') addAffix('SuffixTransformer', 'suffix', k.nameSuffix);
  if (k.labels.length > 0 || Object.keys(k.commonLabels).length > 0) {
    for (const [index, label] of k.labels.entries()) {
      configure('labels', () => addLabels('LabelTransformer', 'labels', labelStep(label, config), index), index);
    }
    addLabels('LabelTransformer', 'commonLabels', {
      pairs: k.commonLabels,
      specs: config.commonLabels,
      where: 'commonLabels',
    });
  }
  if (Object.keys(k.commonAnnotations).length > 0)
    addLabels('AnnotationsTransformer', 'commonAnnotations', {
      pairs: k.commonAnnotations,
      specs: config.commonAnnotations,
      where: 'commonAnnotations',
    });
  for (const [index, source] of k.patchesJson6902.entries()) {
    const field = 'patchesJson6902';
    configure(
      field,
      () => add('PatchJson6902Transformer', field, jsonPatchTransformer(source, loaded.files, place, context), index),
      index,
    );
  }
  for (const [index, replica] of k.replicas.entries())
    add('ReplicaCountTransformer', 'replicas', (set) => setReplicas(set.list(), replica, config.replicas), index);
  for (const [index, image] of k.images.entries())
    add('ImageTagTransformer', 'images', (set) => changeImages(set.list(), image, config.images), index, {
      key: JSON.stringify(['image', image]),
      // One may change what another one looks for.
      touches: (tree) => hasImage(tree, k.images, config.images),
      edit: (resource) => changeImages([resource], image, config.images),
    });
  if (k.replacements.length > 0) {
    configure('replacements', () => {
      const replacements = loadReplacements(k.replacements, loaded.files, place, context);
      add('ReplacementTransformer', 'replacements', (set) =>
        replaceFields(set.list(), replacements, place, textParser(context)),
      );
    });
  }
  return result;
}

function inField(field: string, make: () => void): void {
  try {
    make();
  } catch (error) {
    if (!(error instanceof BuildError) || error.message.startsWith(field)) throw error;
    throw new BuildError(error.reason, `${field}: ${error.message}`, {
      ...(error.place === undefined ? {} : { place: error.place }),
      ...(error.excerpt === undefined ? {} : { excerpt: error.excerpt }),
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    });
  }
}

export function textParser(context: BuildContext): ParseText {
  return (text) => parseFirstDocument(text, 0, context.limits)?.node ?? emptyNode('none');
}

interface LabelStep {
  readonly pairs: Readonly<Record<string, string>>;
  readonly specs: readonly FieldSpec[];
  /** Tells the specs of the default configuration apart; undefined where the entry has fields of its own. */
  readonly where: string | undefined;
}

function labelStep(label: LabelEntry, config: TransformerConfig): LabelStep {
  const { pairs, fields, includeSelectors, includeTemplates } = label;
  const where = fields.length > 0 ? undefined : `labels ${includeSelectors} ${includeTemplates}`;
  let specs = mergeFieldSpecs(fields, config.labels);
  if (includeSelectors) return { pairs, where, specs: mergeFieldSpecs(specs, config.commonLabels) };
  if (includeTemplates) specs = mergeFieldSpecs(specs, config.templateLabels);
  return { pairs, where, specs: mergeFieldSpecs(specs, METADATA_LABELS) };
}

const METADATA_LABELS: readonly FieldSpec[] = [
  { group: '', version: '', kind: '', path: 'metadata/labels', create: true },
];

/** The documents of `patchesStrategicMerge`: each entry is a patch itself, or the path of one. @throws BuildError */
export function readStrategicPatches(
  entries: readonly string[],
  files: FolderFiles,
  place: Place,
  context: BuildContext,
): Resource[] {
  const patches: Resource[] = [];
  for (const entry of entries) {
    const inline = attempt(() => readResourceText(entry, place, context));
    if (inline !== undefined) {
      patches.push(...inline);
      continue;
    }
    const { bytes, path } = files.read(entry, 'patchesStrategicMerge');
    patches.push(...readResourceText(decodeText(bytes, { path }), { path, line: 1 }, context));
  }
  if (patches.length === 0) throw new BuildError('EmptyPatch', 'the patches are empty');
  return patches;
}

function attempt<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch (error) {
    if (error instanceof BuildError) return undefined;
    throw error;
  }
}

/** @throws BuildError when an entry of `patches` cannot be read */
export function patchTransformer(
  source: PatchSource,
  files: FolderFiles,
  place: Place,
  context: BuildContext,
): Transformer['run'] {
  const inline = source.patch.trim();
  if (inline === '' && source.path === '') throw new BuildError('MissingField', 'patch or path is needed');
  if (inline !== '' && source.path !== '')
    throw new BuildError('InvalidField', 'patch and path cannot be given together');
  const { text, at } = inline === '' ? readPatchFile(source.path, files) : { text: inline, at: place };
  const patch = parsePatch(text, at, (body, where) => readResourceText(body, where, context), context.limits);
  const { target, allowKindChange, allowNameChange } = source;
  return (set) =>
    applyPatchEntry(set, { patch, target, allowKindChange, allowNameChange, place: at }, context.schemasToMerge);
}

function readPatchFile(path: string, files: FolderFiles): { readonly text: string; readonly at: Place } {
  const { bytes, path: full } = files.read(path, 'path');
  return { text: decodeText(bytes, { path: full }), at: { path: full, line: 1 } };
}

/** @throws BuildError when an entry of `patchesJson6902` cannot be read */
export function jsonPatchTransformer(
  source: PatchSource,
  files: FolderFiles,
  place: Place,
  context: BuildContext,
): Transformer['run'] {
  const { target } = source;
  if (target === undefined || target.name === '') throw new BuildError('MissingField', 'the target needs a name');
  if (source.path === '' && source.patch === '') throw new BuildError('MissingField', 'patch or path is needed');
  if (source.path !== '' && source.patch !== '')
    throw new BuildError('InvalidField', 'patch and path cannot be given together');
  const { text, at } = source.path === '' ? { text: source.patch, at: place } : readPatchFile(source.path, files);
  const operations = parseJsonPatch(text, at, context.limits);
  if (operations.length === 0) throw new BuildError('EmptyPatch', 'the patch is empty', { place: at });
  return (set) => applyJsonPatchTo(set, selectResources(set.list(), target, 'target'), operations, false);
}

const REPLACEMENT: FieldShape = object(REPLACEMENT_FIELDS);

/** Replacements, those of files read in. @throws BuildError */
export function loadReplacements(
  sources: readonly ReplacementSource[],
  files: FolderFiles,
  place: Place,
  context: BuildContext,
): Replacement[] {
  return sources.flatMap((source): readonly Replacement[] => {
    if (source.path === '') return [source];
    if (source.source !== undefined || (source.targets?.length ?? 0) > 0)
      throw new BuildError('InvalidField', 'path and an inline replacement cannot be given together', { place });
    const { bytes, path } = files.read(source.path, 'replacements');
    const at: Place = { path };
    const value = parseConfig(decodeText(bytes, at), at, context);
    if (Array.isArray(value)) {
      const wrapped = decodeConfig(
        { list: value },
        object({ list: { kind: 'list', of: REPLACEMENT } }),
        PLUGIN_RULES,
        at,
      );
      return items(wrapped, 'list').map(replacementOf);
    }
    if (value === null || typeof value !== 'object')
      throw new BuildError('WrongKind', 'a replacements file holds a replacement or a list of them', { place: at });
    return [replacementOf(decodeConfig(value, REPLACEMENT, PLUGIN_RULES, at))];
  });
}
