import type { Live } from '../../core/live.ts';
import { formatKey, type GroupVersionKind } from '../../core/object-key.ts';
import type { Cluster } from '../../core/ports.ts';
import { directReader, type LiveReader, type LiveRef } from '../live-reader.ts';
import { mapBounded } from '../../apply/map-bounded.ts';
import type { AbsenceReader } from './absence.ts';
import { labelValue, type LiveView } from './live-view.ts';

const PARALLEL_READS = 32;

/**
 * Reads from the shared view: what carries the application's own label costs no request. Everything else (objects of others, objects
 * without our label, kinds whose view is stale or not allowed) is read as the application itself.
 */
export function viewReader(view: LiveView, absences: AbsenceReader, cluster: Cluster): LiveReader {
  const direct = directReader(cluster);
  return {
    async read(refs, label, signal) {
      const found = new Map<string, Live>();
      const current = await currentKinds(view, refs, signal);
      const unviewed: LiveRef[] = [];
      const missing: LiveRef[] = [];
      for (const ref of refs) {
        if (current.get(idOf(ref.kind)) !== true) {
          unviewed.push(ref);
          continue;
        }
        const object = view.find(ref.kind, ref.key);
        if (object !== undefined && labelValue(object) === label)
          found.set(formatKey(ref.key), { state: 'present', object });
        else missing.push(ref);
      }
      await Promise.all([
        unviewed.length === 0
          ? undefined
          : direct.read(unviewed, label, signal).then((read) => {
              for (const [id, live] of read) found.set(id, live);
            }),
        mapBounded(missing, PARALLEL_READS, async ({ kind, key }) => {
          found.set(formatKey(key), await absences.read(cluster, kind, key, signal));
        }),
      ]);
      return found;
    },
  };
}

async function currentKinds(
  view: LiveView,
  refs: readonly LiveRef[],
  signal: AbortSignal | undefined,
): Promise<Map<string, boolean>> {
  const kinds = new Map<string, GroupVersionKind>();
  for (const { kind } of refs) kinds.set(idOf(kind), kind);
  const current = new Map<string, boolean>();
  await Promise.all(
    [...kinds].map(async ([id, kind]) => {
      current.set(id, view.isCurrent(kind) || (await view.ready(kind, signal)));
    }),
  );
  return current;
}

function idOf(kind: GroupVersionKind): string {
  return `${kind.group}/${kind.version}/${kind.kind}`;
}
