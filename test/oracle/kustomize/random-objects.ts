import type { Random } from '../seeded-random.ts';
import { some } from './some.ts';

const NAMES = ['web', 'api', 'db', 'cfg', 'web', 'cache', 'app.one', '"123"', 'sa', 'default', 'true-ish'];
export const NAMESPACES = ['', '', '', 'one', 'two', 'default'];

/** Plain scalars in the forms that readers disagree on. */
const ODD = [
  'yes',
  'no',
  'on',
  'off',
  'y',
  'n',
  'true',
  'True',
  '"true"',
  'null',
  '~',
  '',
  '1',
  '-1',
  '+1',
  '0777',
  '0o17',
  '08',
  '0x1F',
  '0b11',
  '1_000',
  '1.0',
  '1.10',
  '1e3',
  '1E+3',
  '.5',
  '5.',
  '-.5',
  '1e400',
  '.inf',
  '.nan',
  '12:30',
  '2020-01-02',
  '2020-01-02T03:04:05Z',
  '2020-13-02',
  '"1"',
  "'1'",
  '"yes"',
  "'it''s'",
  '"a\\tb\\u263a"',
  'a b',
  'a: b'.replace(': ', ':'),
  '"a: b"',
  '#x'.replace('#', '"#') + '"',
  'x#y',
  '@a'.replace('@a', '"@a"'),
  '12345678901234567890',
  '9007199254740993',
  '123456789012345678901234567890',
  '1.7976931348623157e308',
  'foo',
  'v1',
  '=',
  '<<x',
  '"<a&b>"',
  '!!str 12',
  '!!int "7"',
  '!!float 3',
  '!foo bar',
  '"\\u00e9\\U0001F600"',
  '[]',
  '{}',
  '[1, "2", x]',
  '{a: 1, b: }',
  '>-\n    folded\n    text\n',
  '|\n    lit\n      eral\n',
  '|+\n    keep\n\n',
  '"long long long long long long long long long long long long long long long long long long long long text"',
];

export function oddScalar(r: Random): string {
  return r.chance(0.5) ? r.pick(['a', 'b', 'c1', '"d"', '3', 'true']) : r.pick(ODD);
}

const KEYS = ['a', 'b', 'app', 'tier', 'example.com/x', 'k.dots', '"q"', '"yes"', 'x-y', 'last', 'app', 'tier'];

function quoteText(text: string): string {
  return JSON.stringify(text);
}

export function textValue(r: Random): string {
  return r.pick([
    'x',
    'y',
    'web',
    '"1"',
    '"true"',
    'a-b',
    '"yes"',
    'v1.2',
    quoteText('sp ace'),
    '""',
    "'q'",
    '"null"',
    'on',
    '"2020-01-01"',
  ]);
}

function labels(r: Random, indent: string, most = 3): string {
  const keys = some(r, ['app', 'tier', 'env', 'example.com/x', 'role'], most);
  return keys.map((key) => `${indent}${key}: ${r.chance(0.1) ? oddScalarOneLine(r) : textValue(r)}\n`).join('');
}

export function oddScalarOneLine(r: Random): string {
  for (;;) {
    const text = oddScalar(r);
    if (!text.includes('\n')) return text;
  }
}

