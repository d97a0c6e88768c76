import { isJsonObject, own, type MutableJson, type MutableJsonObject } from '../../../core/json.ts';
import { child, copyOf, items, nameOf, setDefault, showScalar, textOf } from '../../object.ts';

const RBAC = 'rbac.authorization.k8s.io';

export function defaultService(object: MutableJsonObject): void {
  const spec = child(object, 'spec');
  setDefault(spec, 'sessionAffinity', 'None');
  setDefault(spec, 'type', 'ClusterIP');
  const type = textOf(spec, 'type');
  if (spec['sessionAffinity'] === 'ClientIP')
    setDefault(child(child(spec, 'sessionAffinityConfig'), 'clientIP'), 'timeoutSeconds', 10800);
  if (spec['sessionAffinity'] === 'None') delete spec['sessionAffinityConfig'];
  for (const port of items(spec, 'ports')) {
    setDefault(port, 'protocol', 'TCP');
    const target = port['targetPort'];
    if (target === undefined || target === 0 || target === '') port['targetPort'] = port['port'] ?? 0;
  }
  if (type === 'NodePort' || type === 'LoadBalancer') setDefault(spec, 'externalTrafficPolicy', 'Cluster');
  if (type !== 'ExternalName') setDefault(spec, 'internalTrafficPolicy', 'Cluster');
  if (type === 'LoadBalancer') setDefault(spec, 'allocateLoadBalancerNodePorts', true);
}

/** `stringData` is written into `data` and never shown; the rest of the defaults. */
export function defaultSecret(object: MutableJsonObject): void {
  setDefault(object, 'type', 'Opaque');
  const plain = object['stringData'];
  if (isJsonObject(plain)) {
    const data = child(object, 'data');
    for (const key of Object.keys(plain)) data[key] = Buffer.from(showScalar(plain[key])).toString('base64');
  }
  delete object['stringData'];
}

export function defaultNamespace(object: MutableJsonObject): void {
  const meta = child(object, 'metadata');
  const name = nameOf(object) || textOf(meta, 'generateName');
  if (nameOf(object) !== '') child(meta, 'labels')['kubernetes.io/metadata.name'] = name;
  setDefault(child(object, 'status'), 'phase', 'Active');
}

export function defaultNode(object: MutableJsonObject): void {
  const status = child(object, 'status');
  const capacity = status['capacity'];
  if (isJsonObject(capacity)) setDefault(status, 'allocatable', copyOf(capacity));
}

export function defaultVolume(object: MutableJsonObject): void {
  const spec = child(object, 'spec');
  setDefault(spec, 'persistentVolumeReclaimPolicy', 'Retain');
  setDefault(spec, 'volumeMode', 'Filesystem');
  setDefault(child(object, 'status'), 'phase', 'Pending');
  const hostPath = spec['hostPath'];
  if (isJsonObject(hostPath)) setDefault(hostPath as MutableJsonObject, 'type', '');
}

