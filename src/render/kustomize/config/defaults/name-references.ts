import type { Gvk } from '../../resource-id.ts';
import type { NameReference } from '../transformer-config.ts';
import { specs } from './build-specs.ts';

const RBAC = 'rbac.authorization.k8s.io';
const ADMISSION = 'admissionregistration.k8s.io';

/** Where the pod's spec stands, and in which kinds that Kustomize looks for ConfigMaps and Secrets. */
const PODS: readonly (readonly [string, readonly string[]])[] = [
  ['spec', ['/v1 Pod']],
  ['template/spec', ['PodTemplate']],
  ['spec/template/spec', ['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet', 'Job']],
  ['spec/jobTemplate/spec/template/spec', ['CronJob']],
];

/** The same for names that stand once in a pod. */
const WORKLOADS: readonly (readonly [string, readonly string[]])[] = [
  ['spec', ['Pod']],
  ['spec/template/spec', ['StatefulSet', 'Deployment', 'ReplicationController', 'Job', 'DaemonSet']],
  ['spec/jobTemplate/spec/template/spec', ['CronJob']],
];

const CONFIG_MAP_PATHS = [
  'volumes/configMap/name',
  'containers/env/valueFrom/configMapKeyRef/name',
  'initContainers/env/valueFrom/configMapKeyRef/name',
  'containers/envFrom/configMapRef/name',
  'initContainers/envFrom/configMapRef/name',
  'volumes/projected/sources/configMap/name',
];

const SECRET_PATHS = [
  'volumes/secret/secretName',
  'containers/env/valueFrom/secretKeyRef/name',
  'initContainers/env/valueFrom/secretKeyRef/name',
  'containers/envFrom/secretRef/name',
  'initContainers/envFrom/secretRef/name',
  'imagePullSecrets/name',
  'volumes/projected/sources/secret/name',
];

function inPods(places: typeof PODS, paths: readonly string[]) {
  return places.flatMap(([base, kinds]) => paths.flatMap((path) => specs(`${base}/${path}`, kinds)));
}

function target(kind: string, group = '', version = ''): Gvk {
  return { group, version, kind };
}

function scaled(kind: string): NameReference {
  return { target: target(kind), referrers: specs('spec/scaleTargetRef/name', ['HorizontalPodAutoscaler']) };
}

/** Fields that hold names of other objects: when such an object is renamed, these follow. */
export const NAME_REFERENCES: readonly NameReference[] = [
  scaled('Deployment'),
  scaled('ReplicationController'),
  scaled('ReplicaSet'),
  scaled('StatefulSet'),
  {
    target: target('ConfigMap', '', 'v1'),
    referrers: [
      ...inPods(PODS, CONFIG_MAP_PATHS),
      ...specs('spec/configSource/configMap', ['Node']),
      ...specs('rules/resourceNames', ['Role', 'ClusterRole']),
      ...specs('metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap', ['Ingress']),
    ],
  },
  {
    target: target('Secret', '', 'v1'),
    referrers: [
      ...inPods(PODS, SECRET_PATHS),
      ...specs('spec/tls/secretName', ['Ingress']),
      ...specs('metadata/annotations/ingress.kubernetes.io\\/auth-secret', ['Ingress']),
      ...specs('metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret', ['Ingress']),
      ...specs('metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret', ['Ingress']),
      ...specs('imagePullSecrets/name', ['ServiceAccount']),
      ...specs('parameters/secretName', ['StorageClass']),
      ...specs('parameters/adminSecretName', ['StorageClass']),
      ...specs('parameters/userSecretName', ['StorageClass']),
      ...specs('parameters/secretRef', ['StorageClass']),
      ...specs('rules/resourceNames', ['Role', 'ClusterRole']),
      ...specs('spec/template/spec/containers/env/valueFrom/secretKeyRef/name', ['serving.knative.dev/v1 Service']),
      ...specs('spec/azureFile/secretName', ['PersistentVolume']),
    ],
  },
  {
    target: target('Service', '', 'v1'),
    referrers: [
      ...specs('spec/serviceName', ['apps StatefulSet']),
      ...specs('spec/rules/http/paths/backend/serviceName', ['Ingress']),
      ...specs('spec/backend/serviceName', ['Ingress']),
      ...specs('spec/rules/http/paths/backend/service/name', ['Ingress']),
      ...specs('spec/defaultBackend/service/name', ['Ingress']),
      ...specs('spec/service/name', ['apiregistration.k8s.io APIService']),
      ...specs('webhooks/clientConfig/service', [
        `${ADMISSION} ValidatingWebhookConfiguration`,
        `${ADMISSION} MutatingWebhookConfiguration`,
      ]),
    ],
  },
  { target: target('Role', RBAC), referrers: specs('roleRef/name', [`${RBAC} RoleBinding`]) },
  {
    target: target('ClusterRole', RBAC),
    referrers: specs('roleRef/name', [`${RBAC} RoleBinding`, `${RBAC} ClusterRoleBinding`]),
  },
  {
    target: target('ServiceAccount', '', 'v1'),
    referrers: [
      ...specs('subjects', [`${RBAC} RoleBinding`, `${RBAC} ClusterRoleBinding`]),
      ...inPods(WORKLOADS, ['serviceAccountName']),
    ],
  },
  {
    target: target('PersistentVolumeClaim', '', 'v1'),
    referrers: inPods(WORKLOADS, ['volumes/persistentVolumeClaim/claimName']),
  },
  {
    target: target('PersistentVolume', '', 'v1'),
    referrers: [
      ...specs('spec/volumeName', ['PersistentVolumeClaim']),
      ...specs('rules/resourceNames', ['ClusterRole']),
    ],
  },
  {
    target: target('StorageClass', 'storage.k8s.io', 'v1'),
    referrers: [
      ...specs('spec/storageClassName', ['PersistentVolume', 'PersistentVolumeClaim']),
      ...specs('spec/volumeClaimTemplates/spec/storageClassName', ['StatefulSet']),
    ],
  },
  {
    target: target('PriorityClass', 'scheduling.k8s.io', 'v1'),
    referrers: inPods(WORKLOADS, ['priorityClassName']),
  },
  {
    // The group is what Kustomize has; it fits no object, so ingress classes are never followed.
    target: target('IngressClass', 'networking.k8s.io/v1', 'v1'),
    referrers: specs('spec/ingressClassName', ['Ingress']),
  },
  {
    target: target('ValidatingAdmissionPolicy', ADMISSION),
    referrers: specs('spec/policyName', [`${ADMISSION} ValidatingAdmissionPolicyBinding`]),
  },
];
