import type { Application } from '../core/application.ts';
import { labelOf } from '../core/application-label.ts';
import type { Health, ObjectHealth } from '../core/health.ts';
import type { Live } from '../core/live.ts';
import { describeKey, formatKey, type KubeObject, type ObjectKey } from '../core/object-key.ts';
import type { Cluster, Logger } from '../core/ports.ts';
import type { WaveHealth } from '../apply/apply-plan-ports.ts';
import { assess } from '../health/assess.ts';
import { joinRelated, NOTHING_RELATED, relate, type Related } from '../health/related.ts';
import type { Engine } from './engine.ts';
import { healthRulesOf } from './health-rules.ts';
import { mapBounded } from '../apply/map-bounded.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
const LONGEST_WAIT_MS = 10_000;
/** A degraded verdict may be a moment's (a pod that restarts once): it has to last before it ends the waiting. */
const DEGRADED_FOR_MS = 30_000;

const KINDS_WITH_PODS = new Set([
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'ReplicationController',
]);

/**
 * The verdict on each object, with pods read where a workload is not healthy, so that it can say why.
 *
 * @param seen objects that were read a moment ago and that nothing was written to since; the others are read
 */
export async function observeHealth(
  application: Application,
  keys: readonly ObjectKey[],
  engine: Engine,
  signal?: AbortSignal,
  seen: ReadonlyMap<string, Live> = new Map(),
): Promise<ObjectHealth[]> {
  const unseen = keys.filter((key) => !seen.has(formatKey(key)));
  const read =
    unseen.length === 0
      ? new Map<string, Live>()
      : await engine.liveReaderOf(application).read(
          unseen.map((key) => ({ key, kind: { group: key.group, version: '', kind: key.kind } })),
          labelOf(application.name),
          signal,
        );
  const live = new Map([...seen, ...read]);
  return judge(application, keys, live, engine, signal);
}

async function judge(
  application: Application,
  keys: readonly ObjectKey[],
  live: ReadonlyMap<string, Live>,
  engine: Engine,
  signal: AbortSignal | undefined,
): Promise<ObjectHealth[]> {
  const present = keys.flatMap((key) => {
    const state = live.get(formatKey(key));
    return state?.state === 'present' ? [state.object] : [];
  });
  const now = engine.clock.now();
  const rules = await healthRulesOf(application, engine);
  const alone = relate(present);
  const troubled = present.filter(
    (object) => KINDS_WITH_PODS.has(object.kind) && assess(object, alone, now, rules).status !== 'healthy',
  );
  const related =
    troubled.length === 0 ? alone : joinRelated(alone, await podsNear(application, troubled, engine, signal));
  return keys.map((key) => ({
    key,
    health: verdictOf(live.get(formatKey(key)), (object) => assess(object, related, now, rules)),
  }));
}

function verdictOf(live: Live | undefined, judgeObject: (object: KubeObject) => Health): Health {
  if (live === undefined || live.state === 'absent') {
    return { status: 'missing', reason: 'NotFound', message: 'it does not exist', remedy: 'sync the application' };
  }
  if (live.state === 'unknown')
    return { status: 'unknown', reason: live.error.code, message: live.error.message, cause: 'environment' };
  return judgeObject(live.object);
}

/** Pods and ReplicaSets of the namespaces in which something is wrong. Not being able to read them only costs detail. */
async function podsNear(
  application: Application,
  troubled: readonly KubeObject[],
  engine: Engine,
  signal: AbortSignal | undefined,
): Promise<Related> {
  const namespaces = [...new Set(troubled.map((object) => object.metadata.namespace ?? ''))];
  if (engine.relatedOf !== undefined) return engine.relatedOf(application, namespaces, signal);
  return listRelated(engine.clusterOf(application), namespaces, engine.logger, signal);
}

/** Pods, ReplicaSets and claims of some namespaces; what may not be read is left out. */
export async function listRelated(
  cluster: Cluster,
  namespaces: readonly string[],
  logger: Logger,
  signal?: AbortSignal,
): Promise<Related> {
  const found: KubeObject[] = [];
  const kinds = [
    { group: '', version: 'v1', kind: 'Pod' },
    { group: 'apps', version: 'v1', kind: 'ReplicaSet' },
    { group: '', version: 'v1', kind: 'PersistentVolumeClaim' },
  ];
  const requests = namespaces.flatMap((namespace) => kinds.map((kind) => ({ namespace, kind })));
  await mapBounded(requests, 8, async ({ namespace, kind }) => {
    try {
      found.push(...(await cluster.list(kind, { namespace, ...(signal === undefined ? {} : { signal }) })));
    } catch (thrown) {
      logger.debug({ error: String(thrown), namespace, kind: kind.kind }, 'related objects not read');
    }
  });
  return found.length === 0 ? NOTHING_RELATED : relate(found);
}

export interface HealthWatch {
  /** Called after each look, with all verdicts. */
  readonly onHealth?: (health: readonly ObjectHealth[]) => void;
}

/**
 * Waits until all objects are healthy, one has been degraded for half a minute, or the time is over. Looks often at first and seldom
 * later; a suspended object counts as done, because only a person can go on there.
 */
export async function awaitHealthy(
  application: Application,
  keys: readonly ObjectKey[],
  timeoutMs: number,
  engine: Engine,
  signal: AbortSignal,
  watch: HealthWatch = {},
): Promise<WaveHealth> {
  const endMs = engine.clock.monotonic() + timeoutMs;
  let degradedSinceMs: number | undefined;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const health = await observeHealth(application, keys, engine, signal);
    // What is read while everything is being stopped is no verdict.
    if (signal.aborted) return { healthy: false, problems: [] };
    watch.onHealth?.(health);
    const open = health.filter(({ health: { status } }) => status !== 'healthy' && status !== 'suspended');
    if (open.length === 0) return { healthy: true, problems: [] };
    const nowMs = engine.clock.monotonic();
    degradedSinceMs = open.some(({ health: { status } }) => status === 'degraded')
      ? (degradedSinceMs ?? nowMs)
      : undefined;
    const final = degradedSinceMs !== undefined && nowMs - degradedSinceMs >= Math.min(DEGRADED_FOR_MS, timeoutMs / 2);
    if (final || nowMs >= endMs || signal.aborted) {
      return {
        healthy: false,
        problems: open.map(({ key, health: { reason, message } }) => ({
          key,
          message: `${reason}: ${message || describeKey(key)}`,
        })),
      };
    }
    const leftMs = Math.max(1, endMs - nowMs);
    // Told of changes, one need only look by oneself for what time alone changes.
    if (engine.untilChange === undefined)
      await engine.clock.sleep(Math.min(pauseMs, leftMs), signal).catch(() => undefined);
    else await engine.untilChange(application, keys, Math.min(LONGEST_WAIT_MS, leftMs), signal).catch(() => undefined);
  }
}
