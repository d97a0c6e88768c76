import { EngineError } from '../core/errors.ts';
import type { GroupVersionKind } from '../core/object-key.ts';
import type { ApiResource } from '../core/ports.ts';

export type Query = Readonly<Record<string, string | undefined>>;

/** `/api/v1` or `/apis/GROUP/VERSION`. */
export function groupVersionPath(kind: { readonly group: string; readonly version: string }): string {
  return kind.group === '' ? `/api/${segment(kind.version)}` : `/apis/${segment(kind.group)}/${segment(kind.version)}`;
}

/** Path of a collection: of one namespace, or of all when `namespace` is ''. */
export function collectionPath(resource: ApiResource, namespace: string): string {
  const base = groupVersionPath(resource);
  return resource.namespaced && namespace !== ''
    ? `${base}/namespaces/${segment(namespace)}/${segment(resource.plural)}`
    : `${base}/${segment(resource.plural)}`;
}

/** Path of one object. @throws EngineError ClusterRejected when the name cannot be in a path, or a namespace is missing */
export function objectPath(
  resource: ApiResource,
  ref: { readonly namespace: string; readonly name: string },
  subresource?: string,
): string {
  if (resource.namespaced && ref.namespace === '') {
    throw new EngineError(
      'ClusterRejected',
      `${resource.kind} ${ref.name} cannot be addressed (NamespaceMissing): the kind is namespaced`,
      {
        remedy: 'name a namespace in the object or in the destination',
      },
    );
  }
  if (ref.name === '') {
    throw new EngineError(
      'ClusterRejected',
      `${resource.kind} cannot be addressed (NameMissing): the object has no name`,
    );
  }
  const path = `${collectionPath(resource, ref.namespace)}/${segment(ref.name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

export function withQuery(path: string, query: Query): string {
  let text = '';
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) text += `${text === '' ? '?' : '&'}${name}=${encodeURIComponent(value)}`;
  }
  return path + text;
}

/** How people see a kind: `Deployment.apps/v1`. */
export function describeKind(kind: GroupVersionKind): string {
  return kind.group === '' ? `${kind.kind} (${kind.version})` : `${kind.kind} (${kind.group}/${kind.version})`;
}

/** One path segment. What Kubernetes allows in no name (`.`, `..`, `/`, `%`) is refused before it can change the path. */
function segment(text: string): string {
  if (text === '.' || text === '..' || text.includes('/') || text.includes('%') || text.includes('\0')) {
    throw new EngineError(
      'ClusterRejected',
      `name ${JSON.stringify(text.slice(0, 80))} cannot be addressed (NameInvalid): it may not be . or .. nor hold / or %`,
    );
  }
  return encodeURIComponent(text);
}
