import type { Json } from '../../../core/json.ts';
import { formatKey, isKubeObject, keyOf, type KubeObject } from '../../../core/object-key.ts';
import { stringAt } from '../../../core/json.ts';
import { emitYaml } from '../../yaml/emit.ts';
import { hookEvents } from '../hooks.ts';
import { compareKinds } from './install-order.ts';
import type { RenderedDocument, SortedManifests } from './sort-manifests.ts';

/**
 * Hands all objects to a post-renderer and puts what comes back into order again. An object keeps the template that it came from as
 * long as its key stays; a new one stands under `post-render`. Documents that are no objects stay: the report on them names them.
 */
export function applyPostRender(
  sorted: SortedManifests,
  postRender: (objects: readonly KubeObject[]) => readonly KubeObject[],
): SortedManifests {
  const before = [...sorted.manifests, ...sorted.hooks];
  const templates = new Map<string, string>();
  for (const document of before) {
    if (isKubeObject(document.json)) templates.set(formatKey(keyOf(document.json)), document.template);
  }
  const objects = before.map((document): Json => document.json).filter(isKubeObject);
  const others = before.filter((document) => !isKubeObject(document.json));
  const after = postRender(objects).map((object): RenderedDocument => {
    const annotation = stringAt(object, 'metadata', 'annotations', 'helm.sh/hook');
    return {
      template: templates.get(formatKey(keyOf(object))) ?? 'post-render',
      text: emitYaml(object, 'kustomize'),
      json: object,
      kind: object.kind,
      apiVersion: object.apiVersion,
      events: annotation === undefined ? [] : (hookEvents(annotation) ?? []),
    };
  });
  const ordered = [...after, ...others].sort((left, right) => compareKinds(left.kind, right.kind));
  return {
    ...sorted,
    manifests: ordered.filter((document) => document.events.length === 0),
    hooks: ordered.filter((document) => document.events.length > 0),
  };
}
