import { own, type JsonObject, type MutableJson } from '../../core/json.ts';
import { formatTime } from '../clock.ts';
import { isDeleting, metaOf, nameOf, textOf, uidOf, withField, withMeta, type Stored } from '../object.ts';
import { conflict, type Subject } from '../status.ts';
import type { DeleteRequest, RequestContext } from './context.ts';
import { erase, finalizersOf, isReadyToGo, persist } from './persist.ts';
import type { RegistryState, Target } from './state.ts';
import { hasGeneration, returnsDeleted } from './strategy.ts';
import { getObject } from './write.ts';

const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';

function checkPreconditions(current: Stored, request: DeleteRequest, resource: Subject): void {
  // Here the server names the kind where it names the resource elsewhere.
  const subject: Subject = { ...resource, plural: resource.kind };
  const name = nameOf(current);
  if (request.uid !== undefined && request.uid !== uidOf(current))
    throw conflict(
      subject,
      name,
      `the UID in the precondition (${request.uid}) does not match the UID in record (${uidOf(current)}). The object might have been deleted and then recreated`,
    );
  const version = textOf(metaOf(current), 'resourceVersion');
  if (request.resourceVersion !== undefined && request.resourceVersion !== version)
    throw conflict(
      subject,
      name,
      `the ResourceVersion in the precondition (${request.resourceVersion}) does not match the ResourceVersion in record (${version}). The object might have been modified`,
    );
}

/** How long a pod may take to stop: what was asked, or its own period; pods that never ran go at once. */
function graceOf(current: Stored, target: Target, request: DeleteRequest): number {
  if (target.resource.group !== '' || target.resource.kind !== 'Pod') return 0;
  const phase = textOf(own(current, 'status'), 'phase');
  if (textOf(own(current, 'spec'), 'nodeName') === '' || phase === 'Succeeded' || phase === 'Failed') return 0;
  const own30 = own(own(current, 'spec'), 'terminationGracePeriodSeconds');
  return request.gracePeriodSeconds ?? (typeof own30 === 'number' ? own30 : 30);
}

/** Kinds whose dependents stay unless the request says otherwise; the server has never been able to change that. */
const ORPHANS_BY_DEFAULT = new Set(['batch/Job', '/ReplicationController']);
const DEFINITION_CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

function isDefinition(target: Target): boolean {
  return target.resource.group === 'apiextensions.k8s.io' && target.resource.kind === 'CustomResourceDefinition';
}

function finalizersAfter(current: Stored, request: DeleteRequest, target: Target, context: RequestContext): string[] {
  const list = finalizersOf(current).filter(
    (entry) => request.propagation === undefined || (entry !== ORPHAN && entry !== FOREGROUND),
  );
  const kind = `${target.resource.group}/${target.resource.kind}`;
  const byDefault = request.propagation === undefined && !isDeleting(current) && ORPHANS_BY_DEFAULT.has(kind);
  if (byDefault && target.resource.kind === 'Job')
    context.warnings.push(
      'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
    );
  if (request.propagation === 'Orphan' || byDefault) list.push(ORPHAN);
  if (isDefinition(target) && !list.includes(DEFINITION_CLEANUP)) list.push(DEFINITION_CLEANUP);
  if (request.propagation === 'Foreground') list.push(FOREGROUND);
  return list;
}

function succeeded(target: Target, object: JsonObject): JsonObject {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: nameOf(object),
      ...(target.resource.group === '' ? {} : { group: target.resource.group }),
      kind: target.resource.plural,
      uid: uidOf(object),
    },
  };
}

/**
 * Deletes an object, or marks it as being deleted where finalizers, dependents or running containers have to go first.
 * @throws ApiError 404, 409 for a precondition that does not hold
 */
export function deleteObject(
  state: RegistryState,
  target: Target,
  request: DeleteRequest,
  context: RequestContext,
): JsonObject {
  const current = getObject(state, target);
  const { resource } = target;
  checkPreconditions(current, request, resource);
  for (const admit of state.admission)
    admit({ operation: 'DELETE', target, object: undefined, before: current, context }, state);
  const grace = graceOf(current, target, request);
  const finalizers = finalizersAfter(current, request, target, context);
  const time = state.clock.now();
  let marked = withMeta(current, {
    finalizers: finalizers.length > 0 ? finalizers : undefined,
    deletionTimestamp: own(metaOf(current), 'deletionTimestamp') ?? formatTime(time + grace * 1000),
    deletionGracePeriodSeconds: isDeleting(current)
      ? Math.min(grace, Number(own(metaOf(current), 'deletionGracePeriodSeconds') ?? 0))
      : grace,
    ...(hasGeneration(resource) && !isDeleting(current)
      ? { generation: Number(own(metaOf(current), 'generation') ?? 0) + 1 }
      : {}),
  });
  if (isDefinition(target)) marked = definitionMarked(marked, current, formatTime(time));
  if (resource.group === '' && resource.kind === 'Namespace') {
    marked = withMeta(marked, { deletionGracePeriodSeconds: undefined });
    const status = own(marked, 'status');
    marked = withField(marked, 'status', { ...(status as Record<string, MutableJson>), phase: 'Terminating' });
  }
  if (isReadyToGo(marked, resource)) {
    if (context.dryRun) return returnsDeleted(resource) ? current : succeeded(target, current);
    const gone = erase(state, resource, current) ?? current;
    if (!returnsDeleted(resource)) return succeeded(target, current);
    const last = resource.kind === 'Pod' ? marked : current;
    return withMeta(last, { resourceVersion: textOf(metaOf(gone), 'resourceVersion') });
  }
  if (context.dryRun) return marked;
  const unchanged =
    isDeleting(current) &&
    finalizersOf(current).length === finalizers.length &&
    own(metaOf(current), 'deletionGracePeriodSeconds') === own(metaOf(marked), 'deletionGracePeriodSeconds');
  return unchanged ? current : persist(state, resource, marked);
}

/** A definition that is deleted says so at once; its objects go next. */
function definitionMarked(marked: Stored, current: Stored, time: string): Stored {
  const plain = withMeta(marked, {
    deletionGracePeriodSeconds: undefined,
    generation: own(metaOf(current), 'generation'),
  });
  if (isDeleting(current)) return plain;
  const status = own(plain, 'status');
  const conditions = own(status, 'conditions');
  return withField(plain, 'status', {
    ...(status as JsonObject | undefined),
    conditions: [
      ...(Array.isArray(conditions) ? conditions : []),
      {
        type: 'Terminating',
        status: 'True',
        lastTransitionTime: time,
        reason: 'InstanceDeletionPending',
        message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
      },
    ],
  });
}
