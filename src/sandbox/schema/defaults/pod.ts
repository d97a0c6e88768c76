import { isJsonObject, own, type MutableJson, type MutableJsonObject } from '../../../core/json.ts';
import { child, items, setDefault, textOf } from '../../object.ts';

const FILE_MODE = 0o644;

/** What the API server fills into a pod spec, in a pod or in a template. */
export function defaultPodSpec(spec: MutableJsonObject): void {
  setDefault(spec, 'dnsPolicy', 'ClusterFirst');
  setDefault(spec, 'restartPolicy', 'Always');
  setDefault(spec, 'terminationGracePeriodSeconds', 30);
  setDefault(spec, 'schedulerName', 'default-scheduler');
  setDefault(spec, 'securityContext', {});
  const account = textOf(spec, 'serviceAccountName') || textOf(spec, 'serviceAccount');
  if (account !== '') {
    spec['serviceAccountName'] = account;
    spec['serviceAccount'] = account;
  }
  for (const container of [...items(spec, 'initContainers'), ...items(spec, 'containers')]) {
    defaultContainer(container);
    if (own(spec, 'hostNetwork') === true)
      for (const port of items(container, 'ports')) setDefault(port, 'hostPort', port['containerPort'] ?? 0);
  }
  for (const container of items(spec, 'ephemeralContainers')) defaultContainer(container);
  for (const volume of items(spec, 'volumes')) defaultVolume(volume);
}

/** What only pods get, not templates. */
export function defaultPod(pod: MutableJsonObject): void {
  const spec = child(pod, 'spec');
  defaultPodSpec(spec);
  setDefault(spec, 'enableServiceLinks', true);
  for (const container of [...items(spec, 'initContainers'), ...items(spec, 'containers')]) {
    const limits = own(own(container, 'resources'), 'limits');
    if (!isJsonObject(limits)) continue;
    const requests = child(child(container, 'resources'), 'requests');
    for (const name of Object.keys(limits)) setDefault(requests, name, limits[name] as MutableJson);
  }
}

function defaultContainer(container: MutableJsonObject): void {
  setDefault(container, 'terminationMessagePath', '/dev/termination-log');
  setDefault(container, 'terminationMessagePolicy', 'File');
  setDefault(container, 'imagePullPolicy', pullPolicy(textOf(container, 'image')));
  for (const port of items(container, 'ports')) setDefault(port, 'protocol', 'TCP');
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[name];
    if (isJsonObject(probe)) defaultProbe(probe as MutableJsonObject);
  }
  for (const name of ['postStart', 'preStop']) {
    const action = own(own(own(container, 'lifecycle'), name), 'httpGet');
    if (isJsonObject(action)) defaultHttpGet(action as MutableJsonObject);
  }
  for (const variable of items(container, 'env')) {
    const field = own(own(variable, 'valueFrom'), 'fieldRef');
    if (isJsonObject(field)) setDefault(field as MutableJsonObject, 'apiVersion', 'v1');
    const file = own(own(variable, 'valueFrom'), 'fileKeyRef');
    if (isJsonObject(file)) setDefault(file as MutableJsonObject, 'optional', false);
  }
}

/** `Always` for images without a tag or with `latest`, unless a digest pins them. */
function pullPolicy(image: string): string {
  if (image.includes('@')) return 'IfNotPresent';
  const last = image.slice(image.lastIndexOf('/') + 1);
  const colon = last.indexOf(':');
  return colon < 0 || last.slice(colon + 1) === 'latest' ? 'Always' : 'IfNotPresent';
}

function defaultProbe(probe: MutableJsonObject): void {
  setDefault(probe, 'timeoutSeconds', 1);
  setDefault(probe, 'periodSeconds', 10);
  setDefault(probe, 'successThreshold', 1);
  setDefault(probe, 'failureThreshold', 3);
  const http = probe['httpGet'];
  if (isJsonObject(http)) defaultHttpGet(http as MutableJsonObject);
  const grpc = probe['grpc'];
  if (isJsonObject(grpc)) setDefault(grpc as MutableJsonObject, 'service', '');
}

function defaultHttpGet(action: MutableJsonObject): void {
  setDefault(action, 'path', '/');
  setDefault(action, 'scheme', 'HTTP');
}

function defaultFiles(source: MutableJsonObject): void {
  for (const item of items(source, 'items')) {
    const field = item['fieldRef'];
    if (isJsonObject(field)) setDefault(field as MutableJsonObject, 'apiVersion', 'v1');
  }
}

function defaultVolume(volume: MutableJsonObject): void {
  if (Object.keys(volume).every((key) => key === 'name')) {
    volume['emptyDir'] = {};
    return;
  }
  for (const kind of ['secret', 'configMap', 'downwardAPI', 'projected']) {
    const source = volume[kind];
    if (!isJsonObject(source)) continue;
    setDefault(source as MutableJsonObject, 'defaultMode', FILE_MODE);
    defaultFiles(source as MutableJsonObject);
  }
  for (const source of items(volume['projected'], 'sources')) {
    const token = source['serviceAccountToken'];
    if (isJsonObject(token)) setDefault(token as MutableJsonObject, 'expirationSeconds', 3600);
    const downward = source['downwardAPI'];
    if (isJsonObject(downward)) defaultFiles(downward as MutableJsonObject);
  }
  const hostPath = volume['hostPath'];
  if (isJsonObject(hostPath)) setDefault(hostPath as MutableJsonObject, 'type', '');
  const iscsi = volume['iscsi'];
  if (isJsonObject(iscsi)) setDefault(iscsi as MutableJsonObject, 'iscsiInterface', 'default');
  const rbd = volume['rbd'];
  if (isJsonObject(rbd)) {
    setDefault(rbd as MutableJsonObject, 'pool', 'rbd');
    setDefault(rbd as MutableJsonObject, 'user', 'admin');
    setDefault(rbd as MutableJsonObject, 'keyring', '/etc/ceph/keyring');
  }
  const template = own(own(volume, 'ephemeral'), 'volumeClaimTemplate');
  if (isJsonObject(template)) setDefault(child(template as MutableJsonObject, 'spec'), 'volumeMode', 'Filesystem');
  const image = volume['image'];
  if (isJsonObject(image)) setDefault(image as MutableJsonObject, 'pullPolicy', pullPolicy(textOf(image, 'reference')));
}
