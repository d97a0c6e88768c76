import { describeKey, formatKey, type ObjectKey } from '../core/object-key.ts';
import { tierOf } from './kind-order.ts';

/** Where a step stands: wave number, then tier of its kind, then depth below what it depends on. */
export interface Rank {
  readonly wave: number;
  readonly tier: number;
  readonly depth: number;
}

export interface Placed {
  readonly key: ObjectKey;
  readonly wave: number;
  readonly dependsOn: readonly ObjectKey[];
}

export type Ranking =
  | { readonly kind: 'ranked'; readonly ranks: ReadonlyMap<string, Rank> }
  /** Keys of one cycle, in its order. */
  | { readonly kind: 'cycle'; readonly keys: readonly ObjectKey[] };

export function compareRanks(left: Rank, right: Rank): number {
  return left.wave - right.wave || left.tier - right.tier || left.depth - right.depth;
}

/**
 * Ranks objects so that each comes after everything that it depends on. A dependency that the set does not hold is ignored: it is
 * somebody else's object, and health tells when it is missing.
 *
 * @param objects keys unique
 * @remarks O(objects + dependencies). The walk keeps a stack of its own, so that a long chain cannot overflow ours.
 */
export function rankObjects(objects: readonly Placed[]): Ranking {
  const byKey = new Map(objects.map((object) => [formatKey(object.key), object]));
  const ranks = new Map<string, Rank>();
  const open = new Set<string>();
  for (const start of objects) {
    const path: { readonly id: string; readonly object: Placed; next: number }[] = [];
    const enter = (id: string, object: Placed): void => {
      open.add(id);
      path.push({ id, object, next: 0 });
    };
    const startId = formatKey(start.key);
    if (!ranks.has(startId)) enter(startId, start);
    for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
      const dependency = frame.object.dependsOn[frame.next];
      if (dependency === undefined) {
        ranks.set(frame.id, rankOf(frame.object, ranks));
        open.delete(frame.id);
        path.pop();
        continue;
      }
      frame.next += 1;
      const id = formatKey(dependency);
      const object = byKey.get(id);
      if (object === undefined || ranks.has(id)) continue;
      if (open.has(id)) {
        const from = path.findIndex((entry) => entry.id === id);
        return { kind: 'cycle', keys: path.slice(from).map((entry) => entry.object.key) };
      }
      enter(id, object);
    }
  }
  return { kind: 'ranked', ranks };
}

function rankOf(object: Placed, ranks: ReadonlyMap<string, Rank>): Rank {
  let rank: Rank = { wave: object.wave, tier: tierOf(object.key), depth: 0 };
  for (const dependency of object.dependsOn) {
    const below = ranks.get(formatKey(dependency));
    if (below !== undefined && compareRanks(below, rank) >= 0) rank = { ...below, depth: below.depth + 1 };
  }
  return rank;
}

/** `Deployment a/b → Service a/c → Deployment a/b`. */
export function describeCycle(keys: readonly ObjectKey[]): string {
  const first = keys[0];
  return [...keys, ...(first === undefined ? [] : [first])].map(describeKey).join(' → ');
}
