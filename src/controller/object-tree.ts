import type { Application } from '../core/application.ts';
import { labelOf } from '../core/application-label.ts';
import type { Health } from '../core/health.ts';
import {
  compareKeys,
  formatKey,
  keyOf,
  type GroupVersionKind,
  type KubeObject,
  type ObjectKey,
} from '../core/object-key.ts';
import { assess } from '../health/assess.ts';
import { relate } from '../health/related.ts';
import type { Engine } from './engine.ts';
import { healthRulesOf } from './health-rules.ts';
import { mapBounded } from '../apply/map-bounded.ts';

/** An object with what it owns in turn: a Deployment, its ReplicaSets, their pods. */
export interface TreeNode {
  readonly key: ObjectKey;
  readonly health: Health;
  readonly children: readonly TreeNode[];
}

/** What built-in controllers make for the workloads that an application declares. */
const OWNED_KINDS: readonly GroupVersionKind[] = [
  { group: 'apps', version: 'v1', kind: 'ReplicaSet' },
  { group: 'batch', version: 'v1', kind: 'Job' },
  { group: '', version: 'v1', kind: 'Pod' },
  { group: '', version: 'v1', kind: 'PersistentVolumeClaim' },
  { group: 'discovery.k8s.io', version: 'v1', kind: 'EndpointSlice' },
];
const MAX_DEPTH = 8;

/** The inventory of an application as a forest, each object with its verdict. */
export async function readTree(
  application: Application,
  keys: readonly ObjectKey[],
  engine: Engine,
  signal?: AbortSignal,
): Promise<TreeNode[]> {
  const live = await engine.liveReaderOf(application).read(
    keys.map((key) => ({ key, kind: { group: key.group, version: '', kind: key.kind } })),
    labelOf(application.name),
    signal,
  );
  const present = [...live.values()].flatMap((state) => (state.state === 'present' ? [state.object] : []));
  const namespaces = [
    ...new Set(present.map((object) => object.metadata.namespace ?? '').filter((namespace) => namespace !== '')),
  ];
  const found = new Map(present.map((object) => [formatKey(keyOf(object)), object]));
  const cluster = engine.clusterOf(application);
  await mapBounded(
    namespaces.flatMap((namespace) => OWNED_KINDS.map((kind) => ({ namespace, kind }))),
    8,
    async ({ namespace, kind }) => {
      try {
        const objects = await cluster.list(kind, { namespace, ...(signal === undefined ? {} : { signal }) });
        for (const object of objects) found.set(formatKey(keyOf(object)), object);
      } catch (thrown) {
        engine.logger.debug({ error: String(thrown), namespace, kind: kind.kind }, 'owned objects not read');
      }
    },
  );
  const related = relate(found.values());
  const now = engine.clock.now();
  const rules = await healthRulesOf(application, engine);
  const nodeOf = (object: KubeObject, depth: number): TreeNode => ({
    key: keyOf(object),
    health: assess(object, related, now, rules),
    children:
      depth >= MAX_DEPTH
        ? []
        : related
            .childrenOf(object)
            .filter((child) => !isRetired(child))
            .toSorted((a, b) => compareKeys(keyOf(a), keyOf(b)))
            .map((child) => nodeOf(child, depth + 1)),
  });
  return keys.toSorted(compareKeys).map((key) => {
    const state = live.get(formatKey(key));
    if (state?.state === 'present') return nodeOf(state.object, 0);
    const health: Health =
      state?.state === 'unknown'
        ? { status: 'unknown', reason: state.error.code, message: state.error.message }
        : { status: 'missing', reason: 'NotFound', message: 'it does not exist' };
    return { key, health, children: [] };
  });
}

/** ReplicaSets that a Deployment keeps for its own history, scaled to nothing. */
function isRetired(object: KubeObject): boolean {
  const spec = object['spec'] as { readonly replicas?: unknown } | undefined;
  return object.kind === 'ReplicaSet' && spec?.replicas === 0;
}
