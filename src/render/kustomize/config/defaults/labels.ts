import { specs } from './build-specs.ts';

const AFFINITY = [
  'podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm',
  'podAffinity/requiredDuringSchedulingIgnoredDuringExecution',
  'podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm',
  'podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution',
].map((term) => `spec/template/spec/affinity/${term}/labelSelector/matchLabels`);

/** Labels of the object and of what it makes, without selectors. */
export const TEMPLATE_LABELS = [
  ...specs('metadata/labels', [''], true),
  ...specs(
    'spec/template/metadata/labels',
    ['/v1 ReplicationController', 'Deployment', 'ReplicaSet', 'DaemonSet', 'apps StatefulSet', 'batch Job'],
    true,
  ),
  ...specs('spec/volumeClaimTemplates[]/metadata/labels', ['apps StatefulSet'], true),
  ...specs('spec/jobTemplate/metadata/labels', ['batch CronJob'], true),
  ...specs('spec/jobTemplate/spec/template/metadata/labels', ['batch CronJob'], true),
];

/** Labels everywhere, selectors included. */
export const COMMON_LABELS = [
  ...specs('spec/selector', ['/v1 Service', '/v1 ReplicationController'], true),
  ...specs('spec/selector/matchLabels', ['Deployment', 'ReplicaSet', 'DaemonSet', 'apps StatefulSet'], true),
  ...[...AFFINITY, 'spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels'].flatMap((path) =>
    specs(path, ['apps Deployment', 'apps StatefulSet']),
  ),
  ...specs('spec/selector/matchLabels', ['batch Job', 'policy PodDisruptionBudget']),
  ...specs('spec/jobTemplate/spec/selector/matchLabels', ['batch CronJob']),
  ...specs('spec/podSelector/matchLabels', ['networking.k8s.io NetworkPolicy']),
  ...specs('spec/ingress/from/podSelector/matchLabels', ['networking.k8s.io NetworkPolicy']),
  ...specs('spec/egress/to/podSelector/matchLabels', ['networking.k8s.io NetworkPolicy']),
  ...TEMPLATE_LABELS,
];

export const COMMON_ANNOTATIONS = [
  ...specs('metadata/annotations', [''], true),
  ...specs(
    'spec/template/metadata/annotations',
    ['/v1 ReplicationController', 'Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet', 'batch Job'],
    true,
  ),
  ...specs('spec/jobTemplate/metadata/annotations', ['batch CronJob'], true),
  ...specs('spec/jobTemplate/spec/template/metadata/annotations', ['batch CronJob'], true),
];
