import { isBuiltInClusterScoped } from './scope.ts';

/** Group, version and kind; as a selector an empty part matches anything. */
export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface ResourceId extends Gvk {
  readonly name: string;
  /** As written; '' when none is. */
  readonly namespace: string;
  readonly clusterScoped: boolean;
  /** As {@link idKey} and {@link gvknKey} say. */
  readonly key: string;
  readonly nameKey: string;
}

/** Tells which kinds have no namespace; a custom `openapi` schema may know more than the built-in table. */
export interface Scopes {
  /** Another number once the answers may be others. */
  readonly generation: number;
  isClusterScoped(apiVersion: string, kind: string): boolean;
}

export const BUILT_IN_SCOPES: Scopes = { generation: 0, isClusterScoped: isBuiltInClusterScoped };

/** For ids that are only compared by what is written. */
export const NO_SCOPES: Pick<Scopes, 'isClusterScoped'> = { isClusterScoped: () => false };

/** The namespace under which kinds without one are kept apart. */
export const NO_NAMESPACE = '_non_namespaceable_';
const DEFAULT_NAMESPACE = 'default';

export function splitApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export function joinApiVersion(gvk: Gvk): string {
  return gvk.group === '' ? gvk.version : `${gvk.group}/${gvk.version}`;
}

export function makeId(
  gvk: Gvk,
  name: string,
  namespace: string,
  scopes: Pick<Scopes, 'isClusterScoped'> = BUILT_IN_SCOPES,
): ResourceId {
  const { group, version, kind } = gvk;
  const clusterScoped = scopes.isClusterScoped(joinApiVersion(gvk), kind);
  const nameKey = `${group}\n${version}\n${kind}\n${name}`;
  const key = `${nameKey}\n${clusterScoped ? NO_NAMESPACE : namespace || DEFAULT_NAMESPACE}`;
  return { group, version, kind, name, namespace, clusterScoped, key, nameKey };
}

/** Where an object lives: `default` when no namespace is written, a mark of its own for kinds without namespaces. */
export function effectiveNamespace(id: ResourceId): string {
  if (id.clusterScoped) return NO_NAMESPACE;
  return id.namespace === '' ? DEFAULT_NAMESPACE : id.namespace;
}

/** A text that is equal for equal ids. */
export function idKey(id: ResourceId): string {
  return id.key;
}

/** As {@link idKey} without the namespace. */
export function gvknKey(id: ResourceId): string {
  return id.nameKey;
}

export function isSelectedBy(gvk: Gvk, selector: Gvk): boolean {
  return (
    (selector.group === '' || selector.group === gvk.group) &&
    (selector.version === '' || selector.version === gvk.version) &&
    (selector.kind === '' || selector.kind === gvk.kind)
  );
}

/** `Deployment.v1.apps`: how Kustomize writes a kind. */
export function formatGvk(gvk: Gvk): string {
  return `${gvk.kind || '[noKind]'}.${gvk.version || '[noVer]'}.${gvk.group || '[noGrp]'}`;
}

/** How people see an id in messages. */
export function describeId(id: ResourceId): string {
  const kind = id.group === '' ? id.kind : `${id.kind}.${id.group}`;
  return id.namespace === '' ? `${kind} ${id.name}` : `${kind} ${id.namespace}/${id.name}`;
}
