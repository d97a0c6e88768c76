import { FIELD_MANAGER } from '../core/application.ts';
import { EMPTY_SET, union } from '../core/fields/field-set.ts';
import { formatFieldsV1, parseFieldsV1 } from '../core/fields/fields-v1.ts';
import { listAt, own, stringAt, type Json, type JsonObject } from '../core/json.ts';
import { gvkOf, keyOf, type KubeObject } from '../core/object-key.ts';
import type { Cluster } from '../core/ports.ts';

/**
 * Managers that applied whole manifests before us. Their fields become ours once, so that what Git drops later goes away live too.
 * Controllers that write single fields (autoscalers, the deployment controller) are not among them and keep what is theirs.
 */
const PREDECESSORS = new Set([
  'kubectl-client-side-apply',
  'kubectl',
  'kubectl-create',
  'before-first-apply',
  'helm',
  'Helm',
  'argocd-controller',
  'kustomize-controller',
  'helm-controller',
  'kapp-server-side-apply',
  'kapp',
]);

/**
 * Moves the field ownership of predecessors into our manager's entry, in one patch at the live resourceVersion (client-go's
 * csaupgrade does the same for kubectl). Values do not change.
 */
export async function takeOverFields(cluster: Cluster, object: KubeObject, signal: AbortSignal): Promise<void> {
  const live = await cluster.get(gvkOf(object), keyOf(object), signal);
  if (live.state === 'unknown') throw live.error;
  if (live.state === 'absent') return;
  const next = mergeOwnership(listAt(live.object, 'metadata', 'managedFields'), live.object.apiVersion);
  if (next === undefined) return;
  const body: JsonObject[] = [
    {
      op: 'test',
      path: '/metadata/resourceVersion',
      value: stringAt(live.object, 'metadata', 'resourceVersion') ?? '',
    },
    { op: 'replace', path: '/metadata/managedFields', value: next },
  ];
  if (own(live.object.metadata.annotations, 'kubectl.kubernetes.io/last-applied-configuration') !== undefined) {
    body.push({ op: 'remove', path: '/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration' });
  }
  await cluster.patch(gvkOf(object), keyOf(object), { type: 'json', body }, { signal });
}

/** The managedFields list with the predecessors' entries merged into ours; undefined when there is nothing to merge. */
export function mergeOwnership(entries: readonly Json[], apiVersion: string): Json[] | undefined {
  const mergeable = entries.filter(
    (entry) =>
      PREDECESSORS.has(stringAt(entry, 'manager') ?? '') &&
      stringAt(entry, 'subresource') === undefined &&
      // Paths of another version may mean something else at this one: that entry stays, and the apply takes what Git says from it.
      stringAt(entry, 'apiVersion') === apiVersion,
  );
  if (mergeable.length === 0) return undefined;
  const ours = entries.find(
    (entry) =>
      stringAt(entry, 'manager') === FIELD_MANAGER &&
      stringAt(entry, 'operation') === 'Apply' &&
      stringAt(entry, 'subresource') === undefined,
  );
  let fields = parseFieldsV1(own(ours, 'fieldsV1')) ?? EMPTY_SET;
  for (const entry of mergeable) fields = union(fields, parseFieldsV1(own(entry, 'fieldsV1')) ?? EMPTY_SET);
  const time = stringAt(mergeable[0], 'time');
  const merged: JsonObject = {
    manager: FIELD_MANAGER,
    operation: 'Apply',
    apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: formatFieldsV1(fields),
    ...(time === undefined ? {} : { time }),
  };
  return [...entries.filter((entry) => entry !== ours && !mergeable.includes(entry)), merged];
}
