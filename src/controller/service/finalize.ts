import { formatApplicationName, type Application } from '../../core/application.ts';
import { EngineError, isEngineError, messageOf } from '../../core/errors.ts';
import { own, stringAt, type Json } from '../../core/json.ts';
import { describeKey, formatKey, type KubeObject, type ObjectKey } from '../../core/object-key.ts';
import { deleteState, readState } from '../../apply/state-store.ts';
import { APPLICATION_FINALIZER, APPLICATION_KIND } from '../../config/application-crd.ts';
import type { Engine } from '../engine.ts';
import { deleteGenerated } from '../generated-values.ts';
import { deleteObjects } from './delete-objects.ts';
import type { Tracked } from './tracked.ts';

const CRD = { group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition' } as const;

export interface FinalizeResult {
  /** Nothing of it is left to do: the object may go. */
  readonly done: boolean;
  readonly message: string;
  /** What stays in the cluster, for people. */
  readonly left: readonly ObjectKey[];
}

/** Makes sure that the finalizer is there before the first object of an application is. @returns the object with it, when it was not */
export async function ensureFinalizer(tracked: Tracked, engine: Engine): Promise<KubeObject | undefined> {
  const finalizers = finalizersOf(tracked);
  if (finalizers.includes(APPLICATION_FINALIZER)) return undefined;
  const written = await engine.home.patch(APPLICATION_KIND, tracked.name, {
    type: 'merge',
    // The version makes sure that a finalizer which somebody else adds now is not lost.
    body: {
      metadata: {
        resourceVersion: tracked.object.metadata.resourceVersion ?? '',
        finalizers: [...finalizers, APPLICATION_FINALIZER],
      },
    },
  });
  return written;
}

/**
 * Ends an application whose object is being deleted: prunes what it owns or lets it go, as its policy says. Its deletion is the consent to
 * delete everything, so budgets do not count; other owners and protected kinds do. Without the rights to delete, objects are left and named.
 */
export async function finalize(
  tracked: Tracked,
  application: Application | undefined,
  engine: Engine,
  labelled: readonly ObjectKey[],
  options: { readonly signal: AbortSignal; readonly gate: () => void },
): Promise<FinalizeResult> {
  const stored = await readState(engine.home, tracked.name, options.signal);
  const keys = new Map([...stored.state.inventory, ...labelled].map((key) => [formatKey(key), key]));
  let left: readonly ObjectKey[] = [];
  if (keys.size === 0 && stored.state.current === undefined) left = [];
  else if (
    application === undefined ||
    application.deletionPolicy === 'orphan' ||
    (await kindIsGoing(engine, options.signal))
  )
    left = [...keys.values()];
  else {
    try {
      const owned = { ...stored, state: { ...stored.state, inventory: [...keys.values()] } };
      const pruned = await deleteObjects(application, engine, owned, options);
      if (pruned.pending.length > 0) {
        const names = pruned.pending.slice(0, 5).map(describeKey).join(', ');
        return {
          done: false,
          message: `${pruned.pending.length} objects are still being deleted: ${names}`,
          left: [],
        };
      }
      left = pruned.left;
    } catch (thrown) {
      if (!isEngineError(thrown, 'ClusterDenied')) throw thrown;
      // Waiting for rights that nobody grants would keep the object, and with it its namespace, for ever.
      engine.logger.warn(
        { application: tracked.id, error: messageOf(thrown) },
        'objects are left: deleting them is not allowed',
      );
      left = [...keys.values()];
    }
  }
  options.gate();
  await deleteState(engine.home, await readState(engine.home, tracked.name, options.signal), options.signal);
  if (application !== undefined) await forgetGenerated(application, engine, options.signal);
  options.gate();
  await removeFinalizer(tracked, engine);
  return {
    done: true,
    message: left.length === 0 ? 'everything was deleted' : `${left.length} objects were left`,
    left,
  };
}

/** Best effort: without the right to delete it the Secret is left. */
async function forgetGenerated(application: Application, engine: Engine, signal: AbortSignal): Promise<void> {
  try {
    await deleteGenerated(engine.clusterOf(application), application.name, signal);
  } catch (thrown) {
    if (!isEngineError(thrown, 'ClusterDenied')) throw thrown;
    engine.logger.warn(
      { application: formatApplicationName(application.name), error: messageOf(thrown) },
      'generated values are left: deleting them is not allowed',
    );
  }
}

/**
 * The definition of Application itself is being deleted: nobody means to delete every workload of the cluster by that.
 *
 * @throws EngineError when that cannot be known: then nothing may be deleted
 */
async function kindIsGoing(engine: Engine, signal: AbortSignal): Promise<boolean> {
  const live = await engine.home.get(CRD, { namespace: '', name: 'applications.evenkeel.dev' }, signal);
  if (live.state === 'unknown')
    throw new EngineError(
      live.error.code,
      `nothing is deleted before the kind Application itself was looked at: ${live.error.message}`,
      {
        cause: live.error,
        ...(live.error.remedy === undefined ? {} : { remedy: live.error.remedy }),
      },
    );
  return live.state === 'present' && stringAt(live.object, 'metadata', 'deletionTimestamp') !== undefined;
}

async function removeFinalizer(tracked: Tracked, engine: Engine): Promise<void> {
  const live = await engine.home.get(APPLICATION_KIND, tracked.name);
  if (live.state === 'unknown') throw live.error;
  if (live.state === 'absent') return;
  const finalizers = own(live.object.metadata, 'finalizers');
  const rest = Array.isArray(finalizers) ? finalizers.filter((name: Json) => name !== APPLICATION_FINALIZER) : [];
  await engine.home.patch(APPLICATION_KIND, tracked.name, {
    type: 'merge',
    body: { metadata: { resourceVersion: live.object.metadata.resourceVersion ?? '', finalizers: rest } },
  });
}

function finalizersOf(tracked: Tracked): string[] {
  const finalizers = own(tracked.object.metadata, 'finalizers');
  return Array.isArray(finalizers) ? finalizers.filter((name: Json): name is string => typeof name === 'string') : [];
}

export function hasFinalizer(tracked: Tracked): boolean {
  return finalizersOf(tracked).includes(APPLICATION_FINALIZER);
}
