import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/core/errors.ts';
import { builtinTypeOf } from '../../src/core/fields/builtin.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { gvkOf, type KubeObject } from '../../src/core/object-key.ts';
import { diffObject } from '../../src/diff/diff-object.ts';

const DEPLOYMENT: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [
          { name: 'web', image: 'web:1', resources: { limits: { cpu: '500m' } }, ports: [{ containerPort: 80 }] },
          { name: 'log', image: 'log:1' },
        ],
      },
    },
  },
};

/** fieldsV1 of exactly the fields of {@link DEPLOYMENT}, as the API server writes it. */
const OWNED: JsonObject = {
  'f:metadata': { 'f:labels': { 'f:app': {} } },
  'f:spec': {
    'f:replicas': {},
    'f:selector': {},
    'f:template': {
      'f:metadata': { 'f:labels': { 'f:app': {} } },
      'f:spec': {
        'f:containers': {
          'k:{"name":"log"}': { '.': {}, 'f:name': {}, 'f:image': {} },
          'k:{"name":"web"}': {
            '.': {},
            'f:name': {},
            'f:image': {},
            'f:resources': { 'f:limits': { 'f:cpu': {} } },
            'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
          },
        },
      },
    },
  },
};

function liveOf(object: KubeObject, owned: JsonObject | undefined, others: Json[] = []): KubeObject {
  const ours =
    owned === undefined
      ? []
      : [
          {
            manager: 'evenkeel',
            operation: 'Apply',
            apiVersion: object.apiVersion,
            fieldsType: 'FieldsV1',
            fieldsV1: owned,
          },
        ];
  return {
    ...object,
    metadata: {
      ...object.metadata,
      uid: 'u1',
      resourceVersion: '7',
      generation: 1,
      managedFields: [...ours, ...others],
    },
  };
}

function withDefaults(): KubeObject {
  const live = structuredClone(DEPLOYMENT) as unknown as {
    spec: {
      template: {
        spec: { containers: { ports?: object[]; terminationMessagePath?: string }[]; restartPolicy?: string };
      };
      revisionHistoryLimit?: number;
    };
    status?: object;
  };
  live.spec.revisionHistoryLimit = 10;
  live.spec.template.spec.restartPolicy = 'Always';
  live.spec.template.spec.containers[0] = {
    ...live.spec.template.spec.containers[0],
    ports: [{ containerPort: 80, protocol: 'TCP' }],
    terminationMessagePath: '/dev/termination-log',
  };
  live.status = { replicas: 2 };
  return live as unknown as KubeObject;
}

function diff(desired: KubeObject, live: KubeObject) {
  return diffObject(desired, { state: 'present', object: live }, builtinTypeOf(gvkOf(desired)));
}

function edited(change: (object: never) => unknown, base: KubeObject = DEPLOYMENT): KubeObject {
  const copy = structuredClone(base);
  change(copy as never);
  return copy;
}

describe('an object in sync', () => {
  it('is unchanged although the server filled in defaults and a status', () => {
    expect(diff(DEPLOYMENT, liveOf(withDefaults(), OWNED))).toMatchObject({ action: 'unchanged', changes: [] });
  });

  it('is unchanged although others own fields that Git does not name', () => {
    const live = edited(
      (object: never) =>
        Object.assign((object as { metadata: object }).metadata, {
          annotations: { 'deployment.kubernetes.io/revision': '3' },
        }),
      withDefaults(),
    );
    const other = {
      manager: 'kube-controller-manager',
      operation: 'Update',
      apiVersion: 'apps/v1',
      fieldsV1: { 'f:metadata': { 'f:annotations': { 'f:deployment.kubernetes.io/revision': {} } } },
    };

    expect(diff(DEPLOYMENT, liveOf(live, OWNED, [other])).action).toBe('unchanged');
  });

  it.each([
    [
      'cpu 0.5 for 500m',
      (object: never) =>
        ((
          (object as { spec: { template: { spec: { containers: { resources: { limits: { cpu: string } } }[] } } } })
            .spec.template.spec.containers[0] as { resources: { limits: { cpu: string } } }
        ).resources.limits.cpu = '0.5'),
    ],
    [
      'containers in another order',
      (object: never) =>
        (object as { spec: { template: { spec: { containers: unknown[] } } } }).spec.template.spec.containers.reverse(),
    ],
  ])('is unchanged when only the form differs: %s', (_name, change) => {
    const desired = edited(change as never);

    expect(diff(desired, liveOf(withDefaults(), OWNED))).toMatchObject({ action: 'unchanged' });
  });
});

