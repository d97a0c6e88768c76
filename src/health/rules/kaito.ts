import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'kaito.sh',
    project: 'KAITO',
    kinds: [
      {
        kinds: ['Workspace', 'RAGEngine'],
        about:
          'WorkspaceSucceeded; nodes may take long to come (ResourceReady, NodeClaimReady, NodesReady); InferenceReady, JobStarted',
        rules: [
          { when: { condition: ['WorkspaceDeleting', 'RAGEngineDeleting'], is: 'True' }, status: 'progressing' },
          {
            when: { condition: ['WorkspaceSucceeded', 'ServiceReady', 'RAGEngineSucceeded'], is: 'True' },
            status: 'healthy',
          },
          {
            when: {
              condition: ['ResourceReady', 'NodeClaimReady', 'MachineReady', 'NodesReady'],
              is: ['False', 'Unknown'],
            },
            status: 'progressing',
            cause: 'environment',
            remedy: 'nodes are being made: check the quota of the machine type and the node provisioner',
          },
          {
            when: { condition: ['InferenceReady', 'TuningJobStatus', 'JobStarted'], is: ['False', 'Unknown'] },
            status: 'progressing',
          },
          { when: { condition: ['WorkspaceSucceeded', 'RAGEngineSucceeded'], is: 'False' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['InferenceSet'],
        about: 'InferenceSetReady',
        rules: [
          { when: { condition: 'InferenceSetReady', is: 'True' }, status: 'healthy' },
          { when: { condition: 'InferenceSetReady', is: 'False' }, status: 'progressing' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];
