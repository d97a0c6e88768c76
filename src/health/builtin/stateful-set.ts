import type { Health } from '../../core/health.ts';
import { numberAt, stringAt } from '../../core/json.ts';
import type { KubeObject } from '../../core/object-key.ts';
import { isFresh, isStale } from '../observed.ts';
import { verdict } from '../verdict.ts';
import type { AssessContext } from './context.ts';
import { failedCreate } from './failed-create.ts';
import { withPods } from './workload-verdict.ts';

/** Ready pods, then the partition, then the revisions; with OnDelete the pods are replaced by hand and only readiness counts. */
export function assessStatefulSet(set: KubeObject, context: AssessContext): Health {
  if (isFresh(set)) return verdict('progressing', 'NoStatus', 'the StatefulSet controller has not looked at it yet');
  if (isStale(set))
    return verdict('progressing', 'NotObserved', 'the StatefulSet controller has not seen the latest change yet');
  const wanted = numberAt(set, 'spec', 'replicas') ?? 1;
  const own = byCounts(set, wanted);
  if (own.status !== 'healthy') {
    const refused = failedCreate(set, own, context);
    if (refused !== undefined) return refused;
  }
  return withPods(own, set, undefined, wanted, context);
}

function byCounts(set: KubeObject, wanted: number): Health {
  const count = (key: string): number => numberAt(set, 'status', key) ?? 0;
  const ready = count('readyReplicas');
  const total = count('replicas');
  if (ready < wanted) return verdict('progressing', 'NotReady', `${ready} of ${wanted} pods are ready`);
  if (total > wanted)
    return verdict('progressing', 'ScalingDown', `${total} pods are left of which ${wanted} are wanted`);
  const done = (text: string): Health => verdict('healthy', 'Ready', wanted === 0 ? 'it is scaled to zero' : text);
  if (stringAt(set, 'spec', 'updateStrategy', 'type') === 'OnDelete')
    return done(`${ready} of ${wanted} pods are ready; pods are updated when they are deleted`);
  const updated = count('updatedReplicas');
  const partition = numberAt(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0;
  const due = Math.max(0, wanted - partition);
  const current = stringAt(set, 'status', 'currentRevision');
  const update = stringAt(set, 'status', 'updateRevision');
  if (partition > 0) {
    if (current !== update && updated < due)
      return verdict(
        'progressing',
        'Updating',
        `${updated} of ${due} pods above partition ${partition} have the latest template`,
      );
    return done(`${ready} of ${wanted} pods are ready; the update is held at partition ${partition}`);
  }
  if (current !== undefined && update !== undefined && current !== update) {
    return verdict('progressing', 'Updating', `${updated} of ${wanted} pods have the latest template`);
  }
  if (available(set, wanted)) return done(`${ready} of ${wanted} pods are ready`);
  return verdict(
    'progressing',
    'NotAvailable',
    `${count('availableReplicas')} of ${wanted} pods are available (ready for minReadySeconds)`,
  );
}

/** Older servers write no availableReplicas; without minReadySeconds it says nothing more than readyReplicas. */
function available(set: KubeObject, wanted: number): boolean {
  if ((numberAt(set, 'spec', 'minReadySeconds') ?? 0) === 0) return true;
  return (numberAt(set, 'status', 'availableReplicas') ?? 0) >= wanted;
}
