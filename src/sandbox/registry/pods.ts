import { own, type Json, type JsonObject } from '../../core/json.ts';
import { child, copyObject, labelsOf, nameOf, showScalar, textOf } from '../object.ts';
import { readSelector } from '../schema/selectors.ts';
import { ApiError, badRequest, conflict } from '../status.ts';
import type { RequestContext } from './context.ts';
import { deleteObject } from './remove.ts';
import type { RegistryState, Target } from './state.ts';
import { getObject, updateObject } from './write.ts';

const SUCCESS: JsonObject = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };

/** Deletes a pod when its disruption budget allows. @throws ApiError 429 when it does not */
export function evictPod(
  state: RegistryState,
  target: Target,
  options: Json | undefined,
  context: RequestContext,
): JsonObject {
  const pod = getObject(state, target);
  for (const budget of state.store.list('policy/poddisruptionbudgets', target.namespace)) {
    if (!readSelector(own(own(budget, 'spec'), 'selector'))(labelsOf(pod))) continue;
    if (Number(own(own(budget, 'status'), 'disruptionsAllowed') ?? 0) <= 0)
      throw new ApiError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
        causes: [
          {
            reason: 'DisruptionBudget',
            message: `The disruption budget ${nameOf(budget)} needs ${showScalar(own(own(budget, 'status'), 'desiredHealthy') ?? 0)} healthy pods and has ${showScalar(own(own(budget, 'status'), 'currentHealthy') ?? 0)} currently`,
          },
        ],
      });
  }
  const grace = own(options, 'gracePeriodSeconds');
  deleteObject(
    state,
    { ...target, subresource: '' },
    {
      uid: textOf(own(options, 'preconditions'), 'uid') || undefined,
      resourceVersion: undefined,
      propagation: undefined,
      gracePeriodSeconds: typeof grace === 'number' ? grace : undefined,
    },
    context,
  );
  return SUCCESS;
}

/** Gives a pod its node. @throws ApiError 409 when it has one */
export function bindPod(state: RegistryState, target: Target, node: string, context: RequestContext): JsonObject {
  if (node === '') throw badRequest('target.name: Required value');
  updateObject(state, { ...target, subresource: 'binding' }, context, (current) => {
    if (textOf(own(current, 'spec'), 'nodeName') !== '')
      throw conflict(
        target.resource,
        target.name,
        `pod ${target.name} is already assigned to node ${JSON.stringify(textOf(own(current, 'spec'), 'nodeName'))}`,
      );
    const next = copyObject(current);
    child(next, 'spec')['nodeName'] = node;
    return next;
  });
  return SUCCESS;
}
