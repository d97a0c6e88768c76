import {
  SPACE,
  DEPLOYMENTS,
  CONFIG_MAPS,
  SERVICES,
  MERGE,
  yaml,
  post,
  patch,
  get,
  remove,
  deployment,
  type Scenario,
} from './sandbox-fidelity-steps.ts';

export const REQUESTS: readonly Scenario[] = [
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
