import { builtinType, builtinTypeName } from '../../core/fields/builtin.ts';
import type { SchemaType } from '../../core/fields/schema.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Subject } from '../status.ts';
import { BUILTIN_RESOURCES } from './builtin-resources.ts';

/** How `/scale` finds its numbers in an object. */
export interface ScalePaths {
  readonly specReplicas: readonly string[];
  readonly statusReplicas: readonly string[];
  /** Where the selector is as text (custom resources); undefined: in spec.selector. */
  readonly labelSelector: readonly string[] | undefined;
}

export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly priority: number;
}

/** One version of a resource. */
export interface ServedVersion {
  readonly version: string;
  readonly served: boolean;
  /** The type that ownership and merging go by. */
  readonly type: () => SchemaType;
  /** The type name in the built-in table; undefined for custom resources. */
  readonly typeName: string | undefined;
  /** The `openAPIV3Schema` of a custom resource. */
  readonly schema: JsonObject | undefined;
  readonly hasStatus: boolean;
  readonly scale: ScalePaths | undefined;
  readonly columns: readonly PrinterColumn[];
}

/** One resource of the API: what a path names. */
export interface Resource extends Subject {
  readonly group: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly { readonly name: string; readonly kind: string }[];
  /** Preferred first. */
  readonly versions: readonly ServedVersion[];
  readonly storageVersion: string;
  /** The definition that made it; undefined for a built-in. */
  readonly definition: JsonObject | undefined;
}

export const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

export function apiVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

export function resourceId(group: string, plural: string): string {
  return `${group}/${plural}`;
}

const SCALE: ScalePaths = {
  specReplicas: ['spec', 'replicas'],
  statusReplicas: ['status', 'replicas'],
  labelSelector: undefined,
};

interface Line {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly { readonly name: string; readonly kind: string }[];
}

function parseLine(text: string): Line {
  const [
    groupVersion = '',
    kind = '',
    plural = '',
    singular = '',
    scope,
    shorts = '-',
    categories = '-',
    verbs = '',
    subs = '-',
  ] = text.split(' ');
  const list = (field: string): string[] => (field === '-' ? [] : field.split(','));
  const slash = groupVersion.indexOf('/');
  return {
    group: groupVersion.slice(0, slash),
    version: groupVersion.slice(slash + 1),
    kind,
    plural,
    singular: singular === '-' ? '' : singular,
    namespaced: scope === 'N',
    shortNames: list(shorts),
    categories: list(categories),
    verbs: verbs === '*' ? ALL_VERBS : list(verbs),
    subresources: list(subs).map((entry) => {
      const [name = '', owner] = entry.split('=');
      return { name, kind: owner ?? kind };
    }),
  };
}

/** The built-in resources in the order of discovery. */
export function builtinResources(): Resource[] {
  const merged = new Map<string, Resource>();
  for (const text of BUILTIN_RESOURCES.trim().split('\n')) {
    const line = parseLine(text);
    const typeName = builtinTypeName(line);
    const version: ServedVersion = {
      version: line.version,
      served: true,
      type: () => builtinType(typeName ?? ''),
      typeName,
      schema: undefined,
      hasStatus: line.subresources.some((sub) => sub.name === 'status'),
      scale: line.subresources.some((sub) => sub.name === 'scale') ? SCALE : undefined,
      columns: [],
    };
    const id = resourceId(line.group, line.plural);
    const known = merged.get(id);
    merged.set(
      id,
      known === undefined
        ? {
            ...line,
            listKind: `${line.kind}List`,
            versions: [version],
            storageVersion: line.version,
            definition: undefined,
          }
        : { ...known, versions: [...known.versions, version] },
    );
  }
  return [...merged.values()];
}

export function versionOf(resource: Resource, version: string): ServedVersion | undefined {
  return resource.versions.find((entry) => entry.version === version);
}

/** The version in which objects are kept. */
export function storageVersionOf(resource: Resource): ServedVersion {
  const found = versionOf(resource, resource.storageVersion) ?? resource.versions[0];
  if (found === undefined) throw new Error(`resource ${resource.plural} has no version`);
  return found;
}
