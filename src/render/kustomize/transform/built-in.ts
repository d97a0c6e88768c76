import type { BuildContext } from '../context.ts';
import { mergeFieldSpecs, type TransformerConfig } from '../config/transformer-config.ts';
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
import { changeImages } from './images.ts';
import { setEverywhere } from './labels.ts';
import { affixNames } from './name-affix.ts';
import { setNamespaces } from './namespace.ts';
import { parseJsonPatch, parsePatch } from './patch-text.ts';
import { applyJsonPatchTo, applyPatchEntry, applyStrategicMerge } from './patches.ts';
import { replaceFields } from './replacements.ts';
import { setReplicas } from './replicas.ts';
import type { Transformer } from './transformer.ts';
import type { ParseText } from './match-path.ts';

/** The transformers that the fields of a kustomization ask for, in the order in which Kustomize runs them. */
export function builtInTransformers(
  loaded: LoadedKustomization,
  config: TransformerConfig,
  context: BuildContext,
): Transformer[] {
  const { kustomization: k, place } = loaded;
  const result: Transformer[] = [];
  const add = (kind: string, field: string, run: Transformer['run'], index?: number): void => {
    result.push({ kind, place: () => loaded.placeOf(field, index), run });
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
        applyStrategicMerge(set, patches, context.schemas),
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
    add('NamespaceTransformer', 'namespace', (set) => setNamespaces(set.list(), settings));
  }
  if (k.namePrefix !== '')
    add('PrefixTransformer', 'namePrefix', (set) => affixNames(set.list(), 'prefix', k.namePrefix, config.namePrefix));
  if (k.nameSuffix !== '')
    add('SuffixTransformer', 'nameSuffix', (set) => affixNames(set.list(), 'suffix', k.nameSuffix, config.nameSuffix));
  if (k.labels.length > 0 || Object.keys(k.commonLabels).length > 0) {
    for (const [index, label] of k.labels.entries()) {
      configure(
        'labels',
        () => {
          const specs = labelSpecs(label, config);
          add('LabelTransformer', 'labels', (set) => setEverywhere(set.list(), label.pairs, specs), index);
        },
        index,
      );
    }
    add('LabelTransformer', 'commonLabels', (set) => setEverywhere(set.list(), k.commonLabels, config.commonLabels));
  }
  if (Object.keys(k.commonAnnotations).length > 0)
    add('AnnotationsTransformer', 'commonAnnotations', (set) =>
      setEverywhere(set.list(), k.commonAnnotations, config.commonAnnotations),
    );
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
    add('ImageTagTransformer', 'images', (set) => changeImages(set.list(), image, config.images), index);
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

function labelSpecs(label: LabelEntry, config: TransformerConfig): readonly FieldSpec[] {
  let specs = mergeFieldSpecs(label.fields, config.labels);
  if (label.includeSelectors) return mergeFieldSpecs(specs, config.commonLabels);
  if (label.includeTemplates) specs = mergeFieldSpecs(specs, config.templateLabels);
  return mergeFieldSpecs(specs, [{ group: '', version: '', kind: '', path: 'metadata/labels', create: true }]);
}

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
  return (set) => applyPatchEntry(set, { patch, target, allowKindChange, allowNameChange, place: at }, context.schemas);
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
