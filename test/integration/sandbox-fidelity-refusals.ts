import {
  SPACE,
  DEPLOYMENTS,
  CONFIG_MAPS,
  SERVICES,
  APPLY,
  yaml,
  post,
  apply,
  get,
  remove,
  deployment,
  type Scenario,
} from './sandbox-fidelity-steps.ts';

export const REFUSALS: readonly Scenario[] = [
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
];
