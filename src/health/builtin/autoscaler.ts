import type { Health } from '../../core/health.ts';
import { isJsonObject, type Json, stringAt } from '../../core/json.ts';
import type { KubeObject } from '../../core/object-key.ts';
import { type Condition, conditionsOf, readCondition } from '../conditions.ts';
import { asReason, verdict } from '../verdict.ts';

/** Reasons that a metric cannot be had: the metrics API's fault, and normal at the start. The target keeps its replicas. */
const METRICS = /^(FailedGet(?!Scale$)|FailedComputeMetrics|InvalidMetricSource)/;

/**
 * Without metrics an HPA does nothing, and that does no harm: healthy with a warning of the environment. It is degraded when it is wrong itself
 * (an invalid selector, a target that cannot be scaled).
 */
export function assessAutoscaler(hpa: KubeObject): Health {
  const conditions = readConditions(hpa);
  if (conditions.length === 0) return verdict('progressing', 'NoStatus', 'the autoscaler has not been looked at yet');
  const warnings: string[] = [];
  for (const condition of conditions) {
    if (condition.status !== 'False' || (condition.type !== 'AbleToScale' && condition.type !== 'ScalingActive'))
      continue;
    const reason = condition.reason ?? '';
    if (reason === 'ScalingDisabled')
      return verdict('healthy', 'ScalingDisabled', 'its target is scaled to zero, so it does not scale', {
        since: condition.since,
      });
    if (METRICS.test(reason)) {
      warnings.push(`it cannot scale now (${reason}): ${condition.message ?? 'no metrics'}`);
      continue;
    }
    if (/^Failed|^Invalid|AmbiguousSelector/.test(reason)) return broken(condition, reason);
  }
  if (warnings.length > 0) {
    return verdict('healthy', 'NoMetrics', 'it keeps the replicas as they are until metrics are there', {
      cause: 'environment',
      warnings,
      remedy: 'check the metrics API (metrics-server or the adapter), and that all containers have requests',
    });
  }
  const limited = conditions.find(
    (condition) =>
      condition.type === 'ScalingLimited' && condition.status === 'True' && condition.reason === 'TooManyReplicas',
  );
  const able = conditions.find((condition) => condition.type === 'AbleToScale');
  if (able?.reason?.startsWith('Backoff') === true) {
    return verdict('progressing', able.reason, able.message ?? 'it waits a while after it has scaled', {
      since: able.since,
    });
  }
  return verdict('healthy', asReason(able?.reason, 'AbleToScale'), able?.message ?? 'it scales its target', {
    since: able?.since,
    warnings: limited === undefined ? [] : ['it wants more replicas than maxReplicas allows'],
  });
}

function broken(condition: Condition, reason: string): Health {
  const target = reason === 'FailedGetScale' || reason === 'FailedUpdateScale';
  return verdict('degraded', reason, condition.message ?? `condition ${condition.type} is False`, {
    cause: 'release',
    since: condition.since,
    remedy: target
      ? 'check scaleTargetRef: the target has to exist and to have a scale'
      : 'no two autoscalers may select the same pods, and the selector has to be valid',
  });
}

/** autoscaling/v1 keeps the conditions as JSON in an annotation. */
function readConditions(hpa: KubeObject): readonly Condition[] {
  const direct = conditionsOf(hpa);
  if (direct.length > 0) return direct;
  const text = stringAt(hpa, 'metadata', 'annotations', 'autoscaling.alpha.kubernetes.io/conditions');
  if (text === undefined || text.length > 20_000) return [];
  try {
    const parsed = JSON.parse(text) as Json;
    return Array.isArray(parsed) ? parsed.filter(isJsonObject).flatMap((entry) => readCondition(entry) ?? []) : [];
  } catch {
    return [];
  }
}
