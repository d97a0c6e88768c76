import { verdict } from '../verdict.ts';
import { assessPod } from '../pods/diagnose-pod.ts';
import { assessAutoscaler } from './autoscaler.ts';
import type { Assessor } from './context.ts';
import { assessDaemonSet } from './daemon-set.ts';
import { assessDeployment, assessReplicaSet } from './deployment.ts';
import { assessCronJob, assessJob } from './job.ts';
import { assessBudget, assessIngress, assessService } from './network.ts';
import { assessApiService, assessDefinition, assessNode, assessReplicationController } from './registration.ts';
import { assessStatefulSet } from './stateful-set.ts';
import { assessClaim, assessNamespace, assessVolume } from './storage.ts';

/** A kind whose rule is code, because it needs other objects or arithmetic that a table would hide. */
export interface BuiltIn {
  readonly about: string;
  readonly assess: Assessor;
}

/** `group/Kind` → its rule. */
export const BUILT_IN: ReadonlyMap<string, BuiltIn> = new Map<string, BuiltIn>([
  [
    'apps/Deployment',
    {
      about:
        'updated, old and available pods; progress deadline; paused; refused pods (quota, admission); diagnosis of its newest pods',
      assess: assessDeployment,
    },
  ],
  ['apps/ReplicaSet', { about: 'available pods; refused pods; diagnosis of its pods', assess: assessReplicaSet }],
  [
    'apps/StatefulSet',
    { about: 'ready pods, partition, revisions, OnDelete; diagnosis of its pods', assess: assessStatefulSet },
  ],
  ['apps/DaemonSet', { about: 'updated and available pods per node; diagnosis of its pods', assess: assessDaemonSet }],
  ['batch/Job', { about: 'Complete, Failed, Suspended; the deadline; diagnosis of its pods', assess: assessJob }],
  ['batch/CronJob', { about: 'suspended, running, or whether its last run succeeded', assess: assessCronJob }],
  [
    '/Pod',
    {
      about: 'phase, scheduling, containers with their last end, probes, volumes, node',
      assess: (pod, context) => assessPod(pod, context.related, context.now),
    },
  ],
  ['/ReplicationController', { about: 'ready pods', assess: assessReplicationController }],
  ['/Service', { about: 'the address of a load balancer; whether any pod behind it is ready', assess: assessService }],
  ['/PersistentVolumeClaim', { about: 'bound, or waiting for its first consumer', assess: assessClaim }],
  ['/PersistentVolume', { about: 'its phase', assess: assessVolume }],
  ['/Namespace', { about: 'its phase, and what holds it when it goes', assess: assessNamespace }],
  ['/Node', { about: 'Ready, pressures, partitioning of its GPUs (MIG), cordoned', assess: assessNode }],
  ['networking.k8s.io/Ingress', { about: 'its address', assess: assessIngress }],
  ['extensions/Ingress', { about: 'its address', assess: assessIngress }],
  ['policy/PodDisruptionBudget', { about: 'whether it can be computed', assess: assessBudget }],
  [
    'autoscaling/HorizontalPodAutoscaler',
    { about: 'AbleToScale and ScalingActive; missing metrics are a warning', assess: assessAutoscaler },
  ],
  ['apiregistration.k8s.io/APIService', { about: 'Available', assess: assessApiService }],
  [
    'apiextensions.k8s.io/CustomResourceDefinition',
    { about: 'NamesAccepted, NonStructuralSchema, Established', assess: assessDefinition },
  ],
]);

/** Kinds of Kubernetes itself that are in use as soon as they are stored. */
export const WITHOUT_STATUS: ReadonlySet<string> = new Set([
  '/ConfigMap',
  '/Secret',
  '/ServiceAccount',
  '/Endpoints',
  '/Event',
  '/LimitRange',
  '/PodTemplate',
  '/Binding',
  '/ComponentStatus',
  '/ResourceQuota',
  'rbac.authorization.k8s.io/Role',
  'rbac.authorization.k8s.io/RoleBinding',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'networking.k8s.io/NetworkPolicy',
  'networking.k8s.io/IngressClass',
  'storage.k8s.io/StorageClass',
  'storage.k8s.io/CSIDriver',
  'storage.k8s.io/CSINode',
  'storage.k8s.io/CSIStorageCapacity',
  'scheduling.k8s.io/PriorityClass',
  'node.k8s.io/RuntimeClass',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  'coordination.k8s.io/Lease',
  'discovery.k8s.io/EndpointSlice',
  'events.k8s.io/Event',
  'apps/ControllerRevision',
  'resource.k8s.io/DeviceClass',
]);

export const STORED = verdict('healthy', 'Current', 'it is in use as soon as it is stored');
