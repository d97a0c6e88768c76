import { isEngineError, type EngineError } from '../core/errors.ts';
import { at, own, stringAt } from '../core/json.ts';
import type { Manifest } from '../core/manifest.ts';
import { formatKey, gvkOf, keyOf, type GroupVersionKind, type KubeObject } from '../core/object-key.ts';
import type { Cluster } from '../core/ports.ts';
import { normalizeManifest } from '../diff/normalize.ts';
import { asEngineError } from './live-reader.ts';

export interface Placement {
  /** Normalised, each in the namespace where it will live. */
  readonly manifests: readonly Manifest[];
  /** Kinds that nobody serves: key → why. */
  readonly unknownKinds: ReadonlyMap<string, string>;
  /** Kinds whose group could not be read: key → error. Not absent, unknown. */
  readonly unreadable: ReadonlyMap<string, EngineError>;
  /** Keys of custom resources whose definition comes with this very set and is not served yet. */
  readonly pendingKinds: ReadonlySet<string>;
}

/**
 * Gives each manifest its namespace: the cluster (or a CustomResourceDefinition of the same set) knows which kinds have one. Objects
 * that name none get the destination's; cluster-scoped ones lose what they name.
 */
export async function placeManifests(
  manifests: readonly Manifest[],
  cluster: Cluster,
  options: { readonly namespace: string; readonly label: string; readonly signal?: AbortSignal },
): Promise<Placement> {
  const defined = definedKinds(manifests);
  const kinds = new Map<string, GroupVersionKind>();
  for (const { object } of manifests) kinds.set(idOf(gvkOf(object)), gvkOf(object));
  const scopes = new Map<string, Scope>();
  await Promise.all(
    [...kinds].map(async ([id, kind]) => {
      scopes.set(id, await scopeOf(kind, cluster, defined, options.signal));
    }),
  );
  const placed: Manifest[] = [];
  const unknownKinds = new Map<string, string>();
  const unreadable = new Map<string, EngineError>();
  const pendingKinds = new Set<string>();
  for (const manifest of manifests) {
    const scope = scopes.get(idOf(gvkOf(manifest.object)));
    const object = normalizeManifest(inNamespace(manifest.object, scope, options.namespace), options.label);
    const key = keyOf(object);
    placed.push({ ...manifest, object, key });
    if (scope?.kind === 'unserved') unknownKinds.set(formatKey(key), scope.message);
    if (scope?.kind === 'unreadable') unreadable.set(formatKey(key), scope.error);
    if (scope?.kind === 'pending') pendingKinds.add(formatKey(key));
  }
  return { manifests: placed, unknownKinds, unreadable, pendingKinds };
}

type Scope =
  | { readonly kind: 'served' | 'pending'; readonly namespaced: boolean }
  | { readonly kind: 'unserved'; readonly message: string }
  | { readonly kind: 'unreadable'; readonly error: EngineError };

async function scopeOf(
  kind: GroupVersionKind,
  cluster: Cluster,
  defined: ReadonlyMap<string, boolean>,
  signal: AbortSignal | undefined,
): Promise<Scope> {
  try {
    const resource = await cluster.resource(kind, signal);
    return { kind: 'served', namespaced: resource.namespaced };
  } catch (thrown) {
    const namespaced = defined.get(idOf(kind));
    if (namespaced !== undefined) return { kind: 'pending', namespaced };
    if (isEngineError(thrown, 'KindUnknown')) return { kind: 'unserved', message: thrown.message };
    return { kind: 'unreadable', error: asEngineError(thrown) };
  }
}

/** Kinds that CustomResourceDefinitions of the set define, with whether they are namespaced. */
function definedKinds(manifests: readonly Manifest[]): Map<string, boolean> {
  const defined = new Map<string, boolean>();
  for (const { object } of manifests) {
    if (object.kind !== 'CustomResourceDefinition') continue;
    const group = stringAt(object, 'spec', 'group');
    const kind = stringAt(object, 'spec', 'names', 'kind');
    const versions = at(object, 'spec', 'versions');
    if (group === undefined || kind === undefined || !Array.isArray(versions)) continue;
    for (const version of versions) {
      const name = stringAt(version, 'name');
      if (name !== undefined && own(version, 'served') !== false) {
        defined.set(idOf({ group, version: name, kind }), stringAt(object, 'spec', 'scope') !== 'Cluster');
      }
    }
  }
  return defined;
}

function inNamespace(object: KubeObject, scope: Scope | undefined, namespace: string): KubeObject {
  const named = stringAt(object, 'metadata', 'namespace');
  if (scope?.kind === 'served' || scope?.kind === 'pending') {
    if (scope.namespaced === (named !== undefined)) return object;
    if (scope.namespaced) return { ...object, metadata: { ...object.metadata, namespace } };
    const { namespace: _dropped, ...metadata } = object.metadata;
    return { ...object, metadata } as KubeObject;
  }
  return object;
}

function idOf(kind: GroupVersionKind): string {
  return `${kind.group}/${kind.version}/${kind.kind}`;
}
