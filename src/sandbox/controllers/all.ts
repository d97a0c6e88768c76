import { addressController } from './addresses.ts';
import { autoscalerController } from './autoscalers.ts';
import { behaviourController, type Behaviour } from './behaviours.ts';
import { budgetController } from './budgets.ts';
import { claimController, volumeController } from './claims.ts';
import type { Controller } from './controller.ts';
import { daemonSetController } from './daemon-sets.ts';
import { definitionController } from './definitions.ts';
import { deploymentController } from './deployments.ts';
import { garbageCollector } from './garbage.ts';
import { jobController } from './jobs.ts';
import { kubelet } from './kubelet.ts';
import { namespaceController } from './namespaces.ts';
import { nodeController } from './nodes.ts';
import { OwnedIndex } from './owned-index.ts';
import { quotaController } from './quotas.ts';
import { replicaSetController } from './replica-sets.ts';
import { scheduler } from './scheduler.ts';
import { statefulSetController } from './stateful-sets.ts';

/** What the API server does by itself. */
export function apiControllers(): Controller[] {
  return [definitionController];
}

export interface SimulationOptions {
  readonly behaviours: readonly Behaviour[];
  readonly readyAfterMs: number;
}

/** Passes every change to the indexes; has nothing to reconcile. */
function indexer(indexes: readonly OwnedIndex[]): Controller {
  return {
    name: 'index',
    keysOf: (event) => {
      for (const index of indexes) index.note(event);
      return [];
    },
    reconcile: () => undefined,
  };
}

/** What the rest of a control plane and its nodes do. */
export function simulationControllers(options: SimulationOptions): Controller[] {
  const pods = new OwnedIndex('/pods');
  const sets = new OwnedIndex('apps/replicasets');
  return [
    indexer([pods, sets]),
    namespaceController(true),
    nodeController(),
    garbageCollector(),
    deploymentController(sets, pods),
    replicaSetController(pods),
    statefulSetController(pods),
    daemonSetController(pods),
    jobController(pods),
    claimController(),
    volumeController(),
    scheduler(),
    kubelet(options.readyAfterMs),
    addressController('', 'services', '192.0.2.10'),
    addressController('networking.k8s.io', 'ingresses', '192.0.2.11'),
    autoscalerController(),
    budgetController(),
    quotaController(),
    behaviourController(options.behaviours),
  ];
}
