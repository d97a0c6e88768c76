import { mapBounded } from '../apply/map-bounded.ts';
import { isEngineError, EngineError, messageOf } from '../core/errors.ts';
import { APPLICATION_LABEL } from '../core/application.ts';
import type { Live } from '../core/live.ts';
import { formatKey, keyOf, type GroupVersionKind, type ObjectKey } from '../core/object-key.ts';
import type { Cluster } from '../core/ports.ts';

/** An object to look at, at the version in which Git has it. */
export interface LiveRef {
  readonly kind: GroupVersionKind;
  readonly key: ObjectKey;
}

/** Reads many objects of one application; the answer has an entry for each that was asked for. */
export interface LiveReader {
  read(refs: readonly LiveRef[], label: string, signal?: AbortSignal): Promise<ReadonlyMap<string, Live>>;
}

/** From this many objects of a kind on one labelled list is cheaper than reading each. */
const LIST_FROM = 3;
const PARALLEL_READS = 32;

/**
 * Reads when asked: one list per kind of what carries our label, and single reads for what is not in it (an object of somebody else, or
 * none). A failed list makes the objects of that kind unknown, and no others.
 */
export function directReader(cluster: Cluster): LiveReader {
  return {
    async read(refs, label, signal) {
      const found = new Map<string, Live>();
      const single: LiveRef[] = [];
      await mapBounded([...groupByKind(refs).values()], PARALLEL_READS, async (members) => {
        const [first] = members;
        if (first === undefined) return;
        if (members.length < LIST_FROM) {
          single.push(...members);
          return;
        }
        try {
          const objects = await cluster.list(first.kind, {
            labelSelector: `${APPLICATION_LABEL}=${label}`,
            ...(signal === undefined ? {} : { signal }),
          });
          for (const object of objects) found.set(formatKey(keyOf(object)), { state: 'present', object });
          single.push(...members.filter(({ key }) => !found.has(formatKey(key))));
        } catch (thrown) {
          // Forbidden to list is not forbidden to get: each is asked for by itself.
          if (isEngineError(thrown, 'ClusterDenied')) single.push(...members);
          else
            for (const { key } of members)
              found.set(formatKey(key), { state: 'unknown', error: asEngineError(thrown) });
        }
      });
      await mapBounded(single, PARALLEL_READS, async ({ kind, key }) => {
        try {
          found.set(formatKey(key), await cluster.get(kind, key, signal));
        } catch (thrown) {
          found.set(formatKey(key), { state: 'unknown', error: asEngineError(thrown) });
        }
      });
      return found;
    },
  };
}

function groupByKind(refs: readonly LiveRef[]): Map<string, LiveRef[]> {
  const groups = new Map<string, LiveRef[]>();
  for (const ref of refs) {
    const id = `${ref.kind.group}/${ref.kind.version}/${ref.kind.kind}`;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [ref]);
    else group.push(ref);
  }
  return groups;
}

export function asEngineError(thrown: unknown): EngineError {
  return thrown instanceof EngineError
    ? thrown
    : new EngineError('ClusterUnreachable', `cluster gave no answer (Internal): ${messageOf(thrown)}`, {
        cause: thrown,
      });
}
