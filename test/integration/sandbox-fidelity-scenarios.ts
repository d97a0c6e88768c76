import { parse } from 'yaml';
import type { Json } from '../../src/core/json.ts';
import type { Asked } from './sandbox-fidelity.ts';

export interface Step {
  readonly ask: Asked;
  /** False: only done, the answers are not compared. */
  readonly compare?: boolean;
  /** Differences that begin like this are known and left out. */
  readonly ignore?: readonly string[];
  /** The definition at this path is awaited until both servers have established it. */
  readonly established?: boolean;
  /** Given to both servers to settle. */
  readonly settleMs?: number;
}

export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
}

const SPACE = 'fidelity-scenarios';
const DEPLOYMENTS = `/apis/apps/v1/namespaces/${SPACE}/deployments`;
const CONFIG_MAPS = `/api/v1/namespaces/${SPACE}/configmaps`;
const SERVICES = `/api/v1/namespaces/${SPACE}/services`;
const APPLY = 'application/apply-patch+yaml';
const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';

function yaml(text: string): Json {
  return parse(text) as Json;
}

function post(path: string, text: string, query: Readonly<Record<string, string>> = {}): Step {
  return { ask: { method: 'POST', path, body: yaml(text), query } };
}

function apply(path: string, text: string, manager: string, query: Readonly<Record<string, string>> = {}): Step {
  return {
    ask: { method: 'PATCH', path, contentType: APPLY, body: yaml(text), query: { fieldManager: manager, ...query } },
  };
}

function patch(path: string, contentType: string, text: string, query: Readonly<Record<string, string>> = {}): Step {
  return { ask: { method: 'PATCH', path, contentType, body: yaml(text), query } };
}

function get(path: string, query: Readonly<Record<string, string>> = {}): Step {
  return { ask: { method: 'GET', path, query } };
}

function remove(path: string, body?: Json): Step {
  return { ask: { method: 'DELETE', path, ...(body === undefined ? {} : { body }) } };
}

function deployment(name: string, extra = '', container = ''): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  ${extra === '' ? 'replicas: 1' : extra}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [ { name: web, image: "nginx:1"${container} } ] }
`;
}

const WIDGETS = '/apis/fidelity.example.com/v1/namespaces/fidelity-scenarios/widgets';
const WIDGET_DEFINITION = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.fidelity.example.com }
spec:
  group: fidelity.example.com
  names: { kind: Widget, plural: widgets }
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    subresources: { status: {}, scale: { specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas } }
    additionalPrinterColumns: [ { name: Size, type: string, jsonPath: .spec.size } ]
    schema:
      openAPIV3Schema:
        type: object
        required: [ spec ]
        properties:
          spec:
            type: object
            required: [ size ]
            properties:
              size: { type: string, enum: [ small, large ] }
              replicas: { type: integer, minimum: 0, maximum: 10, default: 1 }
              name: { type: string, pattern: "^[a-z]+$", maxLength: 5 }
              listeners: { type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [ port, protocol ], items: { type: object, required: [ port ], properties: { port: { type: integer }, protocol: { type: string, default: TCP }, host: { type: string } } } }
              tags: { type: array, x-kubernetes-list-type: set, items: { type: string } }
              hosts: { type: array, items: { type: string } }
              free: { type: object, x-kubernetes-preserve-unknown-fields: true }
              labels: { type: object, additionalProperties: { type: string } }
              max: { x-kubernetes-int-or-string: true }
              nothing: { type: string, nullable: true }
              atomic: { type: object, x-kubernetes-map-type: atomic, properties: { a: { type: string }, b: { type: string } } }
              template: { type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true }
          status:
            type: object
            properties:
              replicas: { type: integer }
              conditions: { type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [ type ], items: { type: object, required: [ type, status ], properties: { type: { type: string }, status: { type: string } } } }
`;

function widget(name: string, spec: string): string {
  return `{ apiVersion: fidelity.example.com/v1, kind: Widget, metadata: { name: ${name} }, spec: ${spec} }`;
}

