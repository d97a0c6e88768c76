import type { GroupRules } from './form.ts';
import { READY_WAITS, STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'tekton.dev',
    project: 'Tekton',
    kinds: [
      {
        kinds: ['PipelineRun', 'TaskRun', 'CustomRun', 'Run'],
        about: 'Succeeded; cancelled and pending runs are suspended',
        fresh: 'rules',
        rules: [
          { when: { condition: 'Succeeded', is: 'True' }, status: 'healthy' },
          {
            when: {
              condition: 'Succeeded',
              is: 'False',
              reason: [
                'Cancelled',
                'PipelineRunCancelled',
                'TaskRunCancelled',
                'CancelledRunningFinally',
                'StoppedRunningFinally',
                'RunCancelled',
              ],
            },
            status: 'suspended',
          },
          {
            when: {
              condition: 'Succeeded',
              is: 'False',
              reason: ['TaskRunResolutionFailed', 'CouldntGetTask', 'ResolutionTimeout'],
            },
            status: 'degraded',
          },
          { when: { condition: 'Succeeded', is: 'False' }, status: 'degraded' },
          {
            when: { field: 'spec.status', is: ['PipelineRunPending', 'TaskRunPending'] },
            status: 'suspended',
            reason: 'Pending',
            message: 'the run is held back on purpose',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['Pipeline', 'Task', 'ClusterTask', 'StepAction', 'PipelineResource', 'VerificationPolicy'],
        about: 'configuration',
        ...STORED,
      },
    ],
  },
  {
    group: 'triggers.tekton.dev',
    project: 'Tekton',
    kinds: [
      {
        kinds: ['EventListener'],
        about: 'Ready, Available',
        rules: [
          { when: { condition: ['Ready', 'Available'], is: 'False' }, status: 'progressing' },
          { when: { condition: ['Ready', 'Available'], is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      { kinds: ['*'], about: 'configuration', ...STORED },
    ],
  },
  {
    group: 'operator.tekton.dev',
    project: 'Tekton',
    kinds: [{ kinds: ['*'], about: 'Ready', rules: READY_WAITS, otherwise: WAITING }],
  },
  {
    group: ['shipwright.io'],
    project: 'Shipwright',
    kinds: [
      {
        kinds: ['BuildRun'],
        about: 'Succeeded',
        rules: [
          { when: { condition: 'Succeeded', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Succeeded', is: 'False' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['Build'],
        about: 'registered',
        rules: [
          { when: { field: 'status.registered', is: ['True', true] }, status: 'healthy' },
          { when: { field: 'status.registered', is: ['False', false] }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      { kinds: ['BuildStrategy', 'ClusterBuildStrategy'], about: 'configuration', ...STORED },
    ],
  },
];
