import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'leaderworkerset.x-k8s.io',
    project: 'LeaderWorkerSet',
    kinds: [
      {
        kinds: ['LeaderWorkerSet'],
        about: 'UpdateInProgress, Available, Progressing, ready and updated groups',
        rules: [
          { when: { condition: 'UpdateInProgress', is: 'True' }, status: 'progressing' },
          {
            when: { number: 'status.readyReplicas', below: 'spec.replicas', default: 1 },
            status: 'progressing',
            reason: 'NotReady',
            message: '{status.readyReplicas} of {spec.replicas} groups are ready',
          },
          {
            when: { number: 'status.updatedReplicas', below: 'spec.replicas', default: 1 },
            status: 'progressing',
            reason: 'Updating',
            message: '{status.updatedReplicas} of {spec.replicas} groups are updated',
          },
          { when: { condition: 'Available', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'jobset.x-k8s.io',
    project: 'JobSet',
    kinds: [
      {
        kinds: ['JobSet'],
        about: 'Failed, Completed, Suspended; terminalState',
        rules: [
          { when: { condition: 'Failed', is: 'True' }, status: 'degraded' },
          { when: { field: 'status.terminalState', is: 'Failed' }, status: 'degraded' },
          { when: { condition: 'Completed', is: 'True' }, status: 'healthy' },
          { when: { field: 'status.terminalState', is: 'Completed' }, status: 'healthy' },
          { when: { condition: 'Suspended', is: 'True' }, status: 'suspended' },
        ],
        otherwise: { status: 'progressing', message: 'its jobs run; {status.restarts} restarts so far' },
      },
    ],
  },
];
