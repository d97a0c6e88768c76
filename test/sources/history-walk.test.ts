import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitsBetween } from '../../src/sources/history-walk.ts';
import type { CommitObject } from '../../src/sources/objects/commit.ts';

/** Commit `c<n>` by its parents and its time. */
type Shape = readonly { readonly parents: readonly number[]; readonly time: number }[];

/** A repository that holds these commits of a history only; all of them when left out. */
function storeOf(
  shape: Shape,
  present: readonly number[] = shape.map((_, index) => index),
): { has(id: string): boolean; commit(id: string): CommitObject } {
  const commits = new Map(
    present.map((index) => {
      const { parents, time } = shape[index] ?? { parents: [], time: 0 };
      const commit = { tree: '', author: '', subject: '', timeSeconds: time, parents: parents.map((one) => `c${one}`) };
      return [`c${index}`, commit];
    }),
  );
  return {
    has: (id) => commits.has(id),
    commit: (id) => {
      const commit = commits.get(id);
      if (commit === undefined) throw new Error(`commit ${id} was asked for and is not there`);
      return commit;
    },
  };
}

function reachable(shape: Shape, from: number): Set<string> {
  const found = new Set<string>();
  const visit = (index: number): void => {
    if (found.has(`c${index}`)) return;
    found.add(`c${index}`);
    for (const parent of shape[index]?.parents ?? []) visit(parent);
  };
  visit(from);
  return found;
}

/** By definition: what the newer one reaches and the older one does not. */
function between(shape: Shape, older: number, newer: number): string[] {
  const old = reachable(shape, older);
  return [...reachable(shape, newer)].filter((id) => !old.has(id)).sort();
}

function idsBetween(store: ReturnType<typeof storeOf>, older: number, newer: number): readonly string[] {
  const range = commitsBetween(store, `c${older}`, `c${newer}`, 1000);
  if (range.kind !== 'complete') throw new Error(range.kind);
  return [...range.ids].sort();
}

/** Histories with merges, several roots, and times that are off by up to `skew`. */
function histories(skew: number): fc.Arbitrary<Shape> {
  const commit = fc.record({
    parents: fc.array(fc.nat(100), { maxLength: 3 }),
    off: fc.integer({ min: -skew, max: skew }),
  });
  return fc.array(commit, { minLength: 2, maxLength: 20 }).map((commits) =>
    commits.map(({ parents, off }, index) => ({
      parents: index === 0 ? [] : [...new Set(parents.map((parent) => parent % index))],
      time: index + off,
    })),
  );
}

describe('commitsBetween', () => {
  it('is what the newer commit reaches and the older one does not', () => {
    fc.assert(
      fc.property(histories(0), (shape) => {
        const newer = shape.length - 1;
        for (let older = 0; older < shape.length; older++)
          expect(idsBetween(storeOf(shape), older, newer)).toEqual(between(shape, older, newer));
      }),
      { numRuns: 500 },
    );
  });

  it('leaves nothing out when times contradict the order of commits', () => {
    fc.assert(
      fc.property(histories(12), (shape) => {
        const newer = shape.length - 1;
        for (let older = 0; older < shape.length; older++) {
          const found = idsBetween(storeOf(shape), older, newer);
          expect(between(shape, older, newer).filter((id) => !found.includes(id))).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never takes a part for the whole when commits are missing', () => {
    fc.assert(
      fc.property(histories(3), fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }), (shape, gone) => {
        const newer = shape.length - 1;
        const present = shape.map((_, index) => index).filter((index) => index === newer || gone[index] !== true);
        for (let older = 0; older < shape.length; older++) {
          const range = commitsBetween(storeOf(shape, present), `c${older}`, `c${newer}`, 1000);
          if (range.kind !== 'complete') continue;
          expect(between(shape, older, newer).filter((id) => !range.ids.includes(id))).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('knows that nothing is missing when the cut lies below both sides', () => {
    // 0 ← 1 ← 2 (applied), and 3 from 1, merged as 4; a clone that has 2, 3 and 4 lacks 1 and 0.
    const shape = [
      { parents: [], time: 0 },
      { parents: [0], time: 1 },
      { parents: [1], time: 2 },
      { parents: [1], time: 3 },
      { parents: [2, 3], time: 4 },
    ];
    expect(idsBetween(storeOf(shape, [2, 3, 4]), 2, 4)).toEqual(['c3', 'c4']);
  });

  it('says where history is cut, and when the range is too long', () => {
    const line = [0, 1, 2, 3].map((index) => ({ parents: index === 0 ? [] : [index - 1], time: index }));
    const store = storeOf(line, [2, 3]);
    expect(commitsBetween(store, 'c0', 'c3', 1000)).toEqual({ kind: 'cut', at: 'c2' });
    expect(commitsBetween(store, 'unknown', 'c3', 1000)).toEqual({ kind: 'cut', at: 'c2' });
    expect(commitsBetween(store, 'c1', 'c3', 1000)).toEqual({ kind: 'complete', ids: ['c3', 'c2'] });
    expect(commitsBetween(store, 'c1', 'c3', 1)).toEqual({ kind: 'tooLong' });
  });
});
