import type { Application } from '../core/application.ts';
import { labelOf } from '../core/application-label.ts';
import { isEngineError, messageOf } from '../core/errors.ts';
import { difference, EMPTY_SET, intersection, isEmptySet, union, type FieldSet } from '../core/fields/field-set.ts';
import { setOfValue } from '../core/fields/set-of-value.ts';
import { UNTYPED } from '../core/fields/schema.ts';
import { formatKey, gvkOf, keyOf, type KubeObject } from '../core/object-key.ts';
import type { ApplicationState } from '../core/state.ts';
import { managedEntries, otherOwners, ourEntry } from '../diff/ownership.ts';
import type { Desired } from '../plan/build-plan.ts';
import type { Engine } from './engine.ts';

/**
 * Marks what a new revision may take back from whoever edited it: an object of ours whose every field in other hands was ours by the
 * revision before. A field that Git says for the first time is not: that is a conflict of two declarations, and a person decides.
 *
 * @param state its current revision was applied completely; otherwise it says nothing about who owned what
 */
export async function markTakenBack(
  desired: readonly Desired[],
  application: Application,
  state: ApplicationState,
  engine: Engine,
  signal?: AbortSignal,
): Promise<readonly Desired[]> {
  const { current } = state;
  if (current?.complete !== true) return desired;
  const label = labelOf(application.name);
  const cluster = engine.clusterOf(application);
  let before: Promise<ReadonlyMap<string, KubeObject>> | undefined;
  return Promise.all(
    desired.map(async (entry) => {
      const { live, owner, diff, manifest } = entry;
      if (diff.action !== 'update' || live.state !== 'present' || owner !== label) return entry;
      const others = fieldsOfOthers(live.object);
      if (isEmptySet(others)) return entry;
      const schema = (await cluster.schema(gvkOf(manifest.object), signal)) ?? UNTYPED;
      const contested = intersection(others, setOfValue(manifest.object, schema));
      if (isEmptySet(contested)) return entry;
      before ??= renderedBefore(current.manifestDigest, engine);
      const previous = (await before).get(formatKey(manifest.key));
      if (previous === undefined || !isEmptySet(difference(contested, setOfValue(previous, schema)))) return entry;
      return { ...entry, takesBack: true, diff: withoutConflict(diff) };
    }),
  );
}

function fieldsOfOthers(object: KubeObject): FieldSet {
  const entries = managedEntries(object).filter(({ subresource }) => subresource !== 'status');
  return otherOwners(entries, ourEntry(entries)).reduce((all, { fields }) => union(all, fields), EMPTY_SET);
}

function withoutConflict(diff: Desired['diff']): Desired['diff'] {
  if (!isEngineError(diff.error, 'FieldConflict')) return diff;
  const { error: _settled, ...rest } = diff;
  return rest;
}

/** Without a history nothing is known, and nothing is taken. */
async function renderedBefore(digest: string, engine: Engine): Promise<ReadonlyMap<string, KubeObject>> {
  try {
    const objects = (await engine.history.getRendered(digest)) ?? [];
    return new Map(objects.map((object) => [formatKey(keyOf(object)), object]));
  } catch (thrown) {
    engine.logger.warn({ digest, error: messageOf(thrown) }, 'the revision before could not be read');
    return new Map();
  }
}
