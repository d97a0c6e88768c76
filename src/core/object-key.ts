import { isJsonObject, own, stringAt, type JsonObject } from './json.ts';

/** What identifies an object in inventory, plan, report and logs. The version is not part of it: an object has many. */
export interface ObjectKey {
  /** '' for the core group. */
  readonly group: string;
  readonly kind: string;
  /** '' for a cluster-scoped object. */
  readonly namespace: string;
  readonly name: string;
}

/** A Kubernetes object as JSON: apiVersion, kind and metadata.name were checked, everything else is untrusted. */
export interface KubeObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** The parts of ObjectMeta that the engine reads; types are those that Kubernetes documents, not yet checked. */
export interface ObjectMeta extends JsonObject {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly labels?: JsonObject;
  readonly annotations?: JsonObject;
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export function parseApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export function gvkOf(object: { readonly apiVersion: string; readonly kind: string }): GroupVersionKind {
  return { ...parseApiVersion(object.apiVersion), kind: object.kind };
}

export function keyOf(object: KubeObject): ObjectKey {
  return {
    group: parseApiVersion(object.apiVersion).group,
    kind: object.kind,
    namespace: stringAt(object, 'metadata', 'namespace') ?? '',
    name: object.metadata.name,
  };
}

/** A map key: unique per object, sorts by namespace, then name, then kind. `_` can be in no Kubernetes name (the form is Flux's inventory id). */
export function formatKey(key: ObjectKey): string {
  return `${key.namespace}_${key.name}_${key.group}_${key.kind}`;
}

/** The reverse of {@link formatKey}; undefined for any other text. RBAC names may hold `_` and `:`, so the outer parts are split off first. */
export function parseKey(text: string): ObjectKey | undefined {
  const first = text.indexOf('_');
  const last = text.lastIndexOf('_');
  const middle = text.lastIndexOf('_', last - 1);
  if (first < 0 || middle <= first || last <= middle) return undefined;
  const name = text.slice(first + 1, middle);
  const kind = text.slice(last + 1);
  if (name === '' || kind === '') return undefined;
  return { namespace: text.slice(0, first), name, group: text.slice(middle + 1, last), kind };
}

/** How people see a key: `Deployment shop/web`, `ClusterRole admin`, `certificate.cert-manager.io`-style groups after the kind. */
export function describeKey(key: ObjectKey): string {
  const kind = key.group === '' ? key.kind : `${key.kind}.${key.group}`;
  return key.namespace === '' ? `${kind} ${key.name}` : `${kind} ${key.namespace}/${key.name}`;
}

export function sameKey(left: ObjectKey, right: ObjectKey): boolean {
  return (
    left.name === right.name &&
    left.kind === right.kind &&
    left.namespace === right.namespace &&
    left.group === right.group
  );
}

export function compareKeys(left: ObjectKey, right: ObjectKey): number {
  const a = formatKey(left);
  const b = formatKey(right);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether a JSON value has what makes it a Kubernetes object: string apiVersion and kind, and metadata with a name. */
export function isKubeObject(value: unknown): value is KubeObject {
  return (
    isJsonObject(value) &&
    typeof own(value, 'apiVersion') === 'string' &&
    typeof own(value, 'kind') === 'string' &&
    (stringAt(value, 'metadata', 'name') ?? '') !== ''
  );
}
