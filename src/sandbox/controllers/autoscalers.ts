import { own, type JsonObject } from '../../core/json.ts';
import { parseApiVersion } from '../../core/object-key.ts';
import { formatTime } from '../clock.ts';
import { child, isDeleting, items, nameOf, namespaceOf, textOf } from '../object.ts';
import { systemContext } from '../registry/context.ts';
import { getScale, updateScale } from '../registry/scale.ts';
import { ApiError } from '../status.ts';
import { copyObject } from '../object.ts';
import { read, setStatus, targetOf, withCondition } from './access.ts';
import { keyOfObject, splitKey, type Controller, type ControllerContext } from './controller.ts';
import { recordEvent } from './events.ts';
import { numberIn, specOf } from './pod-state.ts';

const RESYNC_MS = 15_000;
const SOURCE = 'horizontal-pod-autoscaler';

/** Plays the autoscaler on a cluster without metrics: it keeps replicas between the bounds and says why it cannot do more. */
export function autoscalerController(): Controller {
  return {
    name: 'horizontalpodautoscalers',
    keysOf: (event) =>
      event.resource === 'autoscaling/horizontalpodautoscalers' && event.type !== 'DELETED'
        ? [keyOfObject(namespaceOf(event.object), nameOf(event.object))]
        : [],
    reconcile: (key, context) => {
      const { namespace, name } = splitKey(key);
      const scaler = read(context.state, 'autoscaling', 'horizontalpodautoscalers', namespace, name);
      if (scaler === undefined || isDeleting(scaler)) return undefined;
      look(scaler, context);
      return RESYNC_MS;
    },
  };
}

function metricName(scaler: JsonObject): { readonly reason: string; readonly name: string } {
  const metric = items(specOf(scaler), 'metrics')[0];
  const type = textOf(metric, 'type') || 'Resource';
  const name = textOf(own(metric, 'resource'), 'name') || textOf(own(metric, 'containerResource'), 'name') || 'cpu';
  return { reason: `FailedGet${type}Metric`, name };
}

function look(scaler: JsonObject, context: ControllerContext): void {
  const { state, clock } = context;
  const time = formatTime(clock.now());
  const reference = own(specOf(scaler), 'scaleTargetRef');
  const { group } = parseApiVersion(textOf(reference, 'apiVersion'));
  const resource = state.catalog.byKind(group, textOf(reference, 'kind'));
  let conditions = own(own(scaler, 'status'), 'conditions');
  let scaledAt = own(own(scaler, 'status'), 'lastScaleTime');
  let measured = false;
  const status = (extra: JsonObject): void => {
    setStatus(state, 'autoscaling', 'horizontalpodautoscalers', scaler, {
      ...extra,
      ...(scaledAt === undefined ? {} : { lastScaleTime: scaledAt }),
      desiredReplicas: numberIn(extra, 'desiredReplicas'),
      // What the controller writes when it could read no metric.
      currentMetrics: measured ? [{ type: '' }] : null,
      conditions,
    });
  };
  let scale: JsonObject;
  const target =
    resource === undefined ? undefined : targetOf(resource, namespaceOf(scaler), textOf(reference, 'name'), 'scale');
  try {
    if (target === undefined)
      throw new ApiError(
        404,
        'NotFound',
        `no matches for kind ${JSON.stringify(textOf(reference, 'kind'))} in group ${JSON.stringify(group)}`,
      );
    scale = getScale(state, target);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    conditions = withCondition(
      conditions,
      {
        type: 'AbleToScale',
        status: 'False',
        reason: 'FailedGetScale',
        message: `the HPA controller was unable to get the target's current scale: ${error.message}`,
      },
      time,
    );
    status({ desiredReplicas: 0 });
    recordEvent(context, scaler, SOURCE, 'Warning', 'FailedGetScale', error.message);
    return;
  }
  const current = numberIn(own(scale, 'spec'), 'replicas');
  const min = numberIn(specOf(scaler), 'minReplicas', 1);
  const max = numberIn(specOf(scaler), 'maxReplicas', 1);
  const able = { type: 'AbleToScale', status: 'True' };
  conditions = withCondition(
    conditions,
    { ...able, reason: 'SucceededGetScale', message: "the HPA controller was able to get the target's current scale" },
    time,
  );
  if (current === 0) {
    conditions = withCondition(
      conditions,
      {
        type: 'ScalingActive',
        status: 'False',
        reason: 'ScalingDisabled',
        message: 'scaling is disabled since the replica count of the target is zero',
      },
      time,
    );
    status({ desiredReplicas: 0, currentReplicas: numberIn(own(scale, 'status'), 'replicas') });
    return;
  }
  const wanted = current > max ? max : current < min ? min : current;
  if (wanted !== current) {
    updateScale(state, target, systemContext('kube-controller-manager'), (found) => {
      const next = copyObject(found);
      child(next, 'spec')['replicas'] = wanted;
      return next;
    });
    scaledAt = time;
    conditions = withCondition(
      conditions,
      {
        ...able,
        reason: 'SucceededRescale',
        message: `the HPA controller was able to update the target scale to ${wanted}`,
      },
      time,
    );
    recordEvent(
      context,
      scaler,
      SOURCE,
      'Normal',
      'SuccessfulRescale',
      `New size: ${wanted}; reason: Current number of replicas ${current > max ? 'above Spec.MaxReplicas' : 'below Spec.MinReplicas'}`,
    );
  } else {
    measured = true;
    const { reason, name } = metricName(scaler);
    const why = `unable to get metrics for resource ${name}: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)`;
    conditions = withCondition(
      conditions,
      {
        type: 'ScalingActive',
        status: 'False',
        reason,
        message: `the HPA was unable to compute the replica count: failed to get ${name} utilization: ${why}`,
      },
      time,
    );
  }
  status({ currentReplicas: numberIn(own(scale, 'status'), 'replicas'), desiredReplicas: wanted });
}
