import { isJsonObject, own, type JsonObject, type MutableJson, type MutableJsonObject } from '../../core/json.ts';
import { copyObject, items, textOf, withField, type Stored } from '../object.ts';
import { apiVersionOf, type Resource } from '../schema/resource.ts';

/**
 * An object in another version of its resource. Custom resources only change their apiVersion (conversion strategy None);
 * HorizontalPodAutoscaler is the one built-in kind with two versions that differ.
 */
export function convertObject(object: JsonObject, resource: Resource, apiVersion: string): Stored {
  if (textOf(object, 'apiVersion') === apiVersion) return object;
  if (resource.group === 'autoscaling' && resource.definition === undefined)
    return apiVersion === 'autoscaling/v1' ? toV1(object) : toV2(object);
  return withField(object, 'apiVersion', apiVersion);
}

export function storageVersionText(resource: Resource): string {
  return apiVersionOf(resource.group, resource.storageVersion);
}

function isCpuUtilization(metric: JsonObject): boolean {
  return (
    textOf(metric, 'type') === 'Resource' &&
    textOf(own(metric, 'resource'), 'name') === 'cpu' &&
    textOf(own(own(metric, 'resource'), 'target'), 'type') === 'Utilization'
  );
}

const METRICS = 'autoscaling.alpha.kubernetes.io/metrics';
const BEHAVIOR = 'autoscaling.alpha.kubernetes.io/behavior';

function toV1(object: JsonObject): Stored {
  const out = copyObject(object);
  out['apiVersion'] = 'autoscaling/v1';
  const spec = out['spec'] as MutableJsonObject | undefined;
  const annotations: MutableJsonObject = {
    ...(isJsonObject(own(own(out, 'metadata'), 'annotations'))
      ? (own(own(out, 'metadata'), 'annotations') as MutableJsonObject)
      : {}),
  };
  if (isJsonObject(spec)) {
    const metrics = items(spec, 'metrics');
    const cpu = metrics.find(isCpuUtilization);
    if (cpu !== undefined)
      spec['targetCPUUtilizationPercentage'] = own(
        own(own(cpu, 'resource'), 'target'),
        'averageUtilization',
      ) as MutableJson;
    const others = metrics.filter((metric) => metric !== cpu);
    if (others.length > 0) annotations[METRICS] = JSON.stringify(others);
    if (isJsonObject(spec['behavior'])) annotations[BEHAVIOR] = JSON.stringify(spec['behavior']);
    delete spec['metrics'];
    delete spec['behavior'];
  }
  const status = out['status'];
  if (isJsonObject(status)) {
    const small: MutableJsonObject = { currentReplicas: 0, desiredReplicas: 0 };
    for (const key of ['observedGeneration', 'lastScaleTime', 'currentReplicas', 'desiredReplicas'])
      if (own(status, key) !== undefined) small[key] = own(status, key) as MutableJson;
    out['status'] = small;
  }
  if (Object.keys(annotations).length > 0) (out['metadata'] as MutableJsonObject)['annotations'] = annotations;
  return out;
}

function toV2(object: JsonObject): Stored {
  const out = copyObject(object);
  out['apiVersion'] = 'autoscaling/v2';
  const spec = out['spec'];
  const annotations = own(own(out, 'metadata'), 'annotations');
  if (isJsonObject(spec)) {
    const target = spec as MutableJsonObject;
    const metrics: MutableJson[] = [];
    const cpu = own(spec, 'targetCPUUtilizationPercentage');
    const others = readAnnotation(annotations, METRICS);
    if (Array.isArray(others)) metrics.push(...others);
    if (cpu !== undefined)
      metrics.push({
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpu as MutableJson } },
      });
    if (metrics.length > 0) target['metrics'] = metrics;
    const behavior = readAnnotation(annotations, BEHAVIOR);
    if (isJsonObject(behavior)) target['behavior'] = behavior as MutableJson;
    delete target['targetCPUUtilizationPercentage'];
  }
  if (isJsonObject(annotations)) {
    const left = annotations as MutableJsonObject;
    delete left[METRICS];
    delete left[BEHAVIOR];
    if (Object.keys(left).length === 0) delete (out['metadata'] as MutableJsonObject)['annotations'];
  }
  const status = out['status'];
  if (isJsonObject(status)) {
    const full = status as MutableJsonObject;
    delete full['currentCPUUtilizationPercentage'];
    if (full['currentMetrics'] === undefined) full['currentMetrics'] = null;
  }
  return out;
}

function readAnnotation(annotations: unknown, name: string): MutableJson | undefined {
  const text = textOf(annotations as JsonObject, name);
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as MutableJson;
  } catch {
    return undefined;
  }
}
