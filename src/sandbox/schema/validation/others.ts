import { isJsonObject, own, type JsonObject } from '../../../core/json.ts';
import { items, textMap, textOf } from '../../object.ts';
import type { FieldProblem } from '../../status.ts';
import { compareQuantities } from '../quantity.ts';
import type { Resource } from '../resource.ts';
import { invalidValue, notSupported, required } from './problems.ts';

const DATA_LIMIT_BYTES = 1024 * 1024;
const RBAC = 'rbac.authorization.k8s.io';

/** The smaller kinds, each with its most common rules. */
export function validateMisc(object: JsonObject, resource: Resource): FieldProblem[] {
  switch (`${resource.group}/${resource.kind}`) {
    case '/ConfigMap':
      return validateData(object, ['data', 'binaryData']);
    case '/Secret':
      return [...validateData(object, ['data']), ...validateSecret(object)];
    case '/PersistentVolumeClaim':
      return validateClaim(object);
    case '/PersistentVolume':
      return validateVolume(object);
    case 'autoscaling/HorizontalPodAutoscaler':
      return validateAutoscaler(object);
    case 'policy/PodDisruptionBudget':
      return validateBudget(object);
    case 'networking.k8s.io/Ingress':
      return validateIngress(object);
    case 'networking.k8s.io/NetworkPolicy':
      return validateNetworkPolicy(object);
    case `${RBAC}/Role`:
    case `${RBAC}/ClusterRole`:
      return validateRole(object, resource.kind);
    case `${RBAC}/RoleBinding`:
    case `${RBAC}/ClusterRoleBinding`:
      return validateBinding(object, resource.kind);
    case 'storage.k8s.io/StorageClass':
      return textOf(object, 'provisioner') === '' ? [required('provisioner')] : [];
    case 'coordination.k8s.io/Lease':
      return validateLease(object);
    default:
      return [];
  }
}

function validateData(object: JsonObject, fields: readonly string[]): FieldProblem[] {
  const problems: FieldProblem[] = [];
  let sizeBytes = 0;
  for (const field of fields)
    for (const [key, value] of textMap(own(object, field))) {
      if (!/^[-._a-zA-Z0-9]+$/.test(key))
        problems.push(
          invalidValue(
            `${field}[${key}]`,
            key,
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
          ),
        );
      if (fields.length > 1 && field === 'binaryData' && textMap(own(object, 'data')).has(key))
        problems.push(invalidValue(`binaryData[${key}]`, key, 'duplicate of key present in data'));
      sizeBytes +=
        field === 'data' && fields.length > 1 ? Buffer.byteLength(value) : Math.floor((value.length * 3) / 4);
    }
  if (sizeBytes > DATA_LIMIT_BYTES)
    problems.push({
      field: fields.length > 1 ? '' : 'data',
      reason: 'FieldValueTooLong',
      message: `Too long: may not be more than ${DATA_LIMIT_BYTES} bytes`,
    });
  return problems;
}

const SECRET_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

function validateSecret(object: JsonObject): FieldProblem[] {
  const data = textMap(own(object, 'data'));
  const type = textOf(object, 'type');
  const needed = Object.hasOwn(SECRET_KEYS, type) ? (SECRET_KEYS[type] ?? []) : [];
  const problems = needed.filter((key) => !data.has(key)).map((key) => required(`data[${key}]`));
  if (type === 'kubernetes.io/basic-auth' && !data.has('username') && !data.has('password'))
    problems.push(required('data[username]'), required('data[password]'));
  return problems;
}

function validateClaim(object: JsonObject): FieldProblem[] {
  const spec = own(object, 'spec');
  const problems: FieldProblem[] = [];
  const modes = own(spec, 'accessModes');
  if (!Array.isArray(modes) || modes.length === 0)
    problems.push(required('spec.accessModes', 'at least 1 access mode is required'));
  else
    for (const [index, mode] of modes.entries())
      if (!['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'].includes(String(mode)))
        problems.push(
          notSupported(`spec.accessModes[${index}]`, mode, [
            'ReadOnlyMany',
            'ReadWriteMany',
            'ReadWriteOnce',
            'ReadWriteOncePod',
          ]),
        );
  const storage = textMap(own(own(spec, 'resources'), 'requests')).get('storage');
  if (storage === undefined) problems.push(required('spec.resources[storage]'));
  else if (compareQuantities(storage, '0') <= 0)
    problems.push(invalidValue('spec.resources[storage]', storage, 'must be greater than zero'));
  return problems;
}

function validateVolume(object: JsonObject): FieldProblem[] {
  const spec = own(object, 'spec');
  const problems: FieldProblem[] = [];
  const modes = own(spec, 'accessModes');
  if (!Array.isArray(modes) || modes.length === 0) problems.push(required('spec.accessModes'));
  if (textMap(own(spec, 'capacity')).size === 0) problems.push(required('spec.capacity'));
  return problems;
}

function validateAutoscaler(object: JsonObject): FieldProblem[] {
  const spec = own(object, 'spec');
  const problems: FieldProblem[] = [];
  const min = own(spec, 'minReplicas');
  const max = own(spec, 'maxReplicas');
  if (typeof min === 'number' && min < 1)
    problems.push(invalidValue('spec.minReplicas', min, 'must be greater than or equal to 1'));
  if (typeof max !== 'number' || max < 1)
    problems.push(invalidValue('spec.maxReplicas', max ?? 0, 'must be greater than 0'));
  else if (typeof min === 'number' && max < min)
    problems.push(invalidValue('spec.maxReplicas', max, 'must be greater than or equal to `minReplicas`'));
  const target = own(spec, 'scaleTargetRef');
  for (const field of ['kind', 'name'])
    if (textOf(target, field) === '') problems.push(required(`spec.scaleTargetRef.${field}`));
  const apiVersion = textOf(target, 'apiVersion');
  if (!apiVersion.includes('/') && textOf(target, 'kind') !== 'ReplicationController')
    problems.push(invalidValue('spec.scaleTargetRef.apiVersion', apiVersion, 'apiVersion must specify API group'));
  return problems;
}