export interface ObjectSpec {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

export interface MadeObject extends ObjectSpec {
  readonly text: string;
}

const KINDS: readonly (readonly [string, string])[] = [
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['batch/v1', 'Job'],
  ['batch/v1', 'CronJob'],
  ['v1', 'Pod'],
  ['v1', 'Service'],
  ['v1', 'Service'],
  ['v1', 'ConfigMap'],
  ['v1', 'ConfigMap'],
  ['v1', 'Secret'],
  ['v1', 'ServiceAccount'],
  ['v1', 'Namespace'],
  ['v1', 'PersistentVolumeClaim'],
  ['networking.k8s.io/v1', 'Ingress'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
  ['autoscaling/v2', 'HorizontalPodAutoscaler'],
  ['rbac.authorization.k8s.io/v1', 'Role'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRole'],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  ['example.com/v1', 'Thing'],
  ['example.com/v1', 'Thing'],
  ['policy/v1', 'PodDisruptionBudget'],
  ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'],
  ['apiregistration.k8s.io/v1', 'APIService'],
  ['storage.k8s.io/v1', 'StorageClass'],
  ['extensions/v1beta1', 'Deployment'],
  ['v1', 'ReplicationController'],
  ['v1', 'PodTemplate'],
];

export const IMAGES = [
  'nginx',
  'nginx:1.2',
  'reg.io:5000/team/app:v1',
  'app@sha256:abcd',
  'team/app:v1@sha256:ff',
  'my.app',
  '"nginx:1.20"',
  'alpine',
];

function pick(r: Random, names: readonly string[]): string {
  return r.pick(names.length > 0 && r.chance(0.8) ? names : NAMES);
}

/** Any YAML below a key, not too deep. */
function anything(r: Random, indent: string, depth: number): string {
  if (depth === 0 || r.chance(0.4)) return ` ${oddScalarOneLine(r)}\n`;
  if (r.chance(0.1)) return ` |\n${indent}  line $(VAR)\n${indent}    more\n`;
  if (r.chance(0.5)) {
    const keys = some(r, KEYS, 3);
    if (keys.length === 0) return ' {}\n';
    return `\n${keys.map((key) => `${indent}  ${key}:${anything(r, `${indent}  `, depth - 1)}`).join('')}`;
  }
  const count = r.below(3);
  if (count === 0) return ' []\n';
  let text = '\n';
  for (let index = 0; index < count; index++) {
    text += r.chance(0.5)
      ? `${indent}  - name: ${r.pick(['a', 'b', 'c'])}\n${indent}    v:${anything(r, `${indent}    `, depth - 1)}`
      : `${indent}  - ${oddScalarOneLine(r) || 'x'}\n`;
  }
  return text;
}

function envList(r: Random, indent: string, names: Names): string {
  let text = `${indent}env:\n`;
  const count = 1 + r.below(3);
  for (let index = 0; index < count; index++) {
    text += `${indent}- name: ${r.pick(['A', 'B', 'C', 'D'])}\n`;
    const choice = r.below(5);
    if (choice === 0)
      text += `${indent}  valueFrom:\n${indent}    configMapKeyRef:\n${indent}      name: ${pick(r, names.ConfigMap ?? [])}\n${indent}      key: k\n`;
    else if (choice === 1)
      text += `${indent}  valueFrom:\n${indent}    secretKeyRef: {name: ${pick(r, names.Secret ?? [])}, key: k}\n`;
    else if (choice === 2) text += `${indent}  value: $(VAR)-x\n`;
    else text += `${indent}  value: ${oddScalarOneLine(r)}\n`;
  }
  return text;
}

export type Names = Readonly<Record<string, readonly string[]>>;

export function container(r: Random, indent: string, names: Names): string {
  let text = `${indent}- name: ${r.pick(['main', 'side', 'init', 'main'])}\n`;
  const i = `${indent}  `;
  if (r.chance(0.9)) text += `${i}image: ${r.pick(IMAGES)}\n`;
  if (r.chance(0.3)) text += envList(r, i, names);
  if (r.chance(0.3)) {
    text += `${i}ports:\n`;
    for (const port of some(r, [80, 8080, 443, 80], 3)) {
      text += `${i}- containerPort: ${port}\n`;
      if (r.chance(0.5)) text += `${i}  protocol: ${r.pick(['TCP', 'UDP'])}\n`;
      if (r.chance(0.3)) text += `${i}  name: ${r.pick(['http', 'admin'])}\n`;
    }
    if (text.endsWith('ports:\n')) text = text.slice(0, -'ports:\n'.length) + 'ports: []\n';
  }
  if (r.chance(0.2))
    text += `${i}envFrom:\n${i}- ${r.pick(['configMapRef', 'secretRef'])}:\n${i}    name: ${pick(r, names.ConfigMap ?? [])}\n`;
  if (r.chance(0.2)) text += `${i}args: [${some(r, ['a', '"$(VAR)"', '--x=$(VAR)', '"1"'], 3).join(', ')}]\n`;
  if (r.chance(0.2))
    text += `${i}volumeMounts:\n${i}- mountPath: ${r.pick(['/a', '/b'])}\n${i}  name: ${r.pick(['v1', 'v2'])}\n`;
  if (r.chance(0.15))
    text += `${i}resources:\n${i}  limits: {cpu: ${r.pick(['1', '500m', '"2"', '0.5'])}, memory: 1Gi}\n`;
  return text;
}

export function podSpec(r: Random, indent: string, names: Names): string {
  let text = '';
  if (r.chance(0.85)) {
    text += `${indent}containers:\n`;
    const count = 1 + r.below(2);
    for (let index = 0; index < count; index++) text += container(r, indent, names);
  }
  if (r.chance(0.2)) text += `${indent}initContainers:\n${container(r, indent, names)}`;
  if (r.chance(0.3)) {
    text += `${indent}volumes:\n`;
    for (const volume of ['v1', 'v2'].slice(0, 1 + r.below(2))) {
      text += `${indent}- name: ${volume}\n`;
      const choice = r.below(5);
      if (choice === 0) text += `${indent}  configMap:\n${indent}    name: ${pick(r, names.ConfigMap ?? [])}\n`;
      else if (choice === 1) text += `${indent}  secret: {secretName: ${pick(r, names.Secret ?? [])}}\n`;
      else if (choice === 2) text += `${indent}  emptyDir: {}\n`;
      else if (choice === 3)
        text += `${indent}  persistentVolumeClaim:\n${indent}    claimName: ${pick(r, names.PersistentVolumeClaim ?? [])}\n`;
      else
        text += `${indent}  projected:\n${indent}    sources:\n${indent}    - configMap: {name: ${pick(r, names.ConfigMap ?? [])}}\n${indent}    - secret: {name: ${pick(r, names.Secret ?? [])}}\n`;
    }
  }
  if (r.chance(0.3)) text += `${indent}serviceAccountName: ${pick(r, names.ServiceAccount ?? [])}\n`;
  if (r.chance(0.15)) text += `${indent}imagePullSecrets:\n${indent}- name: ${pick(r, names.Secret ?? [])}\n`;
  if (r.chance(0.1))
    text += `${indent}topologySpreadConstraints:\n${indent}- topologyKey: zone\n${indent}  whenUnsatisfiable: DoNotSchedule\n${indent}  labelSelector:\n${indent}    matchLabels: {app: x}\n`;
  if (r.chance(0.1))
    text += `${indent}affinity:\n${indent}  podAntiAffinity:\n${indent}    requiredDuringSchedulingIgnoredDuringExecution:\n${indent}    - labelSelector:\n${indent}        matchLabels:\n${indent}          app: x\n${indent}      topologyKey: h\n`;
  if (r.chance(0.1)) text += `${indent}tolerations:\n${indent}- key: a\n${indent}  operator: Exists\n`;
  return text === '' ? `${indent}restartPolicy: Always\n` : text;
}

function template(r: Random, indent: string, names: Names): string {
  let text = `${indent}template:\n`;
  if (r.chance(0.6)) {
    text += `${indent}  metadata:\n`;
    const found = labels(r, `${indent}      `);
    text += found === '' ? `${indent}    labels: {}\n` : `${indent}    labels:\n${found}`;
    if (r.chance(0.2)) text += `${indent}    annotations: {note: ${textValue(r)}}\n`;
  }
  return `${text}${indent}  spec:\n${podSpec(r, `${indent}    `, names)}`;
}

function body(r: Random, kind: string, names: Names): string {
  switch (kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'ReplicationController': {
      let text = 'spec:\n';
      if (r.chance(0.5)) text += `  replicas: ${r.pick(['1', '2', '"3"', 'null', '~'])}\n`;
      if (r.chance(0.5))
        text +=
          kind === 'ReplicationController'
            ? '  selector: {app: web}\n'
            : `  selector:\n    matchLabels:\n      app: ${textValue(r)}\n`;
      if (kind === 'StatefulSet' && r.chance(0.5)) text += `  serviceName: ${pick(r, names.Service ?? [])}\n`;
      if (kind === 'StatefulSet' && r.chance(0.3))
        text += `  volumeClaimTemplates:\n  - metadata:\n      name: data\n    spec:\n      storageClassName: ${pick(r, names.StorageClass ?? [])}\n`;
      if (kind === 'Deployment' && r.chance(0.2))
        text += `  strategy:\n    type: RollingUpdate\n    rollingUpdate: {maxSurge: 1}\n`;
      return text + (r.chance(0.9) ? template(r, '  ', names) : '  paused: false\n');
    }
    case 'Job':
      return `spec:\n${template(r, '  ', names)}`;
    case 'CronJob':
      return `spec:\n  schedule: "* * * * *"\n  jobTemplate:\n    spec:\n${template(r, '      ', names)}`;
    case 'PodTemplate':
      return template(r, '', names);
    case 'Pod':
      return `spec:\n${podSpec(r, '  ', names)}`;
    case 'Service': {
      let text = 'spec:\n';
      if (r.chance(0.6)) text += `  selector: {app: ${textValue(r)}}\n`;
      text += '  ports:\n';
      for (const port of [80, 443].slice(0, 1 + r.below(2)))
        text += `  - port: ${port}\n${r.chance(0.5) ? `    protocol: ${r.pick(['TCP', 'UDP'])}\n` : ''}${r.chance(0.3) ? '    targetPort: $(VAR)\n' : ''}`;
      return text;
    }
    case 'ConfigMap': {
      const keys = some(r, KEYS, 4);
      const data = keys
        .map(
          (key) =>
            `  ${key}: ${r.chance(0.2) ? r.pick(['"{\\"a\\": {\\"b\\": 1}}"', '"x:y:z"', '|\n    a:\n      b: 1\n', '|\n    list:\n      - name: x\n        v: "1"\n      - name: y\n    a: {b: [1, 2], c: "q"}\n    z: it\'s\n', '"{\\"list\\": [{\\"name\\": \\"x\\", \\"v\\": 1.0}], \\"a\\": \\"<b>\\"}"', '|-\n    {\n      "a": {"b": null}\n    }\n', "|\n    a: |\n      text\n\n      more\n    list: []\n    k: 'q'\n    e:\n    n: ~\n"]) : r.chance(0.3) ? oddScalarOneLine(r) : textValue(r)}\n`,
        )
        .join('');
      return data === '' ? r.pick(['data: {}\n', '', 'data:\n']) : `data:\n${data.replaceAll('\n\n', '\n')}`;
    }
    case 'Secret':
      return `type: Opaque\n${r.chance(0.5) ? 'data: {k: Zm9v}\n' : 'stringData:\n  k: v\n'}`;
    case 'Ingress':
      return `spec:\n  tls:\n  - secretName: ${pick(r, names.Secret ?? [])}\n    hosts: [a.example.com]\n  rules:\n  - host: a.example.com\n    http:\n      paths:\n      - path: /\n        backend:\n          service:\n            name: ${pick(r, names.Service ?? [])}\n            port: {number: 80}\n`;
    case 'NetworkPolicy':
      return 'spec:\n  podSelector:\n    matchLabels:\n      app: x\n  ingress:\n  - from:\n    - podSelector: {matchLabels: {app: y}}\n';
    case 'HorizontalPodAutoscaler':
      return `spec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: ${r.pick(['Deployment', 'StatefulSet'])}\n    name: ${pick(r, names.Deployment ?? [])}\n`;
    case 'Role':
    case 'ClusterRole':
      return `rules:\n- apiGroups: [""]\n  resources: [${r.pick(['configmaps', 'secrets'])}]\n  resourceNames: [${pick(r, names.ConfigMap ?? [])}, ${pick(r, names.Secret ?? [])}]\n  verbs: [get]\n`;
    case 'RoleBinding':
    case 'ClusterRoleBinding': {
      const role = kind === 'ClusterRoleBinding' || r.chance(0.3) ? 'ClusterRole' : 'Role';
      let text = `roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ${role}\n  name: ${pick(r, names[role] ?? [])}\nsubjects:\n`;
      const count = 1 + r.below(2);
      for (let index = 0; index < count; index++) {
        text += `- kind: ${r.pick(['ServiceAccount', 'ServiceAccount', 'User'])}\n  name: ${pick(r, names.ServiceAccount ?? [])}\n`;
        if (r.chance(0.5)) text += `  namespace: ${r.pick(['one', 'two', 'default'])}\n`;
      }
      return text;
    }
    case 'ValidatingWebhookConfiguration':
      return `webhooks:\n- name: a.example.com\n  clientConfig:\n    service:\n      name: ${pick(r, names.Service ?? [])}\n${r.chance(0.7) ? `      namespace: ${r.pick(['one', 'default'])}\n` : ''}`;
    case 'APIService':
      return `spec:\n  service:\n    name: ${pick(r, names.Service ?? [])}\n`;
    case 'PersistentVolumeClaim':
      return `spec:\n  storageClassName: ${pick(r, names.StorageClass ?? [])}\n`;
    case 'PodDisruptionBudget':
      return 'spec:\n  selector:\n    matchLabels: {app: x}\n';
    case 'CustomResourceDefinition':
      return 'spec:\n  group: example.com\n  names: {kind: Thing}\n  conversion:\n    webhook:\n      clientConfig:\n        service: {name: x, namespace: y}\n';
    case 'ServiceAccount':
      return r.chance(0.5) ? `imagePullSecrets:\n- name: ${pick(r, names.Secret ?? [])}\n` : '';
    case 'StorageClass':
      return `parameters:\n  secretName: ${pick(r, names.Secret ?? [])}\n`;
    default: {
      let text = `spec:${r.chance(0.8) ? `\n  a:${anything(r, '  ', 2)}  b:${anything(r, '  ', 1)}` : anything(r, '', 3)}`;
      if (r.chance(0.3)) text += `status:${anything(r, '', 1)}`;
      return text;
    }
  }
}

export function makeObject(r: Random, names: Names): MadeObject {
  const [apiVersion, kind] = r.pick(KINDS);
  const taken = new Set(names[kind]);
  // Mostly a name of its own: two objects with the same id end the build.
  const free = NAMES.filter((one) => !taken.has(one));
  const name = r.pick(free.length > 0 && r.chance(0.95) ? free : NAMES);
  const namespace = r.pick(NAMESPACES);
  let text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n`;
  if (namespace !== '') text += `  namespace: ${namespace}\n`;
  if (r.chance(0.4)) {
    const found = labels(r, '    ');
    text += found === '' ? `  labels:${r.pick(['', ' {}', ' null'])}\n` : `  labels:\n${found}`;
  }
  if (r.chance(0.3))
    text += r.chance(0.1)
      ? '  annotations: {}\n'
      : `  annotations:\n    note: ${r.chance(0.3) ? oddScalarOneLine(r) : textValue(r)}\n${r.chance(0.1) ? '    config.kubernetes.io/local-config: "true"\n' : ''}`;
  if (r.chance(0.1)) text += '  finalizers: [f1, f2]\n';
  text += body(r, kind, names);
  if (r.chance(0.05)) text += 'extra: # comment\n  x: 1\n';
  return { apiVersion, kind, name: name.replaceAll('"', ''), namespace, text };
}
