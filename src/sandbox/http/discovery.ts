import type { MutableJson, MutableJsonObject } from '../../core/json.ts';
import type { Catalog } from '../schema/catalog.ts';
import { apiVersionOf, versionOf, type Resource } from '../schema/resource.ts';

const SUBRESOURCE_VERBS: Readonly<Record<string, readonly string[]>> = {
  status: ['get', 'patch', 'update'],
  scale: ['get', 'patch', 'update'],
  finalize: ['update'],
  approval: ['get', 'patch', 'update'],
  eviction: ['create'],
  binding: ['create'],
  ephemeralcontainers: ['get', 'patch', 'update'],
  resize: ['get', 'patch', 'update'],
  log: ['get'],
  token: ['create'],
};
/** Subresources that need a running container or a network behind them. */
const NOT_SIMULATED = new Set(['attach', 'exec', 'portforward', 'proxy', 'log', 'token']);
const OTHER_GROUPS: Readonly<Record<string, { readonly group: string; readonly version: string }>> = {
  Scale: { group: 'autoscaling', version: 'v1' },
  Eviction: { group: 'policy', version: 'v1' },
};

/** What the server does with a subresource: serves it, knows it but cannot simulate it, or does not know it. */
export function subresourceState(
  resource: Resource,
  version: string,
  name: string,
): 'served' | 'not-simulated' | 'unknown' {
  const found = resource.subresources.some((sub) => sub.name === name);
  if (!found) return 'unknown';
  if (NOT_SIMULATED.has(name)) return 'not-simulated';
  const served = versionOf(resource, version);
  if (name === 'status') return served?.hasStatus === true ? 'served' : 'unknown';
  if (name === 'scale') return served?.scale === undefined ? 'unknown' : 'served';
  return 'served';
}

function subresourcesOf(resource: Resource, version: string): { readonly name: string; readonly kind: string }[] {
  return resource.subresources.filter((sub) => subresourceState(resource, version, sub.name) === 'served');
}

function resourcesOf(catalog: Catalog, group: string, version: string): Resource[] {
  return catalog
    .all()
    .filter((resource) => resource.group === group && versionOf(resource, version)?.served === true)
    .sort((a, b) => (a.plural < b.plural ? -1 : 1));
}

/** `APIGroupDiscoveryList` for `/api` or `/apis`. */
export function aggregatedDiscovery(catalog: Catalog, legacy: boolean): MutableJsonObject {
  const items: MutableJson[] = [];
  for (const [group, versions] of catalog.groups()) {
    if ((group === '') !== legacy) continue;
    items.push({
      metadata: { ...(group === '' ? {} : { name: group }), creationTimestamp: null },
      versions: versions.map((version) => ({
        version,
        resources: resourcesOf(catalog, group, version).map((resource) => describe(resource, version)),
        freshness: 'Current',
      })),
    });
  }
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}

function describe(resource: Resource, version: string): MutableJsonObject {
  const subresources = subresourcesOf(resource, version).map((sub) => ({
    subresource: sub.name,
    responseKind: { ...(OTHER_GROUPS[sub.kind] ?? { group: resource.group, version }), kind: sub.kind },
    verbs: [...(SUBRESOURCE_VERBS[sub.name] ?? ['get'])],
  }));
  return {
    resource: resource.plural,
    responseKind: { group: resource.group, version, kind: resource.kind },
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: [...resource.verbs],
    ...(resource.shortNames.length > 0 ? { shortNames: [...resource.shortNames] } : {}),
    ...(resource.categories.length > 0 ? { categories: [...resource.categories] } : {}),
    ...(subresources.length > 0 ? { subresources } : {}),
  };
}

function groupOf(group: string, versions: readonly string[]): MutableJsonObject {
  const list = versions.map((version) => ({ groupVersion: apiVersionOf(group, version), version }));
  return { name: group, versions: list, preferredVersion: { ...list[0] } as MutableJsonObject };
}

/** `APIVersions` of `/api`. */
export function legacyVersions(): MutableJsonObject {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1' }],
  };
}

/** `APIGroupList` of `/apis`. */
export function groupList(catalog: Catalog): MutableJsonObject {
  const groups = [...catalog.groups()].filter(([group]) => group !== '');
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groups.map(([group, versions]) => groupOf(group, versions)),
  };
}

/** `APIGroup` of `/apis/GROUP`; undefined when there is none. */
export function groupDocument(catalog: Catalog, group: string): MutableJsonObject | undefined {
  const versions = catalog.groups().get(group);
  return versions === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group, versions) };
}

/** `APIResourceList` of a group and version; undefined when it is not served. */
export function resourceList(catalog: Catalog, group: string, version: string): MutableJsonObject | undefined {
  const resources = resourcesOf(catalog, group, version);
  if (resources.length === 0) return undefined;
  const list: MutableJson[] = [];
  for (const resource of resources) {
    list.push({
      name: resource.plural,
      singularName: resource.singular,
      namespaced: resource.namespaced,
      kind: resource.kind,
      verbs: [...resource.verbs],
      ...(resource.shortNames.length > 0 ? { shortNames: [...resource.shortNames] } : {}),
      ...(resource.categories.length > 0 ? { categories: [...resource.categories] } : {}),
    });
    for (const sub of subresourcesOf(resource, version))
      list.push({
        name: `${resource.plural}/${sub.name}`,
        singularName: '',
        namespaced: resource.namespaced,
        ...OTHER_GROUPS[sub.kind],
        kind: sub.kind,
        verbs: [...(SUBRESOURCE_VERBS[sub.name] ?? ['get'])],
      });
  }
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersionOf(group, version), resources: list };
}
