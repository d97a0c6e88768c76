import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'batch.volcano.sh',
    project: 'Volcano',
    kinds: [
      {
        kinds: ['Job'],
        about: 'phase',
        rules: [
          { when: { field: 'status.state.phase', is: 'Completed' }, status: 'healthy' },
          {
            when: { field: 'status.state.phase', is: ['Failed', 'Aborted', 'Terminated'] },
            status: 'degraded',
            message: '{status.state.message}',
          },
          {
            when: { field: 'status.state.phase', is: 'Pending' },
            status: 'progressing',
            cause: 'environment',
            message: 'it waits for its queue: {status.state.message}',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['CronJob'],
        about: 'suspended',
        fresh: 'healthy',
        rules: [{ when: { field: 'spec.suspend', is: true }, status: 'suspended' }],
        otherwise: { status: 'healthy', message: 'it is scheduled' },
      },
    ],
  },
  {
    group: 'scheduling.volcano.sh',
    project: 'Volcano',
    kinds: [
      {
        kinds: ['Queue'],
        about: 'state',
        rules: [
          { when: { field: 'status.state', is: 'Open' }, status: 'healthy' },
          { when: { field: 'status.state', is: ['Closed', 'Closing'] }, status: 'suspended' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['PodGroup'],
        about: 'phase, Unschedulable',
        rules: [
          { when: { field: 'status.phase', is: ['Running', 'Completed'] }, status: 'healthy' },
          {
            when: { condition: 'Unschedulable', is: 'True' },
            status: 'progressing',
            cause: 'environment',
            remedy: 'free what the whole group needs at once, or make its minimum smaller',
          },
          { when: { field: 'status.phase', is: 'Unknown' }, status: 'degraded', cause: 'environment' },
        ],
        otherwise: { status: 'progressing', cause: 'environment' },
      },
    ],
  },
  {
    group: 'flow.volcano.sh',
    project: 'Volcano',
    kinds: [
      {
        kinds: ['JobFlow'],
        about: 'phase',
        rules: [
          { when: { field: 'status.state.phase', is: 'Succeed' }, status: 'healthy' },
          { when: { field: 'status.state.phase', is: ['Failed', 'Terminating'] }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      { kinds: ['JobTemplate'], about: 'configuration', ...STORED },
    ],
  },
];
