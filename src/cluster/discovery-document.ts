import { at, isJsonObject, listAt, stringAt, type Json } from '../core/json.ts';
import { parseApiVersion } from '../core/object-key.ts';
import type { ApiResource } from '../core/ports.ts';

/** What discovery said, as far as it could be read. */
export interface DiscoveredResources {
  readonly resources: readonly ApiResource[];
  /** Groups of which at least one version could not be read; '' is the core group. */
  readonly failedGroups: readonly string[];
}

export const AGGREGATED_DISCOVERY =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

/** Whether an answer is aggregated discovery; older servers answer with a list of groups or versions. */
export function isAggregated(document: Json): boolean {
  return stringAt(document, 'kind') === 'APIGroupDiscoveryList';
}

/**
 * Reads an `APIGroupDiscoveryList`. A version that the aggregator marks `Stale` was not answered by its server: what it lists may be
 * old or missing, so its group counts as failed.
 */
export function readAggregated(document: Json): DiscoveredResources {
  const resources: ApiResource[] = [];
  const failed = new Set<string>();
  for (const groupItem of listAt(document, 'items')) {
    const group = stringAt(groupItem, 'metadata', 'name') ?? '';
    for (const versionItem of listAt(groupItem, 'versions')) {
      const version = stringAt(versionItem, 'version');
      if (version === undefined) continue;
      if (stringAt(versionItem, 'freshness') === 'Stale') failed.add(group);
      for (const item of listAt(versionItem, 'resources')) {
        const plural = stringAt(item, 'resource');
        const kind = stringAt(item, 'responseKind', 'kind');
        if (plural === undefined || plural.includes('/') || kind === undefined || kind === '') continue;
        resources.push({
          group,
          version,
          kind,
          plural,
          namespaced: stringAt(item, 'scope') === 'Namespaced',
          verbs: strings(at(item, 'verbs')),
        });
      }
    }
  }
  return { resources, failedGroups: [...failed] };
}

/** Reads an `APIResourceList` of one group-version (discovery of older servers). */
export function readResourceList(groupVersion: string, document: Json): readonly ApiResource[] {
  const { group, version } = parseApiVersion(groupVersion);
  const resources: ApiResource[] = [];
  for (const item of listAt(document, 'resources')) {
    const plural = stringAt(item, 'name');
    const kind = stringAt(item, 'kind');
    if (plural === undefined || plural.includes('/') || kind === undefined) continue;
    resources.push({
      group,
      version,
      kind,
      plural,
      namespaced: at(item, 'namespaced') === true,
      verbs: strings(at(item, 'verbs')),
    });
  }
  return resources;
}

/** The group-versions that `/api` (an `APIVersions`) or `/apis` (an `APIGroupList`) names. */
export function readGroupVersions(document: Json): readonly string[] {
  if (!isJsonObject(document)) return [];
  if (stringAt(document, 'kind') === 'APIVersions') return strings(at(document, 'versions'));
  return listAt(document, 'groups').flatMap((group) =>
    listAt(group, 'versions').flatMap((version) => stringAt(version, 'groupVersion') ?? []),
  );
}

function strings(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
