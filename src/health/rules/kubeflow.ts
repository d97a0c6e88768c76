import type { GroupRules } from './form.ts';
import { READY_RULES, STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'kubeflow.org',
    project: 'Kubeflow',
    kinds: [
      {
        kinds: ['PyTorchJob', 'TFJob', 'MPIJob', 'XGBoostJob', 'PaddleJob', 'JAXJob', 'MXJob'],
        about: 'Failed, Succeeded, Suspended',
        rules: [
          { when: { condition: 'Failed', is: 'True' }, status: 'degraded' },
          { when: { condition: 'Succeeded', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Suspended', is: 'True' }, status: 'suspended' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['Notebook'],
        about: 'stopped, waiting container, ready replicas',
        rules: [
          {
            when: { field: ['metadata', 'annotations', 'kubeflow-resource-stopped'] },
            status: 'suspended',
            reason: 'Stopped',
            message: 'the notebook is stopped',
          },
          {
            when: {
              field: 'status.containerState.waiting.reason',
              is: [
                'ImagePullBackOff',
                'ErrImagePull',
                'CrashLoopBackOff',
                'CreateContainerConfigError',
                'InvalidImageName',
              ],
            },
            status: 'degraded',
            message: '{status.containerState.waiting.message}',
          },
          { when: { number: 'status.readyReplicas', above: 0 }, status: 'healthy', message: 'the notebook is ready' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['Profile'],
        about: 'Successful, Failed',
        fresh: 'healthy',
        rules: [{ when: { condition: 'Failed' }, status: 'degraded' }],
        otherwise: { status: 'healthy' },
      },
      { kinds: ['PodDefault', 'Viewer'], about: 'configuration', ...STORED },
    ],
  },
  {
    group: 'trainer.kubeflow.org',
    project: 'Kubeflow Trainer',
    kinds: [
      {
        kinds: ['TrainJob'],
        about: 'Failed, Complete, Suspended',
        rules: [
          { when: { condition: 'Failed', is: 'True' }, status: 'degraded' },
          { when: { condition: 'Complete', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Suspended', is: 'True' }, status: 'suspended' },
        ],
        otherwise: WAITING,
      },
      { kinds: ['TrainingRuntime', 'ClusterTrainingRuntime'], about: 'configuration', ...STORED },
    ],
  },
  {
    group: 'katib.kubeflow.org',
    project: 'Kubeflow Katib',
    kinds: [
      {
        kinds: ['Experiment', 'Suggestion', 'Trial'],
        about: 'Failed, Succeeded, Killed',
        rules: [
          { when: { condition: ['Failed', 'MetricsUnavailable'], is: 'True' }, status: 'degraded' },
          { when: { condition: ['Killed', 'EarlyStopped'], is: 'True' }, status: 'suspended' },
          { when: { condition: 'Succeeded', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'pipelines.kubeflow.org',
    project: 'Kubeflow Pipelines',
    kinds: [
      {
        kinds: ['Pipeline', 'PipelineVersion'],
        about: 'definitions; runs are Workflows',
        fresh: 'healthy',
        rules: [{ when: { condition: 'PipelineVersionStatus', is: 'False' }, status: 'degraded' }],
        otherwise: { status: 'healthy' },
      },
    ],
  },
  {
    group: [
      'datasciencepipelinesapplications.opendatahub.io',
      'components.platform.opendatahub.io',
      'datasciencecluster.opendatahub.io',
      'dscinitialization.opendatahub.io',
    ],
    project: 'Open Data Hub',
    kinds: [
      {
        kinds: ['*'],
        about: 'Ready; phase',
        rules: [
          { when: { condition: 'Degraded', is: 'True' }, status: 'degraded' },
          ...READY_RULES,
          { when: { field: 'status.phase', is: 'Ready' }, status: 'healthy' },
          { when: { field: 'status.phase', is: 'Error' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];
