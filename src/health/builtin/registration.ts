import type { Health } from '../../core/health.ts';
import { listAt, numberAt, stringAt } from '../../core/json.ts';
import type { KubeObject } from '../../core/object-key.ts';
import { conditionOf, conditionsOf } from '../conditions.ts';
import { asReason, verdict } from '../verdict.ts';

/** Names taken, schema structural, Established. Terminating is looked at through the deletion timestamp and its condition. */
export function assessDefinition(crd: KubeObject): Health {
  if (conditionsOf(crd).length === 0)
    return verdict('progressing', 'NoStatus', 'the API server has not looked at it yet');
  const terminating = conditionOf(crd, 'Terminating');
  if (terminating?.status === 'True')
    return verdict('progressing', 'Terminating', terminating.message ?? 'its objects are being deleted', {
      since: terminating.since,
    });
  const names = conditionOf(crd, 'NamesAccepted');
  if (names?.status === 'False') {
    return verdict('degraded', 'NamesNotAccepted', names.message ?? 'its names are taken by another definition', {
      cause: 'release',
      since: names.since,
      remedy: 'another CustomResourceDefinition of the group uses the names',
    });
  }
  const schema = conditionOf(crd, 'NonStructuralSchema');
  if (schema?.status === 'True') {
    return verdict('degraded', 'NonStructuralSchema', schema.message ?? 'its schema is not structural', {
      cause: 'release',
      since: schema.since,
      remedy: 'correct the schema',
    });
  }
  const established = conditionOf(crd, 'Established');
  if (established?.status === 'True')
    return verdict('healthy', 'Established', 'its API is served', { since: established.since });
  if (established?.status === 'False' && established.reason !== 'Installing') {
    return verdict('degraded', 'NotEstablished', established.message ?? 'its API is not served', {
      cause: 'release',
      since: established.since,
    });
  }
  return verdict('progressing', 'Installing', established?.message ?? 'its API is not served yet', {
    since: established?.since,
  });
}

/** Available; a missing or slow server behind it is the cluster's matter until somebody released it. */
export function assessApiService(service: KubeObject): Health {
  const available = conditionOf(service, 'Available');
  if (available === undefined) return verdict('progressing', 'NoStatus', 'the aggregator has not looked at it yet');
  if (available.status === 'True')
    return verdict('healthy', 'Available', available.message ?? 'its API is served', { since: available.since });
  const name = stringAt(service, 'spec', 'service', 'name');
  const namespace = stringAt(service, 'spec', 'service', 'namespace') ?? '';
  return verdict(
    'progressing',
    asReason(available.reason, 'NotAvailable'),
    available.message ?? 'its API is not served',
    {
      since: available.since,
      cause: 'environment',
      blockedBy: name === undefined ? undefined : [{ group: '', kind: 'Service', namespace, name }],
      remedy: 'check the Service and the pods that serve this API',
    },
  );
}

const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'];

/** Ready, without pressure, GPUs partitioned as wanted; a cordoned node is suspended. */
export function assessNode(node: KubeObject): Health {
  const ready = conditionOf(node, 'Ready');
  if (ready === undefined) return verdict('progressing', 'NoStatus', 'its kubelet has not reported yet');
  if (ready.status !== 'True') {
    const lost = ready.status === 'Unknown';
    return verdict(
      'degraded',
      asReason(ready.reason, lost ? 'NodeStatusUnknown' : 'NodeNotReady'),
      ready.message ?? 'the node is not ready',
      {
        cause: 'environment',
        since: ready.since,
        remedy: lost ? 'check whether the machine and its kubelet run' : 'look at the kubelet and the network plugin',
      },
    );
  }
  const pressures = PRESSURES.filter((type) => conditionOf(node, type)?.status === 'True');
  if (pressures.length > 0)
    return verdict('degraded', pressures[0] ?? 'Pressure', `the node has ${pressures.join(', ')}`, {
      cause: 'environment',
      since: conditionOf(node, pressures[0] ?? '')?.since,
    });
  const partitioning = partitioningOf(node);
  if (partitioning !== undefined) return partitioning;
  const cordoned = listAt(node, 'spec', 'taints').some(
    (taint) => stringAt(taint, 'key') === 'node.kubernetes.io/unschedulable',
  );
  if (cordoned) return verdict('suspended', 'Cordoned', 'the node takes no new pods');
  return verdict('healthy', 'Ready', 'the node is ready', { since: ready.since });
}

/** The MIG manager of NVIDIA writes into labels how far it is with cutting the GPUs of a node. */
function partitioningOf(node: KubeObject): Health | undefined {
  const state = stringAt(node, 'metadata', 'labels', 'nvidia.com/mig.config.state');
  const layout = stringAt(node, 'metadata', 'labels', 'nvidia.com/mig.config') ?? 'a MIG layout';
  if (state === 'failed')
    return verdict('degraded', 'MigConfigFailed', `the GPUs of the node could not be partitioned as ${layout}`, {
      cause: 'environment',
      remedy: 'read the log of nvidia-mig-manager on the node; pods that still hold its GPUs prevent it',
    });
  if (state !== 'pending' && state !== 'rebooting') return undefined;
  return verdict('progressing', 'MigConfigPending', `the GPUs of the node are being partitioned as ${layout}`, {
    cause: 'environment',
  });
}

export function assessReplicationController(controller: KubeObject): Health {
  const wanted = numberAt(controller, 'spec', 'replicas') ?? 1;
  const ready = numberAt(controller, 'status', 'readyReplicas') ?? 0;
  if (ready < wanted) return verdict('progressing', 'NotReady', `${ready} of ${wanted} pods are ready`);
  return verdict('healthy', 'Ready', `${ready} of ${wanted} pods are ready`);
}
