import type { GroupRules } from './form.ts';
import { READY_RULES, STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'serving.kserve.io',
    project: 'KServe',
    kinds: [
      {
        kinds: ['InferenceService'],
        about: 'Stopped, the transition of the model, Ready; Ready False is a failure when a revision failed',
        rules: [
          { when: { condition: 'Stopped', is: 'True' }, status: 'suspended' },
          {
            when: { field: 'status.modelStatus.transitionStatus', is: ['BlockedByFailedLoad', 'InvalidSpec'] },
            status: 'degraded',
            message: '{status.modelStatus.lastFailureInfo.message}',
          },
          {
            when: {
              condition: ['PredictorReady', 'TransformerReady', 'ExplainerReady', 'Ready'],
              is: 'False',
              reason: [
                'RevisionFailed',
                'ContainerMissing',
                'ExitCode1',
                'ProgressDeadlineExceeded',
                'InvalidSpec',
                'InvalidGPUAllocation',
                'ModelLoadFailed',
              ],
            },
            status: 'degraded',
          },
          { when: { field: 'status.modelStatus.transitionStatus', is: 'InProgress' }, status: 'progressing' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy', message: 'the service answers' },
          { when: { condition: 'Ready' }, status: 'progressing' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['LLMInferenceService'],
        about: 'PresetsCombined, WorkloadsReady, RouterReady, Ready',
        rules: [
          { when: { condition: 'Stopped', is: 'True' }, status: 'suspended' },
          { when: { some: 'status.conditions.*', where: { field: 'reason', is: 'Stopped' } }, status: 'suspended' },
          { when: { condition: 'PresetsCombined', is: 'False' }, status: 'degraded' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          {
            when: {
              condition: [
                'WorkloadsReady',
                'MainWorkloadReady',
                'WorkerWorkloadReady',
                'PrefillWorkloadReady',
                'PrefillWorkerWorkloadReady',
                'RouterReady',
              ],
              is: 'False',
              reason: ['ReplicaFailure', 'ProgressDeadlineExceeded', 'Failed', 'RefsInvalid'],
            },
            status: 'degraded',
          },
          {
            when: { condition: ['WorkloadsReady', 'RouterReady', 'Ready'], is: ['False', 'Unknown'] },
            status: 'progressing',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['InferenceGraph', 'TrainedModel', 'LocalModelCache', 'LocalModelNode'],
        about: 'Ready',
        rules: READY_RULES,
        otherwise: WAITING,
      },
      {
        kinds: [
          'ServingRuntime',
          'ClusterServingRuntime',
          'ClusterStorageContainer',
          'LocalModelNodeGroup',
          'LLMInferenceServiceConfig',
        ],
        about: 'configuration',
        ...STORED,
      },
    ],
  },
];