describe('a difference', () => {
  it('names the field by its list key', () => {
    const live = edited((object: never) => {
      (
        (object as { spec: { template: { spec: { containers: { image: string }[] } } } }).spec.template.spec
          .containers[0] as { image: string }
      ).image = 'web:0';
    }, withDefaults());

    expect(diff(DEPLOYMENT, liveOf(live, OWNED)).changes).toEqual([
      { path: 'spec.template.spec.containers[name=web].image', op: 'change', before: 'web:0', after: 'web:1' },
    ]);
  });

  it('is found when we own a field that Git no longer names', () => {
    const desired = edited((object: never) => delete (object as { spec: { replicas?: number } }).spec.replicas);

    expect(diff(desired, liveOf(withDefaults(), OWNED)).changes).toEqual([
      { path: 'spec.replicas', op: 'remove', before: 2 },
    ]);
  });

  it('is found when a list item left Git', () => {
    const desired = edited((object: never) =>
      (object as { spec: { template: { spec: { containers: unknown[] } } } }).spec.template.spec.containers.pop(),
    );

    expect(diff(desired, liveOf(withDefaults(), OWNED)).changes).toMatchObject([
      { path: 'spec.template.spec.containers[name=log]', op: 'remove' },
    ]);
  });

  it('is found when a list item is missing live', () => {
    const live = edited(
      (object: never) =>
        (object as { spec: { template: { spec: { containers: unknown[] } } } }).spec.template.spec.containers.pop(),
      withDefaults(),
    );

    expect(diff(DEPLOYMENT, liveOf(live, OWNED)).changes).toMatchObject([
      { path: 'spec.template.spec.containers[name=log]', op: 'add' },
    ]);
  });

  it('is an adoption when we own nothing of a live object', () => {
    const other = { manager: 'kubectl-client-side-apply', operation: 'Update', apiVersion: 'apps/v1', fieldsV1: OWNED };

    expect(diff(DEPLOYMENT, liveOf(withDefaults(), undefined, [other]))).toMatchObject({
      action: 'adopt',
      managers: ['kubectl-client-side-apply'],
    });
  });
});

describe('values that must not be seen', () => {
  const secret: KubeObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', namespace: 'shop' },
    data: { password: 'bmV3' },
  };

  it('are masked in changes of a Secret', () => {
    const live = liveOf({ ...secret, data: { password: 'b2xk' } }, { 'f:data': { 'f:password': {} } });
    const [change] = diff(secret, live).changes;

    expect(change).toEqual({ path: 'data.password', op: 'change', masked: true });
  });

  it('are masked when all of data is new', () => {
    const { data: _data, ...bare } = secret;

    expect(JSON.stringify(diff(secret, liveOf(bare as KubeObject, {})).changes)).not.toContain('bmV3');
  });
});

describe('what is not known', () => {
  it('stays unknown when the object could not be read', () => {
    const error = new EngineError('ClusterUnreachable', 'no answer');

    expect(diffObject(DEPLOYMENT, { state: 'unknown', error }, undefined)).toMatchObject({ action: 'unknown', error });
  });

  it('is left to the server when there is no schema', () => {
    const custom: KubeObject = {
      apiVersion: 'example.com/v1',
      kind: 'Thing',
      metadata: { name: 't', namespace: 'shop' },
      spec: { size: '1Gi' },
    };
    const live = liveOf({ ...custom, spec: { size: '1024Mi' } }, { 'f:spec': { 'f:size': {} } });

    expect(diffObject(custom, { state: 'present', object: live }, undefined)).toMatchObject({
      action: 'update',
      needsDryRun: true,
    });
  });

  it('treats a key named __proto__ as data', () => {
    const desired = JSON.parse(
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","namespace":"shop"},"data":{"__proto__":"x"}}',
    ) as KubeObject;
    const live = liveOf(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'shop' }, data: {} },
      {},
    );

    expect(diff(desired, live).changes).toEqual([{ path: 'data.__proto__', op: 'add', after: 'x' }]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});