/** Sequences of requests that both servers are asked. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'two managers: conflict, force, hand-over, removal',
    steps: [
      apply(`${DEPLOYMENTS}/two`, deployment('two', 'replicas: 2'), 'a'),
      apply(`${DEPLOYMENTS}/two`, deployment('two', 'replicas: 3'), 'b'),
      apply(
        `${DEPLOYMENTS}/two`,
        deployment('two', 'replicas: 3', ', command: [ x ]').replace('nginx:1', 'nginx:2'),
        'b',
      ),
      apply(`${DEPLOYMENTS}/two`, deployment('two', 'replicas: 3', ', env: [ { name: A, value: "1" } ]'), 'b', {
        force: 'true',
      }),
      apply(`${DEPLOYMENTS}/two`, deployment('two', 'minReadySeconds: 1'), 'a'),
      apply(`${DEPLOYMENTS}/two`, deployment('two', 'minReadySeconds: 0'), 'b'),
      apply(`${DEPLOYMENTS}/two`, deployment('two', 'paused: true'), 'a'),
      get(`${DEPLOYMENTS}/two`),
      remove(`${DEPLOYMENTS}/two`),
    ],
  },
  {
    name: 'updates take ownership from an apply, which wins it back by force',
    steps: [
      apply(`${DEPLOYMENTS}/own`, deployment('own', 'replicas: 2', ', ports: [ { containerPort: 80 } ]'), 'a'),
      patch(`${DEPLOYMENTS}/own`, MERGE, '{ spec: { replicas: 5 } }', { fieldManager: 'scaler' }),
      apply(`${DEPLOYMENTS}/own`, deployment('own', 'replicas: 2', ', ports: [ { containerPort: 80 } ]'), 'a'),
      apply(`${DEPLOYMENTS}/own`, deployment('own', 'replicas: 2', ', ports: [ { containerPort: 80 } ]'), 'a', {
        force: 'true',
      }),
      patch(
        `${DEPLOYMENTS}/own`,
        STRATEGIC,
        '{ spec: { template: { spec: { containers: [ { name: web, env: [ { name: X, value: y } ] }, { name: second, image: b } ] } } } }',
        { fieldManager: 'editor' },
      ),
      patch(
        `${DEPLOYMENTS}/own`,
        STRATEGIC,
        '{ spec: { template: { spec: { $setElementOrder/containers: [ { name: second }, { name: web } ], containers: [ { name: second, $patch: delete } ] } } } }',
        { fieldManager: 'editor' },
      ),
      patch(
        `${DEPLOYMENTS}/own`,
        JSON_PATCH,
        '[ { op: replace, path: /spec/template/spec/containers/0/image, value: "nginx:9" }, { op: add, path: /metadata/labels, value: { a: b } } ]',
        { fieldManager: 'json' },
      ),
      patch(`${DEPLOYMENTS}/own`, JSON_PATCH, '[ { op: test, path: /spec/replicas, value: 77 } ]'),
      patch(`${DEPLOYMENTS}/own`, JSON_PATCH, '[ { op: remove, path: /spec/nothing } ]'),
      apply(`${DEPLOYMENTS}/own`, deployment('own', 'replicas: 2', ', ports: [ { containerPort: 81 } ]'), 'a', {
        force: 'true',
      }),
      { ask: { method: 'GET', path: `${DEPLOYMENTS}/own/scale` } },
      patch(`${DEPLOYMENTS}/own/scale`, MERGE, '{ spec: { replicas: 4 } }', { fieldManager: 'kubectl-scale' }),
      get(`${DEPLOYMENTS}/own`),
      patch(
        `${DEPLOYMENTS}/own/status`,
        MERGE,
        '{ status: { replicas: 4, observedGeneration: 1 }, spec: { replicas: 9 }, metadata: { annotations: { from: status } } }',
        { fieldManager: 'controller' },
      ),
      apply(
        `${DEPLOYMENTS}/own/status`,
        '{ apiVersion: apps/v1, kind: Deployment, metadata: { name: own }, status: { conditions: [ { type: Custom, status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" } ] } }',
        'status-applier',
      ),
      apply(
        `${DEPLOYMENTS}/own/status`,
        '{ apiVersion: apps/v1, kind: Deployment, metadata: { name: own }, status: { readyReplicas: 2 } }',
        'status-applier',
      ),
      get(`${DEPLOYMENTS}/own`),
    ],
  },
  {
    name: 'client-side apply by annotation, then server-side by kubectl',
    steps: [
      post(
        CONFIG_MAPS,
        `{ apiVersion: v1, kind: ConfigMap, metadata: { name: csa, annotations: { kubectl.kubernetes.io/last-applied-configuration: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"csa"},"data":{"a":"1"}}' } }, data: { a: "1" } }`,
        { fieldManager: 'kubectl-client-side-apply' },
      ),
      apply(
        `${CONFIG_MAPS}/csa`,
        '{ apiVersion: v1, kind: ConfigMap, metadata: { name: csa }, data: { a: "2" } }',
        'kubectl',
      ),
      apply(
        `${CONFIG_MAPS}/csa`,
        '{ apiVersion: v1, kind: ConfigMap, metadata: { name: csa }, data: { a: "3" } }',
        'someone',
      ),
      {
        ask: {
          method: 'PATCH',
          path: `${CONFIG_MAPS}/csa`,
          contentType: MERGE,
          body: { metadata: { managedFields: [{}] } },
        },
      },
      apply(
        `${CONFIG_MAPS}/csa`,
        '{ apiVersion: v1, kind: ConfigMap, metadata: { name: csa }, data: { a: "4" } }',
        'someone',
      ),
      apply(
        `${CONFIG_MAPS}/csa`,
        '{ apiVersion: v1, kind: ConfigMap, metadata: { name: csa }, data: { a: "4" } }',
        'someone',
        { force: 'true' },
      ),
      apply(
        `${CONFIG_MAPS}/csa`,
        '{ apiVersion: v1, kind: ConfigMap, metadata: { name: csa }, data: { a: "4" } }',
        'second',
      ),
    ],
  },
  {
    name: 'unknown fields and wrong forms',
    steps: [
      post(DEPLOYMENTS, deployment('bad', 'colour: red', ', imagee: b'), { fieldValidation: 'Strict' }),
      post(DEPLOYMENTS, deployment('bad', 'colour: red', ', imagee: b'), { dryRun: 'All' }),
      post(DEPLOYMENTS, deployment('bad', 'replicas: two')),
      post(DEPLOYMENTS, deployment('bad', 'paused: 1')),
      post(DEPLOYMENTS, deployment('bad', 'replicas: 1', ', args: x')),
      post(DEPLOYMENTS, deployment('bad', 'replicas: 1', ', resources: { limits: { cpu: lots } }')),
      apply(`${DEPLOYMENTS}/bad`, deployment('bad', 'colour: red'), 'a', { fieldValidation: 'Strict' }),
      apply(`${DEPLOYMENTS}/bad`, deployment('bad', 'replicas: two'), 'a'),
      apply(
        `${DEPLOYMENTS}/bad`,
        deployment('bad', 'replicas: 1', ', ports: [ { containerPort: 1 }, { containerPort: 1 } ]'),
        'a',
      ),
      apply(`${DEPLOYMENTS}/other-name`, deployment('bad'), 'a'),
      apply(`${DEPLOYMENTS}/bad`, deployment('bad').replace('apps/v1', 'apps/v2'), 'a'),
      { ask: { method: 'PATCH', path: `${DEPLOYMENTS}/bad`, contentType: APPLY, body: yaml(deployment('bad')) } },
      post(
        DEPLOYMENTS,
        deployment('bad').replace('metadata: { name: bad }', 'metadata: { name: bad, namespace: elsewhere }'),
      ),
      { ask: { method: 'POST', path: DEPLOYMENTS, body: '{ "apiVersion": "apps/v1", ' }, ignore: ['.message', 'code'] },
      post(`/apis/apps/v1/namespaces/absent/deployments`, deployment('bad')),
      get(`${DEPLOYMENTS}/absent`),
      get(`/apis/apps/v1/nothing`),
      { ask: { method: 'GET', path: '/apis/nothing.example.com/v1' }, ignore: ['code', '.', ''] },
    ],
  },
  {
    name: 'validation of workloads',
    steps: [
      post(DEPLOYMENTS, deployment('Bad_Name')),
      post(DEPLOYMENTS, '{ apiVersion: apps/v1, kind: Deployment, metadata: { name: v }, spec: {} }'),
      post(DEPLOYMENTS, deployment('v', 'replicas: -1')),
      post(DEPLOYMENTS, deployment('v').replace('matchLabels: { app: v }', 'matchLabels: { app: w }')),
      post(DEPLOYMENTS, deployment('v').replace('name: web,', '')),
      post(DEPLOYMENTS, deployment('v').replace('image: "nginx:1"', 'image: ""')),
      post(DEPLOYMENTS, deployment('v', 'replicas: 1', ', volumeMounts: [ { name: nope, mountPath: /x } ]')),
      post(DEPLOYMENTS, deployment('v', 'replicas: 1', ', ports: [ { containerPort: 70000 } ]')),
      post(DEPLOYMENTS, deployment('v', 'replicas: 1', ', imagePullPolicy: Sometimes')),
      post(
        DEPLOYMENTS,
        deployment('v', 'replicas: 1', ', resources: { requests: { cpu: "2" }, limits: { cpu: "1" } }'),
      ),
      post(DEPLOYMENTS, deployment('v', 'replicas: 1', ', livenessProbe: {}')),
      post(DEPLOYMENTS, deployment('v', 'strategy: { type: Slow }')),
      post(DEPLOYMENTS, deployment('v', 'strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } }')),
      post(DEPLOYMENTS, deployment('v').replace('spec: { containers', 'spec: { restartPolicy: Never, containers')),
      post(
        `/apis/batch/v1/namespaces/${SPACE}/jobs`,
        '{ apiVersion: batch/v1, kind: Job, metadata: { name: j }, spec: { template: { spec: { containers: [ { name: a, image: b } ] } } } }',
      ),
      post(
        `/apis/batch/v1/namespaces/${SPACE}/cronjobs`,
        '{ apiVersion: batch/v1, kind: CronJob, metadata: { name: j }, spec: { schedule: "never", jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [ { name: a, image: b } ] } } } } } }',
      ),
      post(CONFIG_MAPS, '{ apiVersion: v1, kind: ConfigMap, metadata: { name: c, labels: { "bad key!": x } } }'),
      post(CONFIG_MAPS, '{ apiVersion: v1, kind: ConfigMap, metadata: { name: c, labels: { k: "bad value!" } } }'),
      post(CONFIG_MAPS, '{ apiVersion: v1, kind: ConfigMap, metadata: { name: c }, data: { "bad/key": x } }'),
      post(CONFIG_MAPS, '{ apiVersion: v1, kind: ConfigMap, metadata: {} }'),
      post(SERVICES, '{ apiVersion: v1, kind: Service, metadata: { name: 1abc }, spec: { ports: [ { port: 80 } ] } }'),
      post(SERVICES, '{ apiVersion: v1, kind: Service, metadata: { name: s }, spec: { ports: [] } }'),
      post(
        SERVICES,
        '{ apiVersion: v1, kind: Service, metadata: { name: s }, spec: { ports: [ { port: 80 }, { port: 81 } ] } }',
      ),
      post(
        SERVICES,
        '{ apiVersion: v1, kind: Service, metadata: { name: s }, spec: { type: Magic, ports: [ { port: 0 } ] } }',
      ),
      post(
        `/api/v1/namespaces/${SPACE}/persistentvolumeclaims`,
        '{ apiVersion: v1, kind: PersistentVolumeClaim, metadata: { name: p }, spec: {} }',
      ),
      post(
        `/apis/networking.k8s.io/v1/namespaces/${SPACE}/ingresses`,
        '{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: i }, spec: { rules: [ { http: { paths: [ { path: x, backend: { service: { name: a, port: { number: 80 } } } } ] } } ] } }',
      ),
      post(
        `/apis/autoscaling/v2/namespaces/${SPACE}/horizontalpodautoscalers`,
        '{ apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: { name: h }, spec: { minReplicas: 5, maxReplicas: 2, scaleTargetRef: { kind: Deployment, name: x } } }',
      ),
      post(
        `/apis/rbac.authorization.k8s.io/v1/namespaces/${SPACE}/roles`,
        '{ apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: { name: r }, rules: [ { apiGroups: [ "" ], resources: [ pods ] } ] }',
      ),
      post(
        `/apis/rbac.authorization.k8s.io/v1/namespaces/${SPACE}/rolebindings`,
        '{ apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: { name: r }, roleRef: { kind: Thing, name: x }, subjects: [ { kind: Cat, name: y } ] }',
      ),
      post(
        `/api/v1/namespaces/${SPACE}/secrets`,
        '{ apiVersion: v1, kind: Secret, metadata: { name: t }, type: kubernetes.io/tls, data: {} }',
      ),
      post(
        `/api/v1/namespaces/${SPACE}/pods`,
        '{ apiVersion: v1, kind: Pod, metadata: { name: p }, spec: { priorityClassName: absent, containers: [ { name: a, image: b } ] } }',
      ),
    ],
  },
  {
    name: 'immutable fields',
    steps: [
      apply(`${DEPLOYMENTS}/fixed`, deployment('fixed'), 'a'),
      apply(`${DEPLOYMENTS}/fixed`, deployment('fixed').replaceAll('app: fixed', 'app: moved'), 'a'),
      apply(
        `/apis/batch/v1/namespaces/${SPACE}/jobs/fixed`,
        '{ apiVersion: batch/v1, kind: Job, metadata: { name: fixed }, spec: { template: { spec: { restartPolicy: Never, containers: [ { name: a, image: b } ] } } } }',
        'a',
      ),
      {
        ...apply(
          `/apis/batch/v1/namespaces/${SPACE}/jobs/fixed`,
          '{ apiVersion: batch/v1, kind: Job, metadata: { name: fixed }, spec: { template: { spec: { restartPolicy: Never, containers: [ { name: a, image: c } ] } } } }',
          'a',
        ),
        ignore: ['.message', '.details.causes[0].message'],
      },
      apply(
        `/apis/apps/v1/namespaces/${SPACE}/statefulsets/fixed`,
        '{ apiVersion: apps/v1, kind: StatefulSet, metadata: { name: fixed }, spec: { serviceName: a, selector: { matchLabels: { a: b } }, template: { metadata: { labels: { a: b } }, spec: { containers: [ { name: a, image: b } ] } } } }',
        'a',
      ),
      apply(
        `/apis/apps/v1/namespaces/${SPACE}/statefulsets/fixed`,
        '{ apiVersion: apps/v1, kind: StatefulSet, metadata: { name: fixed }, spec: { serviceName: b, selector: { matchLabels: { a: b } }, template: { metadata: { labels: { a: b } }, spec: { containers: [ { name: a, image: b } ] } } } }',
        'a',
      ),
      apply(
        `${SERVICES}/fixed`,
        '{ apiVersion: v1, kind: Service, metadata: { name: fixed }, spec: { ports: [ { port: 80 } ] } }',
        'a',
      ),
      {
        ...apply(
          `${SERVICES}/fixed`,
          '{ apiVersion: v1, kind: Service, metadata: { name: fixed }, spec: { clusterIP: 10.0.77.7, ports: [ { port: 80 } ] } }',
          'a',
        ),
      },
      apply(
        `/api/v1/namespaces/${SPACE}/persistentvolumeclaims/fixed`,
        '{ apiVersion: v1, kind: PersistentVolumeClaim, metadata: { name: fixed }, spec: { storageClassName: a, accessModes: [ ReadWriteOnce ], resources: { requests: { storage: 1Gi } } } }',
        'a',
      ),
      {
        ...apply(
          `/api/v1/namespaces/${SPACE}/persistentvolumeclaims/fixed`,
          '{ apiVersion: v1, kind: PersistentVolumeClaim, metadata: { name: fixed }, spec: { storageClassName: a, accessModes: [ ReadWriteMany ], resources: { requests: { storage: 1Gi } } } }',
          'a',
        ),
        ignore: ['.message', '.details.causes[0].message'],
      },
      apply(
        `${CONFIG_MAPS}/fixed`,
        '{ apiVersion: v1, kind: ConfigMap, metadata: { name: fixed }, immutable: true, data: { a: b } }',
        'a',
      ),
      apply(
        `${CONFIG_MAPS}/fixed`,
        '{ apiVersion: v1, kind: ConfigMap, metadata: { name: fixed }, immutable: true, data: { a: c } }',
        'a',
      ),
      apply(
        `/apis/rbac.authorization.k8s.io/v1/namespaces/${SPACE}/rolebindings/fixed`,
        '{ apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: { name: fixed }, roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: a } }',
        'a',
      ),
      apply(
        `/apis/rbac.authorization.k8s.io/v1/namespaces/${SPACE}/rolebindings/fixed`,
        '{ apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: { name: fixed }, roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: b } }',
        'a',
      ),
      apply(
        '/apis/storage.k8s.io/v1/storageclasses/fixed',
        '{ apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: { name: fixed }, provisioner: a.example.com/x }',
        'a',
      ),
      apply(
        '/apis/storage.k8s.io/v1/storageclasses/fixed',
        '{ apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: { name: fixed }, provisioner: b.example.com/x }',
        'a',
      ),
      apply(
        `/api/v1/namespaces/${SPACE}/pods/fixed`,
        '{ apiVersion: v1, kind: Pod, metadata: { name: fixed }, spec: { containers: [ { name: a, image: b } ] } }',
        'a',
      ),
      {
        ...apply(
          `/api/v1/namespaces/${SPACE}/pods/fixed`,
          '{ apiVersion: v1, kind: Pod, metadata: { name: fixed }, spec: { containers: [ { name: a, image: b, command: [ x ] } ] } }',
          'a',
        ),
        ignore: ['.message', '.details.causes[0].message'],
      },
      remove('/apis/storage.k8s.io/v1/storageclasses/fixed'),
    ],
  },
  {
    name: 'custom resources: defaults, pruning, validation, ownership, status, scale',
    steps: [
      {
        ...apply(
          '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.fidelity.example.com',
          WIDGET_DEFINITION,
          'a',
        ),
        compare: false,
        established: true,
      },
      apply(
        `${WIDGETS}/w`,
        widget(
          'w',
          '{ size: small, listeners: [ { port: 80 }, { port: 80, protocol: UDP, host: h } ], tags: [ a, b ], hosts: [ x ], free: { a: [ 1 ], b: { c: d } }, labels: { k: v }, max: 10%, nothing: null, atomic: { a: "1" }, template: { apiVersion: v1, kind: Pod, metadata: { name: p, labels: { x: y } }, spec: { any: thing } } }',
        ),
        'a',
      ),
      apply(
        `${WIDGETS}/w`,
        widget('w', '{ size: small, listeners: [ { port: 80 } ], tags: [ b, c ], atomic: { b: "2" } }'),
        'a',
      ),
      apply(`${WIDGETS}/w`, widget('w', '{ size: large, listeners: [ { port: 80, host: z } ], tags: [ d ] }'), 'b'),
      apply(`${WIDGETS}/w`, widget('w', '{ size: large, listeners: [ { port: 80, host: z } ], tags: [ d ] }'), 'b', {
        force: 'true',
      }),
      apply(`${WIDGETS}/w`, widget('w', '{ size: small, unknown: 1 }'), 'a', {
        fieldValidation: 'Strict',
        force: 'true',
      }),
      apply(`${WIDGETS}/w`, widget('w', '{ size: large, unknown: 1, template: { spec: { x: 1 } } }'), 'a', {
        force: 'true',
      }),
      post(WIDGETS, widget('bad', '{ size: medium, replicas: 11, name: ABC }')),
      post(WIDGETS, widget('bad', '{ hosts: many, name: toolong, max: true }')),
      post(WIDGETS, '{ apiVersion: fidelity.example.com/v1, kind: Widget, metadata: { name: bad } }'),
      post(WIDGETS, widget('bad', '{ size: small, listeners: [ { port: 1 }, { port: 1 } ], tags: [ a, a ] }')),
      post(WIDGETS, widget('posted', '{ size: small, unknown: 1, tags: [ t ], labels: {} }')),
      patch(`${WIDGETS}/posted`, MERGE, '{ spec: { replicas: 3, hosts: [ a ] } }'),
      patch(`${WIDGETS}/posted`, STRATEGIC, '{ spec: { replicas: 3 } }'),
      patch(
        `${WIDGETS}/posted/status`,
        MERGE,
        '{ status: { replicas: 3, unknown: 1, conditions: [ { type: Ready, status: "True" } ] }, spec: { size: large } }',
        { fieldManager: 'controller' },
      ),
      patch(`${WIDGETS}/posted`, MERGE, '{ status: { replicas: 9 } }'),
      get(`${WIDGETS}/posted/scale`),
      patch(`${WIDGETS}/posted/scale`, MERGE, '{ spec: { replicas: 7 } }', { fieldManager: 'scaler' }),
      get(`${WIDGETS}/posted`),
      { ask: { method: 'PUT', path: `${WIDGETS}/posted`, body: yaml(widget('posted', '{ size: small }')) } },
      get(WIDGETS, { fieldSelector: 'metadata.name=posted' }),
      remove(`${WIDGETS}/w`),
      remove(`${WIDGETS}/posted`),
    ],
  },
  {
    name: 'deletion: preconditions, finalizers, collections',
    steps: [
      post(
        CONFIG_MAPS,
        '{ apiVersion: v1, kind: ConfigMap, metadata: { name: d1, labels: { group: d }, finalizers: [ example.com/hold ] } }',
      ),
      remove(`${CONFIG_MAPS}/d1`, { preconditions: { uid: 'wrong' } }),
      remove(`${CONFIG_MAPS}/d1`, { preconditions: { resourceVersion: '1' } }),
      remove(`${CONFIG_MAPS}/d1`),
      remove(`${CONFIG_MAPS}/d1`),
      patch(`${CONFIG_MAPS}/d1`, MERGE, '{ metadata: { finalizers: [ example.com/hold, example.com/more ] } }'),
      patch(`${CONFIG_MAPS}/d1`, MERGE, '{ data: { still: here } }'),
      patch(`${CONFIG_MAPS}/d1`, MERGE, '{ metadata: { finalizers: null } }'),
      get(`${CONFIG_MAPS}/d1`),
      post(CONFIG_MAPS, '{ apiVersion: v1, kind: ConfigMap, metadata: { name: d2, labels: { group: d } } }'),
      post(CONFIG_MAPS, '{ apiVersion: v1, kind: ConfigMap, metadata: { name: d2 } }'),
      post(CONFIG_MAPS, '{ apiVersion: v1, kind: ConfigMap, metadata: { name: d3, labels: { group: d } } }'),
      get(CONFIG_MAPS, { labelSelector: 'group=d' }),
      get(CONFIG_MAPS, { labelSelector: 'group in (d),!absent' }),
      get(CONFIG_MAPS, { fieldSelector: 'metadata.name=d3' }),
      get(CONFIG_MAPS, { fieldSelector: 'data.a=d3' }),
      { ask: { method: 'DELETE', path: CONFIG_MAPS, query: { labelSelector: 'group=d' } } },
      get(CONFIG_MAPS, { labelSelector: 'group=d' }),
      remove(`${DEPLOYMENTS}/absent`),
      remove('/api/v1/namespaces/kube-system'),
      post(DEPLOYMENTS, deployment('fg')),
      remove(`${DEPLOYMENTS}/fg`, { propagationPolicy: 'Foreground' }),
    ],
  },
  {
    name: 'replacing: versions and names',
    steps: [
      post(CONFIG_MAPS, '{ apiVersion: v1, kind: ConfigMap, metadata: { name: r1 }, data: { a: b } }'),
      {
        ask: {
          method: 'PUT',
          path: `${CONFIG_MAPS}/r1`,
          body: yaml('{ apiVersion: v1, kind: ConfigMap, metadata: { name: r1 }, data: { a: c } }'),
        },
      },
      {
        ask: {
          method: 'PUT',
          path: `${CONFIG_MAPS}/r1`,
          body: yaml(
            '{ apiVersion: v1, kind: ConfigMap, metadata: { name: r1, resourceVersion: "1" }, data: { a: d } }',
          ),
        },
      },
      {
        ask: {
          method: 'PUT',
          path: `${CONFIG_MAPS}/r1`,
          body: yaml('{ apiVersion: v1, kind: ConfigMap, metadata: { name: other }, data: { a: d } }'),
        },
      },
      {
        ask: {
          method: 'PUT',
          path: `${CONFIG_MAPS}/r1`,
          body: yaml('{ apiVersion: v1, kind: ConfigMap, metadata: { name: r1, uid: wrong }, data: { a: d } }'),
        },
      },
      {
        ask: {
          method: 'PUT',
          path: `${CONFIG_MAPS}/absent`,
          body: yaml('{ apiVersion: v1, kind: ConfigMap, metadata: { name: absent } }'),
        },
      },
      patch(`${CONFIG_MAPS}/absent`, MERGE, '{ data: { a: b } }'),
      { ask: { method: 'PATCH', path: `${CONFIG_MAPS}/r1`, contentType: 'application/x-nothing', body: {} } },
      patch(`${CONFIG_MAPS}/r1`, MERGE, '{ data: { z: "1" } }', { dryRun: 'All' }),
      patch(`${CONFIG_MAPS}/r1`, MERGE, '{ data: { z: "1" } }', { dryRun: 'Some' }),
      get(`${CONFIG_MAPS}/r1`),
    ],
  },
  {
    name: 'scale by PUT, limits, reviews',
    steps: [
      post(DEPLOYMENTS, deployment('put-scale')),
      {
        ask: {
          method: 'PUT',
          path: `${DEPLOYMENTS}/put-scale/scale`,
          body: yaml(
            '{ apiVersion: autoscaling/v1, kind: Scale, metadata: { name: put-scale }, spec: { replicas: 3 } }',
          ),
          query: { fieldManager: 'hpa' },
        },
      },
      get(`${DEPLOYMENTS}/put-scale`),
      patch(`${DEPLOYMENTS}/put-scale/status`, MERGE, '{ status: { replicas: 3 } }', { fieldManager: 'hpa' }),
      get(`${DEPLOYMENTS}/put-scale`),
      {
        ask: {
          method: 'PUT',
          path: `${DEPLOYMENTS}/put-scale/scale`,
          body: yaml(
            '{ apiVersion: autoscaling/v1, kind: Scale, metadata: { name: put-scale }, spec: { replicas: -3 } }',
          ),
        },
      },
      post(
        `/api/v1/namespaces/${SPACE}/limitranges`,
        '{ apiVersion: v1, kind: LimitRange, metadata: { name: l }, spec: { limits: [ { type: Container, max: { cpu: "2" }, min: { cpu: 100m }, default: { cpu: "1", memory: 1Gi }, defaultRequest: { cpu: 500m } } ] } }',
      ),
      { ask: { method: 'GET', path: `/api/v1/namespaces/${SPACE}/limitranges` }, settleMs: 500 },
      post(
        `/api/v1/namespaces/${SPACE}/pods`,
        '{ apiVersion: v1, kind: Pod, metadata: { name: limited }, spec: { containers: [ { name: a, image: b }, { name: c, image: d, resources: { limits: { cpu: 200m } } } ] } }',
      ),
      post(
        `/api/v1/namespaces/${SPACE}/pods`,
        '{ apiVersion: v1, kind: Pod, metadata: { name: over }, spec: { containers: [ { name: a, image: b, resources: { limits: { cpu: "3" } } } ] } }',
      ),
      post(
        `/api/v1/namespaces/${SPACE}/pods`,
        '{ apiVersion: v1, kind: Pod, metadata: { name: under }, spec: { containers: [ { name: a, image: b, resources: { limits: { cpu: 3m }, requests: { cpu: 1m } } } ] } }',
      ),
      remove(`/api/v1/namespaces/${SPACE}/limitranges/l`),
      {
        ...post(
          '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
          '{ apiVersion: authorization.k8s.io/v1, kind: SelfSubjectAccessReview, spec: { resourceAttributes: { verb: get, resource: pods } } }',
        ),
        ignore: ['.metadata.managedFields'],
      },
    ],
  },
  {
    name: 'tables',
    steps: [
      '/api/v1/namespaces',
      '/api/v1/namespaces/kube-system',
      CONFIG_MAPS,
      SERVICES,
      DEPLOYMENTS,
      `/apis/apps/v1/namespaces/${SPACE}/statefulsets`,
      `/api/v1/namespaces/${SPACE}/pods`,
      `/api/v1/namespaces/${SPACE}/persistentvolumeclaims`,
      `/apis/batch/v1/namespaces/${SPACE}/jobs`,
    ].map((path) => ({
      ask: { method: 'GET' as const, path, accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
      ignore: ['.columnDefinitions'],
    })),
  },
];
