import { own, type JsonObject } from '../../core/json.ts';
import { formatTime } from '../clock.ts';
import { child, isDeleting, items, nameOf, textOf } from '../object.ts';
import { NOT_READY } from '../registry/admission.ts';
import { change, read, setStatus, withCondition } from './access.ts';
import type { Controller } from './controller.ts';
import { conditionOf } from './pod-state.ts';

const PRESSURES: readonly (readonly [string, string, string])[] = [
  ['MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
];

/** Lets nodes report themselves ready. */
export function nodeController(): Controller {
  return {
    name: 'nodes',
    keysOf: (event) => (event.resource === '/nodes' && event.type === 'ADDED' ? [nameOf(event.object)] : []),
    reconcile: (name, { state, clock }) => {
      const node = read(state, '', 'nodes', '', name);
      if (node === undefined || isDeleting(node) || conditionOf(node, 'Ready') !== undefined) return undefined;
      change(state, '', 'nodes', node, (next) => {
        const spec = child(next, 'spec');
        const taints = items(spec, 'taints').filter((taint) => textOf(taint, 'key') !== NOT_READY);
        if (taints.length > 0) spec['taints'] = taints;
        else delete spec['taints'];
      });
      const time = formatTime(clock.now());
      const status = own(node, 'status') as JsonObject;
      let conditions = own(status, 'conditions');
      const beat = { lastHeartbeatTime: time };
      for (const [type, reason, message] of PRESSURES)
        conditions = withCondition(conditions, { type, status: 'False', reason, message }, time, beat);
      conditions = withCondition(
        conditions,
        { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
        time,
        beat,
      );
      setStatus(
        state,
        '',
        'nodes',
        node,
        {
          ...status,
          conditions,
          addresses: [{ type: 'InternalIP', address: '10.1.0.1' }],
          nodeInfo: {
            machineID: '',
            systemUUID: '',
            bootID: '',
            kernelVersion: 'sandbox',
            osImage: 'sandbox',
            containerRuntimeVersion: 'sandbox',
            kubeletVersion: 'v1.36.3',
            kubeProxyVersion: '',
            operatingSystem: 'linux',
            architecture: 'amd64',
          },
        },
        'kubelet',
      );
      return undefined;
    },
  };
}