function validateBudget(object: JsonObject): FieldProblem[] {
  const spec = own(object, 'spec');
  if (own(spec, 'minAvailable') !== undefined && own(spec, 'maxUnavailable') !== undefined)
    return [
      invalidValue(
        'spec',
        { minAvailable: own(spec, 'minAvailable'), maxUnavailable: own(spec, 'maxUnavailable') } as never,
        'minAvailable and maxUnavailable cannot be both set',
      ),
    ];
  return [];
}

function validateIngress(object: JsonObject): FieldProblem[] {
  const spec = own(object, 'spec');
  const problems: FieldProblem[] = [];
  if (items(spec, 'rules').length === 0 && own(spec, 'defaultBackend') === undefined)
    problems.push(invalidValue('spec', null, 'either `defaultBackend` or `rules` must be specified'));
  for (const [index, rule] of items(spec, 'rules').entries())
    for (const [place, path] of items(own(rule, 'http'), 'paths').entries()) {
      const at = `spec.rules[${index}].http.paths[${place}]`;
      const type = textOf(path, 'pathType');
      if (type === '') problems.push(required(`${at}.pathType`, 'pathType must be specified'));
      else if (!['Exact', 'ImplementationSpecific', 'Prefix'].includes(type))
        problems.push(notSupported(`${at}.pathType`, type, ['Exact', 'ImplementationSpecific', 'Prefix']));
      const text = textOf(path, 'path');
      if (type !== 'ImplementationSpecific' && type !== '' && !text.startsWith('/'))
        problems.push(invalidValue(`${at}.path`, text, 'must be an absolute path'));
      const backend = own(path, 'backend');
      const service = own(backend, 'service');
      if (service === undefined && own(backend, 'resource') === undefined)
        problems.push(required(`${at}.backend`, 'resource or service backend is required'));
      else if (isJsonObject(service)) {
        if (textOf(service, 'name') === '') problems.push(required(`${at}.backend.service.name`));
        const port = own(service, 'port');
        if (textOf(port, 'name') === '' && own(port, 'number') === undefined)
          problems.push(required(`${at}.backend`, 'port name or number is required'));
      }
    }
  return problems;
}

function validateNetworkPolicy(object: JsonObject): FieldProblem[] {
  const types = own(own(object, 'spec'), 'policyTypes');
  return (Array.isArray(types) ? types : []).flatMap((type, index) =>
    type === 'Ingress' || type === 'Egress'
      ? []
      : [notSupported(`spec.policyTypes[${index}]`, type, ['Egress', 'Ingress'])],
  );
}

function validateRole(object: JsonObject, kind: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const [index, rule] of items(object, 'rules').entries()) {
    const at = `rules[${index}]`;
    const count = (field: string): number => {
      const list = own(rule, field);
      return Array.isArray(list) ? list.length : 0;
    };
    if (count('verbs') === 0) problems.push(required(`${at}.verbs`, 'verbs must contain at least one value'));
    if (count('nonResourceURLs') > 0) {
      if (kind === 'Role')
        problems.push(
          invalidValue(
            `${at}.nonResourceURLs`,
            own(rule, 'nonResourceURLs'),
            'namespaced rules cannot apply to non-resource URLs',
          ),
        );
      continue;
    }
    if (count('apiGroups') === 0)
      problems.push(required(`${at}.apiGroups`, 'resource rules must supply at least one api group'));
    if (count('resources') === 0)
      problems.push(required(`${at}.resources`, 'resource rules must supply at least one resource'));
  }
  return problems;
}

function validateBinding(object: JsonObject, kind: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const role = own(object, 'roleRef');
  const allowed = kind === 'RoleBinding' ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (textOf(role, 'apiGroup') !== RBAC)
    problems.push(notSupported('roleRef.apiGroup', textOf(role, 'apiGroup'), [RBAC]));
  if (!allowed.includes(textOf(role, 'kind')))
    problems.push(notSupported('roleRef.kind', textOf(role, 'kind'), allowed));
  if (textOf(role, 'name') === '') problems.push(required('roleRef.name'));
  for (const [index, subject] of items(object, 'subjects').entries()) {
    const at = `subjects[${index}]`;
    const subjectKind = textOf(subject, 'kind');
    if (textOf(subject, 'name') === '') problems.push(required(`${at}.name`));
    if (subjectKind === 'ServiceAccount') {
      if (textOf(subject, 'namespace') === '' && kind === 'ClusterRoleBinding')
        problems.push(required(`${at}.namespace`));
    } else if (subjectKind !== 'User' && subjectKind !== 'Group')
      problems.push(notSupported(`${at}.kind`, subjectKind, ['ServiceAccount', 'User', 'Group']));
  }
  return problems;
}

function validateLease(object: JsonObject): FieldProblem[] {
  const seconds = own(own(object, 'spec'), 'leaseDurationSeconds');
  return typeof seconds === 'number' && seconds <= 0
    ? [invalidValue('spec.leaseDurationSeconds', seconds, 'must be greater than 0')]
    : [];
}
