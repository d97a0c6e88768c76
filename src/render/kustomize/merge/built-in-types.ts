/** A field of a built-in type that leads to lists which merge, or is one. */
export interface MergeField {
  /** The type below (of the items, when it is a list). */
  readonly type?: string;
  /** Present when the list merges: the fields that tell items apart; none for a list of plain values. */
  readonly keys?: readonly string[];
}

export type MergeType = Readonly<Record<string, MergeField>>;

const CONDITIONS: MergeType = { conditions: { keys: ['type'] } };
const TEMPLATED: MergeType = { template: { type: 'PodTemplateSpec' } };
const METADATA: MergeType = { metadata: { type: 'ObjectMeta' } };

function object(spec?: string, status?: string): MergeType {
  return {
    ...METADATA,
    ...(spec === undefined ? {} : { spec: { type: spec } }),
    ...(status === undefined ? {} : { status: { type: status } }),
  };
}

/** The types of Kubernetes 1.21 (what Kustomize 5.8 carries) as far as a strategic merge needs them. */
export const MERGE_TYPES: Readonly<Record<string, MergeType>> = {
  ObjectMeta: { finalizers: { keys: [] }, ownerReferences: { keys: ['uid'] } },
  PodTemplateSpec: object('PodSpec'),
  PodSpec: {
    containers: { type: 'Container', keys: ['name'] },
    initContainers: { type: 'Container', keys: ['name'] },
    ephemeralContainers: { type: 'EphemeralContainer', keys: ['name'] },
    volumes: { type: 'Volume', keys: ['name'] },
    hostAliases: { keys: ['ip'] },
    imagePullSecrets: { keys: ['name'] },
    topologySpreadConstraints: { keys: ['topologyKey', 'whenUnsatisfiable'] },
  },
  Container: {
    env: { keys: ['name'] },
    ports: { keys: ['containerPort', 'protocol'] },
    volumeDevices: { keys: ['devicePath'] },
    volumeMounts: { keys: ['mountPath'] },
  },
  EphemeralContainer: {
    env: { keys: ['name'] },
    volumeDevices: { keys: ['devicePath'] },
    volumeMounts: { keys: ['mountPath'] },
  },
  Volume: { ephemeral: { type: 'EphemeralVolumeSource' } },
  EphemeralVolumeSource: { volumeClaimTemplate: { type: 'Plain' } },
  Templated: TEMPLATED,
  StatefulSetSpec: { ...TEMPLATED, volumeClaimTemplates: { type: 'PersistentVolumeClaim' } },
  JobTemplateSpec: object('Templated'),
  CronJobSpec: { jobTemplate: { type: 'JobTemplateSpec' } },
  ServiceSpec: { ports: { keys: ['port', 'protocol'] } },
  NodeSpec: { podCIDRs: { keys: [] } },
  CSINodeSpec: { drivers: { keys: ['name'] } },
  Conditions: CONDITIONS,
  PodStatus: { ...CONDITIONS, podIPs: { keys: ['ip'] } },
  NodeStatus: { ...CONDITIONS, addresses: { keys: ['type'] } },
  Plain: object(),
  Workload: object('Templated', 'Conditions'),
  StatefulSet: object('StatefulSetSpec', 'Conditions'),
  CronJob: object('CronJobSpec'),
  Pod: object('PodSpec', 'PodStatus'),
  PodTemplate: { ...METADATA, template: { type: 'PodTemplateSpec' } },
  Service: object('ServiceSpec', 'Conditions'),
  ServiceAccount: { ...METADATA, secrets: { keys: ['name'] } },
  PersistentVolumeClaim: object(undefined, 'Conditions'),
  Node: object('NodeSpec', 'NodeStatus'),
  CSINode: object('CSINodeSpec'),
  ComponentStatus: { ...METADATA, ...CONDITIONS },
  WebhookConfiguration: { ...METADATA, webhooks: { keys: ['name'] } },
  WithConditions: object(undefined, 'Conditions'),
  Kustomization: { configMapGenerator: { keys: ['name'] }, secretGenerator: { keys: ['name'] } },
};

