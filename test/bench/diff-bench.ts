import type { JsonObject } from '../../src/core/json.ts';
import type { Live } from '../../src/core/live.ts';
import type { Manifest } from '../../src/core/manifest.ts';
import { formatKey, keyOf, type KubeObject } from '../../src/core/object-key.ts';
import type { Cluster } from '../../src/core/ports.ts';
import { builtinTypeOf } from '../../src/core/fields/builtin.ts';
import { resolveApplication } from '../../src/config/resolve-application.ts';
import { compareManifests, VerdictCache } from '../../src/controller/compare-manifests.ts';
import { bestMs, round, type Bench } from './measure.ts';

const COUNT = 10_000;

function deployment(index: number): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: `web-${index}`,
      namespace: 'shop',
      labels: { app: `web-${index}`, 'evenkeel.dev/application': 'default.demo' },
    },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: `web-${index}` } },
      template: {
        metadata: { labels: { app: `web-${index}` } },
        spec: {
          containers: [
            {
              name: 'web',
              image: 'registry.example.com/web:1',
              ports: [{ containerPort: 8080, name: 'http' }],
              resources: { requests: { cpu: '100m', memory: '64Mi' } },
            },
          ],
        },
      },
    },
  };
}

const OWNED: JsonObject = {
  'f:metadata': { 'f:labels': { 'f:app': {}, 'f:evenkeel.dev/application': {} } },
  'f:spec': {
    'f:replicas': {},
    'f:selector': {},
    'f:template': {
      'f:metadata': { 'f:labels': { 'f:app': {} } },
      'f:spec': {
        'f:containers': {
          'k:{"name":"web"}': {
            '.': {},
            'f:name': {},
            'f:image': {},
            'f:ports': {
              'k:{"containerPort":8080,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {}, 'f:name': {} },
            },
            'f:resources': { 'f:requests': { 'f:cpu': {}, 'f:memory': {} } },
          },
        },
      },
    },
  },
};

function liveOf(object: KubeObject): KubeObject {
  const copy = structuredClone(object) as unknown as {
    metadata: Record<string, unknown>;
    spec: Record<string, unknown>;
  } & KubeObject;
  Object.assign(copy.metadata, {
    uid: '1',
    resourceVersion: '5',
    generation: 1,
    managedFields: [
      {
        manager: 'evenkeel',
        operation: 'Apply',
        apiVersion: 'apps/v1',
        fieldsType: 'FieldsV1',
        fieldsV1: structuredClone(OWNED),
      },
    ],
  });
  Object.assign(copy.spec, { progressDeadlineSeconds: 600, revisionHistoryLimit: 10 });
  return { ...copy, status: { replicas: 2, readyReplicas: 2 } } as unknown as KubeObject;
}

/** A diff of 10,000 unchanged objects: no call, and no time that anybody notices. */
export const DIFF_BENCH: Bench = {
  name: 'diff',
  run: async () => {
    let calls = 0;
    const refuse = (): never => {
      calls += 1;
      throw new Error('the diff of unchanged objects asked the server');
    };
    const cluster = {
      schema: (kind: Parameters<Cluster['schema']>[0]) => Promise.resolve(builtinTypeOf(kind)),
      apply: refuse,
      get: refuse,
      list: refuse,
    } as unknown as Cluster;
    const application = resolveApplication(
      {
        apiVersion: 'evenkeel.dev/v1alpha1',
        kind: 'Application',
        metadata: { name: 'demo', namespace: 'default' },
        spec: { source: { git: { url: 'https://example.com/a.git' } } },
      },
      'default',
    );
    const manifests: Manifest[] = Array.from({ length: COUNT }, (_, index) => {
      const object = deployment(index);
      return { key: keyOf(object), object, origin: { path: 'a.yaml' } };
    });
    const live = new Map<string, Live>(
      manifests.map(({ key, object }) => [formatKey(key), { state: 'present', object: liveOf(object) }]),
    );
    const options = { application, dryRunChanges: true, force: false };
    const compare = async (cache: VerdictCache): Promise<void> => {
      const results = await compareManifests(manifests, live, cluster, cache, options);
      const changed = results.filter(({ diff }) => diff.action !== 'unchanged');
      if (changed.length > 0) throw new Error(`${changed.length} objects differ: ${JSON.stringify(changed[0]?.diff)}`);
    };
    const cold = await bestMs(5, () => compare(new VerdictCache()));
    const cache = new VerdictCache();
    await compare(cache);
    const warm = await bestMs(10, () => compare(cache));
    return [
      {
        name: `verdict on ${COUNT} unchanged objects, seen before`,
        value: round(warm),
        unit: 'ms',
        goal: '< 100 ms, 0 calls',
        met: warm < 100 && calls === 0,
        detail: `${calls} calls`,
      },
      {
        name: `verdict on ${COUNT} unchanged objects, first look`,
        value: round(cold),
        unit: 'ms',
        goal: 'for the record',
        met: true,
        detail: `${round((cold * 1000) / COUNT)} µs an object`,
      },
    ];
  },
};
