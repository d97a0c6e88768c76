import { BuildError, type Place } from '../problems.ts';
import type { BuildContext } from '../context.ts';
import type { FolderFiles } from '../files.ts';
import type { GeneratorOptions, GeneratorSource } from '../kustomization.ts';
import { setField } from '../nodes/fields.ts';
import { lookupOrCreate } from '../nodes/path.ts';
import { mapNode, scalarNode, stringNode, TAG, type YamlNode } from '../nodes/node.ts';
import { NOTE } from '../notes.ts';
import { Resource } from '../resource.ts';
import { readKeyValues } from './key-values.ts';

/** Makes the ConfigMap or Secret of one generator entry. @throws BuildError */
export function generateObject(
  kind: 'ConfigMap' | 'Secret',
  source: GeneratorSource,
  files: FolderFiles,
  place: Place,
  context: BuildContext,
): Resource {
  const field = kind === 'ConfigMap' ? 'configMapGenerator' : 'secretGenerator';
  if (source.name === '') throw new BuildError('MissingField', `${field}: an entry has no name`, { place });
  const tree = baseObject(kind, source);
  if (kind === 'Secret') setField(tree, 'type', stringNode(source.type === '' ? 'Opaque' : source.type));
  const data = readKeyValues(source, files, field);
  if (kind === 'ConfigMap') fillConfigMap(tree, data);
  else fillSecret(tree, data);
  const resource = new Resource(tree, place, context);
  applyOptions(resource, source.options);
  if (source.options?.disableNameSuffixHash !== true) resource.enable(NOTE.needsHash);
  const annotations = resource.annotations();
  annotations.set(NOTE.behavior, source.behavior === '' ? 'unspecified' : source.behavior);
  resource.setAnnotations(annotations);
  return resource;
}

function baseObject(kind: string, source: GeneratorSource): YamlNode {
  const tree = mapNode(TAG.map);
  setField(tree, 'apiVersion', stringNode('v1'));
  setField(tree, 'kind', stringNode(kind));
  const metadata = lookupOrCreate(tree, ['metadata'], 'map');
  if (metadata !== undefined) {
    setField(metadata, 'name', stringNode(source.name));
    if (source.namespace !== '') setField(metadata, 'namespace', stringNode(source.namespace));
  }
  return tree;
}

function fillConfigMap(tree: YamlNode, data: ReadonlyMap<string, Uint8Array>): void {
  for (const key of [...data.keys()].sort()) {
    const bytes = data.get(key) ?? new Uint8Array();
    const text = utf8(bytes);
    const target = lookupOrCreate(tree, [text === undefined ? 'binaryData' : 'data'], 'map');
    if (target !== undefined) setField(target, key, stringNode(text ?? base64Lines(bytes)));
  }
}

function fillSecret(tree: YamlNode, data: ReadonlyMap<string, Uint8Array>): void {
  const target = lookupOrCreate(tree, ['data'], 'map');
  if (target === undefined) return;
  for (const key of [...data.keys()].sort()) {
    setField(target, key, stringNode(base64Lines(data.get(key) ?? new Uint8Array())));
  }
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const LINE = 70;

/** Base64, from 70 characters on in lines that each end with a line break. */
function base64Lines(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  if (text.length < LINE) return text;
  let result = '';
  for (let at = 0; at < text.length; at += LINE) result += `${text.slice(at, at + LINE)}\n`;
  return result;
}

function applyOptions(resource: Resource, options: GeneratorOptions | undefined): void {
  if (options === undefined) return;
  for (const key of Object.keys(options.labels).sort()) resource.label(key, options.labels[key] ?? '');
  for (const key of Object.keys(options.annotations).sort()) resource.annotate(key, options.annotations[key] ?? '');
  if (options.immutable) setField(resource.tree, 'immutable', scalarNode('true', TAG.bool));
}

/** An entry's own options over those of `generatorOptions`. */
export function mergeOptions(
  own: GeneratorOptions | undefined,
  global: GeneratorOptions | undefined,
): GeneratorOptions | undefined {
  if (global === undefined) return own;
  if (own === undefined) return global;
  return {
    labels: { ...global.labels, ...own.labels },
    annotations: { ...global.annotations, ...own.annotations },
    disableNameSuffixHash: own.disableNameSuffixHash || global.disableNameSuffixHash,
    immutable: own.immutable || global.immutable,
  };
}