const KINDS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Workload: {
    'apps/v1': ['DaemonSet', 'Deployment', 'ReplicaSet'],
    'batch/v1': ['Job'],
    v1: ['ReplicationController'],
  },
  StatefulSet: { 'apps/v1': ['StatefulSet'] },
  CronJob: { 'batch/v1': ['CronJob'], 'batch/v1beta1': ['CronJob'] },
  Pod: { v1: ['Pod'] },
  PodTemplate: { v1: ['PodTemplate'] },
  Service: { v1: ['Service'] },
  ServiceAccount: { v1: ['ServiceAccount'] },
  PersistentVolumeClaim: { v1: ['PersistentVolumeClaim'] },
  Node: { v1: ['Node'] },
  CSINode: { 'storage.k8s.io/v1': ['CSINode'], 'storage.k8s.io/v1beta1': ['CSINode'] },
  ComponentStatus: { v1: ['ComponentStatus'] },
  WebhookConfiguration: {
    'admissionregistration.k8s.io/v1': ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
    'admissionregistration.k8s.io/v1beta1': ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
  },
  WithConditions: {
    v1: ['Namespace'],
    'policy/v1': ['PodDisruptionBudget'],
    'policy/v1beta1': ['PodDisruptionBudget'],
    'apiregistration.k8s.io/v1': ['APIService'],
    'apiregistration.k8s.io/v1beta1': ['APIService'],
  },
  Kustomization: { 'kustomize.config.k8s.io/v1beta1': ['Kustomization'] },
  Plain: {
    v1: ['Binding', 'ConfigMap', 'Endpoints', 'Event', 'LimitRange', 'PersistentVolume', 'ResourceQuota', 'Secret'],
    'apiextensions.k8s.io/v1': ['CustomResourceDefinition'],
    'apiextensions.k8s.io/v1beta1': ['CustomResourceDefinition'],
    'apps/v1': ['ControllerRevision'],
    'authentication.k8s.io/v1': ['TokenRequest', 'TokenReview'],
    'authentication.k8s.io/v1beta1': ['TokenReview'],
    'authorization.k8s.io/v1': [
      'LocalSubjectAccessReview',
      'SelfSubjectAccessReview',
      'SelfSubjectRulesReview',
      'SubjectAccessReview',
    ],
    'authorization.k8s.io/v1beta1': [
      'LocalSubjectAccessReview',
      'SelfSubjectAccessReview',
      'SelfSubjectRulesReview',
      'SubjectAccessReview',
    ],
    'autoscaling/v1': ['HorizontalPodAutoscaler', 'Scale'],
    'autoscaling/v2beta1': ['HorizontalPodAutoscaler'],
    'autoscaling/v2beta2': ['HorizontalPodAutoscaler'],
    'certificates.k8s.io/v1': ['CertificateSigningRequest'],
    'certificates.k8s.io/v1beta1': ['CertificateSigningRequest'],
    'coordination.k8s.io/v1': ['Lease'],
    'coordination.k8s.io/v1beta1': ['Lease'],
    'discovery.k8s.io/v1': ['EndpointSlice'],
    'discovery.k8s.io/v1beta1': ['EndpointSlice'],
    'events.k8s.io/v1': ['Event'],
    'events.k8s.io/v1beta1': ['Event'],
    'extensions/v1beta1': ['Ingress'],
    'flowcontrol.apiserver.k8s.io/v1beta1': ['FlowSchema', 'PriorityLevelConfiguration'],
    'networking.k8s.io/v1': ['Ingress', 'IngressClass', 'NetworkPolicy'],
    'networking.k8s.io/v1beta1': ['Ingress', 'IngressClass'],
    'node.k8s.io/v1': ['RuntimeClass'],
    'node.k8s.io/v1beta1': ['RuntimeClass'],
    'policy/v1beta1': ['Eviction', 'PodSecurityPolicy'],
    'rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
    'rbac.authorization.k8s.io/v1beta1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
    'scheduling.k8s.io/v1': ['PriorityClass'],
    'scheduling.k8s.io/v1beta1': ['PriorityClass'],
    'storage.k8s.io/v1': ['CSIDriver', 'StorageClass', 'VolumeAttachment'],
    'storage.k8s.io/v1beta1': ['CSIDriver', 'CSIStorageCapacity', 'StorageClass', 'VolumeAttachment'],
  },
};

/** `apiVersion kind` → name of its type in {@link MERGE_TYPES}. */
export const KIND_TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries(KINDS).flatMap(([type, byVersion]) =>
    Object.entries(byVersion).flatMap(([apiVersion, kinds]) =>
      kinds.map((kind): [string, string] => [`${apiVersion} ${kind}`, type]),
    ),
  ),
);

/** Types by the names that OpenAPI documents have for them; a document may refer to one, and one that defines it anew counts. */
const DEFINED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'io.k8s.apimachinery.pkg.apis.meta.v1': { ObjectMeta: 'ObjectMeta' },
  'io.k8s.api.core.v1': {
    PodTemplateSpec: 'PodTemplateSpec',
    PodSpec: 'PodSpec',
    Container: 'Container',
    EphemeralContainer: 'EphemeralContainer',
    Volume: 'Volume',
    EphemeralVolumeSource: 'EphemeralVolumeSource',
    PersistentVolumeClaim: 'PersistentVolumeClaim',
    ServiceSpec: 'ServiceSpec',
    NodeSpec: 'NodeSpec',
    PodStatus: 'PodStatus',
    NodeStatus: 'NodeStatus',
    ReplicationControllerSpec: 'Templated',
  },
  'io.k8s.api.apps.v1': {
    DeploymentSpec: 'Templated',
    ReplicaSetSpec: 'Templated',
    DaemonSetSpec: 'Templated',
    StatefulSetSpec: 'StatefulSetSpec',
  },
  'io.k8s.api.batch.v1': { JobSpec: 'Templated', JobTemplateSpec: 'JobTemplateSpec', CronJobSpec: 'CronJobSpec' },
};

const TYPES_BY_DEFINITION = new Map<string, string>(
  Object.entries(DEFINED).flatMap(([group, types]) =>
    Object.entries(types).map(([name, type]) => [`${group}.${name}`, type] as const),
  ),
);

/** The built-in type that a definition stands for; '' for one of Kubernetes’ own with nothing below it that merges. */
export function typeOfDefinition(name: string): string | undefined {
  return TYPES_BY_DEFINITION.get(name) ?? (name.startsWith('io.k8s.') ? '' : undefined);
}

const DEFINITIONS_BY_TYPE = new Map<string, string>(
  [...TYPES_BY_DEFINITION].filter(([name, type]) => name.endsWith(`.${type}`)).map(([name, type]) => [type, name]),
);

/** The one definition that a built-in type stands for. */
export function definitionOfType(type: string): string | undefined {
  return DEFINITIONS_BY_TYPE.get(type);
}