export function defaultNetworkPolicy(object: MutableJsonObject): void {
  const spec = child(object, 'spec');
  for (const rule of [...items(spec, 'ingress'), ...items(spec, 'egress')])
    for (const port of items(rule, 'ports')) setDefault(port, 'protocol', 'TCP');
  if (!Array.isArray(spec['policyTypes']) || spec['policyTypes'].length === 0)
    spec['policyTypes'] =
      Array.isArray(spec['egress']) && spec['egress'].length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

export function defaultBinding(object: MutableJsonObject): void {
  setDefault(child(object, 'roleRef'), 'apiGroup', RBAC);
  if (object['roleRef'] !== undefined && textOf(object['roleRef'], 'apiGroup') === '')
    child(object, 'roleRef')['apiGroup'] = RBAC;
  for (const subject of items(object, 'subjects')) {
    const kind = textOf(subject, 'kind');
    if ((kind === 'User' || kind === 'Group') && textOf(subject, 'apiGroup') === '') subject['apiGroup'] = RBAC;
  }
}

function defaultRule(rule: MutableJsonObject): void {
  setDefault(rule, 'scope', '*');
}

function defaultMatch(match: MutableJsonObject): void {
  setDefault(match, 'matchPolicy', 'Equivalent');
  setDefault(match, 'namespaceSelector', {});
  setDefault(match, 'objectSelector', {});
  for (const rule of [...items(match, 'resourceRules'), ...items(match, 'excludeResourceRules')]) defaultRule(rule);
}

export function defaultWebhooks(object: MutableJsonObject): void {
  for (const webhook of items(object, 'webhooks')) {
    setDefault(webhook, 'failurePolicy', 'Fail');
    setDefault(webhook, 'matchPolicy', 'Equivalent');
    setDefault(webhook, 'namespaceSelector', {});
    setDefault(webhook, 'objectSelector', {});
    setDefault(webhook, 'timeoutSeconds', 10);
    if (object['kind'] === 'MutatingWebhookConfiguration') setDefault(webhook, 'reinvocationPolicy', 'Never');
    const service = own(own(webhook, 'clientConfig'), 'service');
    if (isJsonObject(service)) setDefault(service as MutableJsonObject, 'port', 443);
    for (const rule of items(webhook, 'rules')) defaultRule(rule);
  }
}

export function defaultAdmissionPolicy(object: MutableJsonObject): void {
  const spec = child(object, 'spec');
  setDefault(spec, 'failurePolicy', 'Fail');
  if (isJsonObject(spec['matchConstraints'])) defaultMatch(child(spec, 'matchConstraints'));
}

export function defaultAdmissionBinding(object: MutableJsonObject): void {
  const spec = child(object, 'spec');
  if (isJsonObject(spec['matchResources'])) defaultMatch(child(spec, 'matchResources'));
}

export function defaultDefinition(object: MutableJsonObject): void {
  const spec = child(object, 'spec');
  const names = child(spec, 'names');
  const kind = textOf(names, 'kind');
  if (textOf(names, 'singular') === '') names['singular'] = kind.toLowerCase();
  if (textOf(names, 'listKind') === '' && kind !== '') names['listKind'] = `${kind}List`;
  setDefault(child(spec, 'conversion'), 'strategy', 'None');
  const service = own(own(own(spec['conversion'], 'webhook'), 'clientConfig'), 'service');
  if (isJsonObject(service)) setDefault(service as MutableJsonObject, 'port', 443);
}

export function defaultStorageClass(object: MutableJsonObject): void {
  setDefault(object, 'reclaimPolicy', 'Delete');
  setDefault(object, 'volumeBindingMode', 'Immediate');
}

export function defaultDriver(object: MutableJsonObject): void {
  const spec = child(object, 'spec');
  setDefault(spec, 'attachRequired', true);
  setDefault(spec, 'podInfoOnMount', false);
  setDefault(spec, 'storageCapacity', false);
  setDefault(spec, 'fsGroupPolicy', 'ReadWriteOnceWithFSType');
  if (!Array.isArray(spec['volumeLifecycleModes']) || spec['volumeLifecycleModes'].length === 0)
    spec['volumeLifecycleModes'] = ['Persistent'];
  setDefault(spec, 'requiresRepublish', false);
  setDefault(spec, 'seLinuxMount', false);
}

export function defaultPriorityClass(object: MutableJsonObject): void {
  setDefault(object, 'preemptionPolicy', 'PreemptLowerPriority');
}

export function defaultIngressClass(object: MutableJsonObject): void {
  const parameters = own(own(object, 'spec'), 'parameters');
  if (isJsonObject(parameters)) setDefault(parameters as MutableJsonObject, 'scope', 'Cluster');
}

export function defaultEndpoints(object: MutableJsonObject): void {
  for (const subset of items(object, 'subsets'))
    for (const port of items(subset, 'ports')) setDefault(port, 'protocol', 'TCP');
}

export function defaultEndpointSlice(object: MutableJsonObject): void {
  for (const port of items(object, 'ports')) {
    setDefault(port, 'name', '');
    setDefault(port, 'protocol', 'TCP');
  }
}

export function defaultApiService(object: MutableJsonObject): void {
  const service = own(own(object, 'spec'), 'service');
  if (isJsonObject(service)) setDefault(service as MutableJsonObject, 'port', 443);
}

/** Missing parts of a container limit follow from the others. */
export function defaultLimitRange(object: MutableJsonObject): void {
  for (const limit of items(child(object, 'spec'), 'limits')) {
    if (limit['type'] !== 'Container') continue;
    const fill = (target: string, source: string): void => {
      const from = limit[source];
      if (!isJsonObject(from)) return;
      for (const name of Object.keys(from)) setDefault(child(limit, target), name, from[name] as MutableJson);
    };
    fill('default', 'max');
    fill('defaultRequest', 'default');
    fill('defaultRequest', 'min');
  }
}
