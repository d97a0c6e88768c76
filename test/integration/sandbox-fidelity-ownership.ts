import {
  DEPLOYMENTS,
  CONFIG_MAPS,
  MERGE,
  STRATEGIC,
  JSON_PATCH,
  yaml,
  post,
  apply,
  patch,
  get,
  remove,
  deployment,
  WIDGETS,
  WIDGET_DEFINITION,
  widget,
  type Scenario,
} from './sandbox-fidelity-steps.ts';

export const OWNERSHIP: readonly Scenario[] = [
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
];
