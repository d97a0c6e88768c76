import { isJsonObject, own, type MutableJsonObject } from '../../../core/json.ts';
import { child, items, labelsOf, setDefault, textMap } from '../../object.ts';
import { defaultPodSpec } from './pod.ts';

/** Counts the templates of a DaemonSet; the server keeps it, requests cannot change it. */
export const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

function templateOf(spec: MutableJsonObject): void {
  defaultPodSpec(child(child(spec, 'template'), 'spec'));
}

export function defaultDeployment(object: MutableJsonObject): void {
  const spec = child(object, 'spec');
  templateOf(spec);
  setDefault(spec, 'replicas', 1);
  const strategy = child(spec, 'strategy');
  setDefault(strategy, 'type', 'RollingUpdate');
  if (strategy['type'] === 'RollingUpdate') {
    const rolling = child(strategy, 'rollingUpdate');
    setDefault(rolling, 'maxUnavailable', '25%');
    setDefault(rolling, 'maxSurge', '25%');
  }
  setDefault(spec, 'revisionHistoryLimit', 10);
  setDefault(spec, 'progressDeadlineSeconds', 600);
}

export function defaultReplicaSet(object: MutableJsonObject): void {
  const spec = child(object, 'spec');
  templateOf(spec);
  setDefault(spec, 'replicas', 1);
}

export function defaultReplicationController(object: MutableJsonObject): void {
  const spec = child(object, 'spec');
  if (isJsonObject(spec['template'])) templateOf(spec);
  setDefault(spec, 'replicas', 1);
  const labels = textMap(own(own(spec['template'], 'metadata'), 'labels'));
  if (labels.size > 0) {
    if (textMap(spec['selector']).size === 0) spec['selector'] = Object.fromEntries(labels);
    if (labelsOf(object).size === 0) child(object, 'metadata')['labels'] = Object.fromEntries(labels);
  }
}

export function defaultClaim(claim: MutableJsonObject): void {
  setDefault(child(claim, 'spec'), 'volumeMode', 'Filesystem');
  setDefault(child(claim, 'status'), 'phase', 'Pending');
}

export function defaultStatefulSet(object: MutableJsonObject): void {
  const spec = child(object, 'spec');
  templateOf(spec);
  setDefault(spec, 'podManagementPolicy', 'OrderedReady');
  const strategy = child(spec, 'updateStrategy');
  setDefault(strategy, 'type', 'RollingUpdate');
  if (strategy['type'] === 'RollingUpdate') setDefault(child(strategy, 'rollingUpdate'), 'partition', 0);
  const retention = child(spec, 'persistentVolumeClaimRetentionPolicy');
  setDefault(retention, 'whenDeleted', 'Retain');
  setDefault(retention, 'whenScaled', 'Retain');
  setDefault(spec, 'replicas', 1);
  setDefault(spec, 'revisionHistoryLimit', 10);
  for (const claim of items(spec, 'volumeClaimTemplates')) {
    claim['apiVersion'] = 'v1';
    claim['kind'] = 'PersistentVolumeClaim';
    defaultClaim(claim);
  }
}

export function defaultDaemonSet(object: MutableJsonObject): void {
  const spec = child(object, 'spec');
  templateOf(spec);
  setDefault(child(child(object, 'metadata'), 'annotations'), TEMPLATE_GENERATION, '0');
  const strategy = child(spec, 'updateStrategy');
  setDefault(strategy, 'type', 'RollingUpdate');
  if (strategy['type'] === 'RollingUpdate') {
    const rolling = child(strategy, 'rollingUpdate');
    setDefault(rolling, 'maxUnavailable', 1);
    setDefault(rolling, 'maxSurge', 0);
  }
  setDefault(spec, 'revisionHistoryLimit', 10);
}

function defaultJobSpec(spec: MutableJsonObject): void {
  templateOf(spec);
  if (own(spec, 'completions') === undefined && own(spec, 'parallelism') === undefined) {
    spec['completions'] = 1;
    spec['parallelism'] = 1;
  }
  setDefault(spec, 'parallelism', 1);
  setDefault(spec, 'backoffLimit', own(spec, 'backoffLimitPerIndex') === undefined ? 6 : 2 ** 31 - 1);
  setDefault(spec, 'completionMode', 'NonIndexed');
  setDefault(spec, 'suspend', false);
  const failurePolicy = spec['podFailurePolicy'];
  setDefault(spec, 'podReplacementPolicy', isJsonObject(failurePolicy) ? 'Failed' : 'TerminatingOrFailed');
  for (const rule of items(failurePolicy, 'rules'))
    for (const condition of items(rule, 'onPodConditions')) setDefault(condition, 'status', 'True');
}

export function defaultJob(object: MutableJsonObject): void {
  const spec = child(object, 'spec');
  defaultJobSpec(spec);
  setDefault(spec, 'manualSelector', false);
  // The labels of its pods are its own, until it is told otherwise.
  const labels = textMap(own(own(spec['template'], 'metadata'), 'labels'));
  const meta = child(object, 'metadata');
  if (labels.size > 0 && labelsOf(object).size === 0) meta['labels'] = Object.fromEntries(labels);
}

export function defaultCronJob(object: MutableJsonObject): void {
  const spec = child(object, 'spec');
  defaultPodSpec(child(child(child(child(spec, 'jobTemplate'), 'spec'), 'template'), 'spec'));
  setDefault(spec, 'concurrencyPolicy', 'Allow');
  setDefault(spec, 'suspend', false);
  setDefault(spec, 'successfulJobsHistoryLimit', 3);
  setDefault(spec, 'failedJobsHistoryLimit', 1);
}

/** The older version of the kind: its metrics follow when it is read as the newer one. */
export function defaultOldAutoscaler(object: MutableJsonObject): void {
  setDefault(child(object, 'spec'), 'minReplicas', 1);
}

export function defaultAutoscaler(object: MutableJsonObject): void {
  const spec = child(object, 'spec');
  setDefault(spec, 'minReplicas', 1);
  if (items(spec, 'metrics').length === 0)
    spec['metrics'] = [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
    ];
  const behavior = spec['behavior'];
  if (!isJsonObject(behavior)) return;
  const up = child(behavior as MutableJsonObject, 'scaleUp');
  setDefault(up, 'stabilizationWindowSeconds', 0);
  setDefault(up, 'selectPolicy', 'Max');
  setDefault(up, 'policies', [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ]);
  const down = child(behavior as MutableJsonObject, 'scaleDown');
  setDefault(down, 'selectPolicy', 'Max');
  setDefault(down, 'policies', [{ type: 'Percent', value: 100, periodSeconds: 15 }]);
}
