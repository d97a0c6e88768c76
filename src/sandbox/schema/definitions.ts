import { structuralType } from '../../core/fields/structural.ts';
import type { SchemaType } from '../../core/fields/schema.ts';
import { isJsonObject, own, type Json, type JsonObject } from '../../core/json.ts';
import { items, textOf } from '../object.ts';
import { ALL_VERBS, type PrinterColumn, type Resource, type ScalePaths, type ServedVersion } from './resource.ts';

function pathOf(text: string): string[] {
  return text.replace(/^\./, '').split('.');
}

function scaleOf(version: Json): ScalePaths | undefined {
  const scale = own(own(version, 'subresources'), 'scale');
  if (!isJsonObject(scale)) return undefined;
  const selector = textOf(scale, 'labelSelectorPath');
  return {
    specReplicas: pathOf(textOf(scale, 'specReplicasPath')),
    statusReplicas: pathOf(textOf(scale, 'statusReplicasPath')),
    labelSelector: selector === '' ? undefined : pathOf(selector),
  };
}

function columnsOf(version: Json): PrinterColumn[] {
  return items(version, 'additionalPrinterColumns').map((column) => ({
    name: textOf(column, 'name'),
    type: textOf(column, 'type'),
    jsonPath: textOf(column, 'jsonPath'),
    priority: Number(own(column, 'priority') ?? 0),
  }));
}

/** `v2` before `v1` before `v2beta1` before `v1alpha1` before anything else: the order in which discovery prefers versions. */
function compareVersions(left: string, right: string): number {
  const rank = (version: string): readonly number[] | undefined => {
    const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
    if (match === null) return undefined;
    const stage = match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0;
    return [stage, Number(match[1]), Number(match[3] ?? 0)];
  };
  const a = rank(left);
  const b = rank(right);
  if (a === undefined || b === undefined) return a === b ? (left < right ? -1 : 1) : a === undefined ? 1 : -1;
  for (const [index, value] of a.entries()) if (value !== b[index]) return (b[index] ?? 0) - value;
  return 0;
}

/** The resource that an accepted CustomResourceDefinition describes. */
export function resourceOfDefinition(definition: JsonObject): Resource {
  const spec = own(definition, 'spec');
  const names = own(spec, 'names');
  const kind = textOf(names, 'kind');
  const all = items(spec, 'versions');
  const storage = all.find((version) => version['storage'] === true);
  const versions = all.map((version): ServedVersion => {
    const schema = own(own(version, 'schema'), 'openAPIV3Schema');
    let type: SchemaType | undefined;
    return {
      version: textOf(version, 'name'),
      served: version['served'] === true,
      type: () => (type ??= structuralType(schema)),
      typeName: undefined,
      schema: isJsonObject(schema) ? schema : undefined,
      hasStatus: own(own(version, 'subresources'), 'status') !== undefined,
      scale: scaleOf(version),
      columns: columnsOf(version),
    };
  });
  const texts = (key: string): string[] => {
    const list = own(names, key);
    return Array.isArray(list) ? list.map(String) : [];
  };
  return {
    group: textOf(spec, 'group'),
    plural: textOf(names, 'plural'),
    singular: textOf(names, 'singular') || kind.toLowerCase(),
    kind,
    listKind: textOf(names, 'listKind') || `${kind}List`,
    namespaced: textOf(spec, 'scope') !== 'Cluster',
    shortNames: texts('shortNames'),
    categories: texts('categories'),
    verbs: ALL_VERBS,
    subresources: [
      ...(versions.some((version) => version.hasStatus) ? [{ name: 'status', kind }] : []),
      ...(versions.some((version) => version.scale !== undefined) ? [{ name: 'scale', kind: 'Scale' }] : []),
    ],
    versions: versions.sort((a, b) => compareVersions(a.version, b.version)),
    storageVersion: textOf(storage, 'name'),
    definition,
  };
}
