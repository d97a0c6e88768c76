import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'numaflow.numaproj.io',
    project: 'Numaflow',
    kinds: [
      {
        kinds: ['InterStepBufferService', 'MonoVertex', 'Pipeline', 'Vertex'],
        about: 'phase and conditions; a failed progressive upgrade; paused',
        rules: [
          {
            when: { field: ['metadata', 'labels', 'numaplane.numaproj.io/progressive-result-state'], is: 'failed' },
            status: 'degraded',
            reason: 'ProgressiveUpgradeFailed',
            message: 'its progressive upgrade failed',
          },
          { when: { field: 'status.phase', is: ['Failed', 'Unknown'] }, status: 'degraded' },
          {
            when: [
              { field: 'status.phase', is: 'Pausing' },
              { field: 'kind', is: 'Pipeline' },
            ],
            status: 'healthy',
            message: 'it is being paused, on purpose',
          },
          { when: { field: 'status.phase', is: ['Pending', 'Pausing', 'Deleting', ''] }, status: 'progressing' },
          { when: { field: 'status.phase', is: ['Paused', 'Succeeded'] }, status: 'healthy' },
          {
            when: {
              some: 'status.conditions.*',
              where: [
                { field: 'status', is: 'False' },
                { field: 'reason', is: 'Progressing' },
              ],
            },
            status: 'progressing',
          },
          { when: { some: 'status.conditions.*', where: { field: 'status', is: 'False' } }, status: 'degraded' },
          { when: { some: 'status.conditions.*', where: { field: 'status', is: 'Unknown' } }, status: 'progressing' },
          { when: { field: 'status.phase', is: 'Running' }, status: 'healthy', message: 'it is running' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'numaplane.numaproj.io',
    project: 'Numaplane',
    kinds: [
      {
        kinds: ['*'],
        about: 'phase, ChildResourcesHealthy, ProgressiveUpgradeSucceeded',
        rules: [
          { when: { field: 'status.phase', is: 'Failed' }, status: 'degraded' },
          { when: { field: 'status.phase', is: 'Pending' }, status: 'progressing' },
          { when: { condition: 'ProgressiveUpgradeSucceeded', is: 'False' }, status: 'degraded' },
          {
            when: { field: 'status.upgradeInProgress' },
            status: 'progressing',
            reason: 'Upgrading',
            message: 'an upgrade is under way ({status.upgradeInProgress})',
          },
          {
            when: { condition: ['ChildResourcesHealthy', 'ChildResourceDeployed'], is: 'False', reason: 'Progressing' },
            status: 'progressing',
          },
          { when: { condition: ['ChildResourcesHealthy', 'ChildResourceDeployed'], is: 'False' }, status: 'degraded' },
          {
            when: { condition: ['PipelinePausingOrPaused', 'MonoVertexPausingOrPaused'], is: 'True' },
            status: 'healthy',
            reason: 'Paused',
            message: 'it is paused, on purpose',
          },
          { when: { condition: 'ChildResourcesHealthy', is: 'Unknown' }, status: 'progressing' },
          { when: { field: 'status.phase', is: 'Deployed' }, status: 'healthy', message: 'its children are healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];
