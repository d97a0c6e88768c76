import type { Health } from '../../core/health.ts';
import { numberAt, stringAt } from '../../core/json.ts';
import type { KubeObject } from '../../core/object-key.ts';
import { isFresh, isStale } from '../observed.ts';
import { verdict } from '../verdict.ts';
import type { AssessContext } from './context.ts';
import { failedCreate } from './failed-create.ts';
import { withPods } from './workload-verdict.ts';

/** Updated (unless OnDelete), then available pods against the number of nodes that it should run on. */
export function assessDaemonSet(set: KubeObject, context: AssessContext): Health {
  if (isFresh(set)) return verdict('progressing', 'NoStatus', 'the DaemonSet controller has not looked at it yet');
  if (isStale(set))
    return verdict('progressing', 'NotObserved', 'the DaemonSet controller has not seen the latest change yet');
  const count = (key: string): number => numberAt(set, 'status', key) ?? 0;
  const wanted = count('desiredNumberScheduled');
  const own = byCounts(set, wanted, count);
  if (own.status !== 'healthy') {
    const refused = failedCreate(set, own, context);
    if (refused !== undefined) return refused;
  }
  return withPods(own, set, undefined, wanted, context);
}

function byCounts(set: KubeObject, wanted: number, count: (key: string) => number): Health {
  const onDelete = stringAt(set, 'spec', 'updateStrategy', 'type') === 'OnDelete';
  const updated = count('updatedNumberScheduled');
  if (!onDelete && updated < wanted)
    return verdict('progressing', 'Updating', `${updated} of ${wanted} nodes have a pod of the latest template`);
  const available = count('numberAvailable');
  if (available < wanted)
    return verdict('progressing', 'NotAvailable', `${available} of ${wanted} nodes have an available pod`);
  const misplaced = count('numberMisscheduled');
  const warnings = misplaced > 0 ? [`${misplaced} pods run on nodes where they should not`] : [];
  return verdict(
    'healthy',
    'Available',
    wanted === 0 ? 'no node is selected' : `${available} of ${wanted} nodes have an available pod`,
    { warnings },
  );
}
