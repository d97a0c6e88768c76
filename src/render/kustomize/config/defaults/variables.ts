import { specs } from './build-specs.ts';

const IN_POD = [
  'containers/args',
  'containers/command',
  'containers/env/value',
  'containers/volumeMounts/mountPath',
  'initContainers/args',
  'initContainers/command',
  'initContainers/env/value',
  'initContainers/volumeMounts/mountPath',
];

function inPod(base: string, kinds: readonly string[]) {
  return IN_POD.flatMap((path) => specs(`${base}/${path}`, kinds));
}

/** Fields in which `$(NAME)` of `vars` is replaced. */
export const VARIABLE_FIELDS = [
  ...inPod('spec/jobTemplate/spec/template/spec', ['CronJob']),
  ...specs('spec/jobTemplate/spec/template/volumes/nfs/server', ['CronJob']),
  ...inPod('spec/template/spec', ['DaemonSet', 'Deployment', 'Job', 'ReplicaSet', 'StatefulSet']),
  ...specs('spec/template/spec/volumes/nfs/server', ['DaemonSet', 'Deployment', 'Job', 'ReplicaSet']),
  ...specs('spec/template/metadata/annotations', ['Deployment']),
  ...specs('spec/rules/host', ['Ingress']),
  ...specs('spec/tls/hosts', ['Ingress']),
  ...specs('spec/tls/secretName', ['Ingress']),
  ...inPod('spec', ['Pod']),
  ...specs('spec/volumes/nfs/server', ['Pod']),
  ...specs('spec/ports/port', ['Service']),
  ...specs('spec/ports/targetPort', ['Service']),
  ...specs('spec/volumeClaimTemplates/spec/nfs/server', ['StatefulSet']),
  ...specs('spec/nfs/server', ['PersistentVolume']),
  ...specs('metadata/labels', ['']),
  ...specs('metadata/annotations', ['']),
];
