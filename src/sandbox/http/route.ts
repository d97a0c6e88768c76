import type { Catalog } from '../schema/catalog.ts';
import { versionOf } from '../schema/resource.ts';
import type { Target } from '../registry/state.ts';

/** What a path below `/api/v1` or `/apis/G/V` names; undefined when nothing is served there. */
export function routeOf(segments: readonly string[], catalog: Catalog): Target | undefined {
  const legacy = segments[0] === 'api';
  const group = legacy ? '' : (segments[1] ?? '');
  const version = (legacy ? segments[1] : segments[2]) ?? '';
  let rest = segments.slice(legacy ? 2 : 3);
  let namespace = '';
  // `/namespaces/NAME/…` is a namespace's content, unless it is the namespace itself or one of its subresources.
  if (
    rest[0] === 'namespaces' &&
    rest.length >= 3 &&
    !(legacy && rest.length === 3 && (rest[2] === 'status' || rest[2] === 'finalize'))
  ) {
    namespace = rest[1] ?? '';
    rest = rest.slice(2);
  }
  const [plural = '', name = '', subresource = '', ...more] = rest;
  const resource = catalog.find(group, plural);
  const served = resource === undefined ? undefined : versionOf(resource, version);
  if (resource === undefined || served?.served !== true || more.length > 0) return undefined;
  if (resource.namespaced && namespace === '' && name !== '') return undefined;
  if (!resource.namespaced && namespace !== '') return undefined;
  return { resource, version: served, namespace, name, subresource };
}
