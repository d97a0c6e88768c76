import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'postgresql.cnpg.io',
    project: 'CloudNativePG',
    kinds: [
      {
        kinds: ['Cluster'],
        about: 'reconciliation switched off, hibernation, then the phase',
        rules: [
          {
            when: {
              any: [
                { field: ['metadata', 'annotations', 'cnpg.io/reconciliationLoop'], is: 'disabled' },
                { field: ['metadata', 'annotations', 'cnpg.io/reconciliation'], is: 'disabled' },
              ],
            },
            status: 'suspended',
            reason: 'ReconciliationDisabled',
            message: 'the operator does not look at the cluster, on purpose (annotation cnpg.io/reconciliationLoop)',
          },
          { when: { condition: 'cnpg.io/hibernation', is: 'True' }, status: 'suspended' },
          {
            when: [
              { field: ['metadata', 'annotations', 'cnpg.io/hibernation'], is: 'on' },
              { condition: 'cnpg.io/hibernation', is: 'absent' },
            ],
            status: 'suspended',
            reason: 'Hibernated',
            message: 'the cluster is put to sleep',
          },
          {
            when: { field: 'status.phase', is: 'Cluster in healthy state' },
            status: 'healthy',
            reason: 'ClusterIsReady',
            message: 'the cluster is healthy',
          },
          {
            when: { field: 'status.phase', is: 'Failing over' },
            status: 'degraded',
            cause: 'environment',
            message: 'the primary is lost and another takes over: {status.phaseReason}',
          },
          {
            when: { field: 'status.phase', is: ['Waiting for user action', 'Cluster upgrade delayed'] },
            status: 'suspended',
            message: '{status.phase}: {status.phaseReason}',
            remedy: 'the operator waits for somebody: kubectl cnpg promote, or the update window',
          },
          {
            when: {
              field: 'status.phase',
              contains: [
                'unrecoverable',
                'Not enough disk space',
                'unknown plugin',
                'missing architecture',
                'Unable to create',
                'invalid image catalog',
                'incomplete',
                'ailed',
                'nvalid',
                'rror',
              ],
            },
            status: 'degraded',
            message: '{status.phase}: {status.phaseReason}',
          },
          { when: { field: 'status.phase' }, status: 'progressing', message: '{status.phase}: {status.phaseReason}' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['Backup'],
        about: 'phase',
        rules: [
          { when: { field: 'status.phase', is: 'completed' }, status: 'healthy' },
          {
            when: { field: 'status.phase', is: ['failed', 'walArchivingFailing', 'invalid backup definition'] },
            status: 'degraded',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['ScheduledBackup'],
        about: 'suspended',
        fresh: 'healthy',
        rules: [{ when: { field: 'spec.suspend', is: true }, status: 'suspended' }],
        otherwise: { status: 'healthy', message: 'it is scheduled' },
      },
      {
        kinds: ['Pooler'],
        about: 'instances',
        rules: [
          {
            when: { number: 'status.instances', below: 'spec.instances', default: 1 },
            status: 'progressing',
            reason: 'NotReady',
            message: '{status.instances} of {spec.instances} instances run',
          },
        ],
        otherwise: { status: 'healthy' },
      },
      {
        kinds: ['Database', 'Publication', 'Subscription'],
        about: 'applied',
        rules: [
          { when: { field: 'status.applied', is: true }, status: 'healthy' },
          {
            // The operator writes the generation only when it could apply it: before that a first try may fail, as when the owner is not there yet.
            when: [
              { field: 'status.applied', is: false },
              { field: 'metadata.generation' },
              { field: 'status.observedGeneration', empty: true },
            ],
            status: 'progressing',
            reason: 'NotApplied',
          },
          { when: { field: 'status.applied', is: false }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      { kinds: ['ImageCatalog', 'ClusterImageCatalog'], about: 'configuration', ...STORED },
    ],
  },
];
