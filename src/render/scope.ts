import { at, own, stringAt } from '../core/json.ts';
import { type KubeObject, parseApiVersion } from '../core/object-key.ts';

/** Whether objects of a kind live in a namespace; undefined when only a cluster can tell. */
export type IsNamespaced = (apiVersion: string, kind: string) => boolean | undefined;

/** The kinds of Kubernetes' own groups that have no namespace, as of 1.34 and those of older versions. */
const CLUSTER_SCOPED: Readonly<Record<string, readonly string[]>> = {
  '': ['ComponentStatus', 'Namespace', 'Node', 'PersistentVolume'],
  'admissionregistration.k8s.io': [
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
    'MutatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'ValidatingWebhookConfiguration',
  ],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'apiregistration.k8s.io': ['APIService'],
  'authentication.k8s.io': ['SelfSubjectReview', 'TokenReview'],
  'authorization.k8s.io': ['SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SubjectAccessReview'],
  'certificates.k8s.io': ['CertificateSigningRequest', 'ClusterTrustBundle'],
  'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
  'internal.apiserver.k8s.io': ['StorageVersion'],
  'networking.k8s.io': ['IPAddress', 'IngressClass', 'ServiceCIDR'],
  'node.k8s.io': ['RuntimeClass'],
  policy: ['PodSecurityPolicy'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
  'resource.k8s.io': ['DeviceClass', 'DeviceTaintRule', 'ResourceSlice'],
  'scheduling.k8s.io': ['PriorityClass'],
  'storage.k8s.io': ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment', 'VolumeAttributesClass'],
  'storagemigration.k8s.io': ['StorageVersionMigration'],
};

/** Kubernetes' own groups whose kinds all have a namespace, beside those above. */
const NAMESPACED_GROUPS = [
  'apps',
  'autoscaling',
  'batch',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'extensions',
];

/** What is known without a cluster: Kubernetes' own kinds, and those that a CustomResourceDefinition of the same set defines. */
export function scopesOf(objects: readonly KubeObject[]): IsNamespaced {
  const defined = new Map<string, boolean>();
  for (const object of objects) {
    if (object.kind !== 'CustomResourceDefinition') continue;
    const group = stringAt(object, 'spec', 'group');
    const kind = stringAt(object, 'spec', 'names', 'kind');
    const scope = own(at(object, 'spec'), 'scope');
    if (group === undefined || kind === undefined || (scope !== 'Namespaced' && scope !== 'Cluster')) continue;
    defined.set(`${group}/${kind}`, scope === 'Namespaced');
  }
  return (apiVersion, kind) => {
    const { group } = parseApiVersion(apiVersion);
    if (Object.hasOwn(CLUSTER_SCOPED, group)) return CLUSTER_SCOPED[group]?.includes(kind) !== true;
    if (NAMESPACED_GROUPS.includes(group)) return true;
    return defined.get(`${group}/${kind}`);
  };
}
