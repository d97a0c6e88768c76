import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'machinelearning.seldon.io',
    project: 'Seldon Core',
    kinds: [
      {
        kinds: ['SeldonDeployment'],
        about: 'state',
        rules: [
          { when: { field: 'status.state', is: 'Available' }, status: 'healthy' },
          { when: { field: 'status.state', is: 'Failed' }, status: 'degraded', message: '{status.description}' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'mlops.seldon.io',
    project: 'Seldon Core 2',
    kinds: [
      {
        kinds: ['*'],
        about: 'Ready, ModelReady, ExperimentReady, PipelineReady, ServerReady',
        fresh: 'rules',
        rules: [
          {
            when: {
              condition: ['Ready', 'ModelReady', 'ExperimentReady', 'PipelineReady', 'ServerReady', 'StatefulSetReady'],
              is: 'False',
              reason: [
                'ModelFailed',
                'ModelTerminateFailed',
                'ScheduleFailed',
                'ModelUnloadedUnavailable',
                'PipelineFailed',
                'ExperimentFailed',
              ],
            },
            status: 'degraded',
          },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Ready' }, status: 'progressing' },
          { when: { field: 'kind', is: ['ServerConfig'] }, status: 'healthy', reason: 'Current' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];
