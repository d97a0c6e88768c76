import { createHash } from 'node:crypto';
import { EngineError } from '../core/errors.ts';
import { stableJson } from '../core/json.ts';
import type { Manifest, ManifestSet, Origin, RenderProblem } from '../core/manifest.ts';
import { compareKeys, describeKey, formatKey, keyOf, type KubeObject } from '../core/object-key.ts';
import type { RenderedObject } from './plain.ts';
import { type IsNamespaced, scopesOf } from './scope.ts';

export interface SetOptions {
  /** For namespaced objects that name none. */
  readonly namespace: string;
  /** Of all objects as JSON. */
  readonly outputBytes: number;
}

/**
 * Rendered objects as a set with unique keys. Objects that name no namespace get the default one where it is known that they need one:
 * Kubernetes' own kinds, and custom resources whose definition is in the set. Other custom resources stay as they are: only the cluster
 * knows. The digest is SHA-256 over the stable JSON of the objects in key order, so it does not depend on the order of rendering.
 * @returns the set, or the objects that are declared twice (compared with their namespaces and over all versions of a kind)
 * @throws EngineError RenderLimit
 */
export function buildManifestSet(
  objects: readonly RenderedObject[],
  options: SetOptions,
): { readonly set: ManifestSet } | { readonly problems: readonly RenderProblem[] } {
  const isNamespaced = scopesOf(objects.map(({ object }) => object));
  const manifests: Manifest[] = [];
  const seen = new Map<string, Origin>();
  const problems: RenderProblem[] = [];
  for (const { object, origin } of objects) {
    const placed = inNamespace(object, isNamespaced, options.namespace);
    const key = keyOf(placed);
    const id = formatKey(key);
    const before = seen.get(id);
    if (before === undefined) {
      seen.set(id, origin);
      manifests.push({ key, object: placed, origin });
    } else {
      problems.push({
        ...origin,
        message: `${describeKey(key)} is declared twice: also in ${describeOrigin(before)}`,
        remedy: 'keep one of the two',
      });
    }
  }
  if (problems.length > 0) return { problems };
  return { set: { manifests, digest: digestOf(manifests, options.outputBytes) } };
}

function inNamespace(object: KubeObject, isNamespaced: IsNamespaced, namespace: string): KubeObject {
  const { namespace: named, ...metadata } = object.metadata;
  const scope = isNamespaced(object.apiVersion, object.kind);
  const has = typeof named === 'string' && named !== '';
  if (scope === true && !has) return { ...object, metadata: { ...object.metadata, namespace } };
  if (named !== undefined && (scope === false || !has)) return { ...object, metadata } as KubeObject;
  return object;
}

function describeOrigin({ path, line }: Origin): string {
  return line === undefined ? path : `${path}:${line}`;
}

function digestOf(manifests: readonly Manifest[], outputBytes: number): string {
  const hash = createHash('sha256');
  let bytes = 0;
  let separator = '[';
  for (const { object } of manifests.toSorted((left, right) => compareKeys(left.key, right.key))) {
    const text = stableJson(object);
    bytes += Buffer.byteLength(text);
    if (bytes > outputBytes) {
      throw new EngineError(
        'RenderLimit',
        `rendered objects are too large (RenderLimit): more than ${outputBytes} bytes of JSON`,
      );
    }
    hash.update(separator).update(text);
    separator = ',';
  }
  return `sha256:${hash.update(manifests.length === 0 ? '[]' : ']').digest('hex')}`;
}
