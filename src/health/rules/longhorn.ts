import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'longhorn.io',
    project: 'Longhorn',
    kinds: [
      {
        kinds: ['Volume'],
        about: 'robustness; a detached volume has none, which is normal',
        rules: [
          {
            when: { field: 'status.robustness', is: 'faulted' },
            status: 'degraded',
            cause: 'environment',
            remedy: 'no replica of the volume is usable: restore it from a backup or salvage a replica',
          },
          {
            when: { field: 'status.robustness', is: 'degraded' },
            status: 'progressing',
            cause: 'environment',
            reason: 'RobustnessDegraded',
            message:
              'the volume works, but has fewer replicas than it wants; one is being rebuilt, or there is no room for it',
            remedy: 'check nodes and disks',
          },
          { when: { condition: 'scheduled', is: 'False' }, status: 'degraded', cause: 'environment' },
          { when: { condition: 'Scheduled', is: 'False' }, status: 'degraded', cause: 'environment' },
          { when: { field: 'status.robustness', is: 'healthy' }, status: 'healthy' },
          {
            when: [
              { field: 'status.state', is: 'detached' },
              { field: 'status.robustness', is: ['unknown', '', null] },
            ],
            status: 'healthy',
            reason: 'Detached',
            message: 'nobody uses the volume now',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['Engine', 'Replica', 'InstanceManager', 'ShareManager'],
        about: 'state',
        rules: [
          {
            when: {
              any: [
                { field: 'status.currentState', is: ['running', 'stopped'] },
                { field: 'status.state', is: ['running', 'stopped'] },
              ],
            },
            status: 'healthy',
          },
          {
            when: {
              any: [
                { field: 'status.currentState', is: 'error' },
                { field: 'status.state', is: 'error' },
              ],
            },
            status: 'degraded',
            cause: 'environment',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['Node'],
        about: 'Ready, Schedulable',
        rules: [
          { when: { condition: 'Ready', is: 'False' }, status: 'degraded', cause: 'environment' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['Backup', 'BackingImage', 'BackupBackingImage', 'SystemBackup', 'SystemRestore'],
        about: 'state',
        rules: [
          { when: { field: 'status.state', is: ['Completed', 'Ready'] }, status: 'healthy' },
          {
            when: { field: 'status.state', is: ['Error', 'Unknown'] },
            status: 'degraded',
            cause: 'environment',
            message: '{status.error}',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['BackupTarget'],
        about: 'available',
        rules: [
          { when: { field: 'status.available', is: true }, status: 'healthy' },
          { when: { condition: 'Unavailable', is: 'True' }, status: 'degraded', cause: 'environment' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['EngineImage'],
        about: 'state',
        rules: [
          { when: { field: 'status.state', is: 'deployed' }, status: 'healthy' },
          { when: { field: 'status.state', is: 'incompatible' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['Setting', 'RecurringJob', 'Orphan', 'VolumeAttachment', 'Snapshot', 'SupportBundle', 'BackupVolume'],
        about: 'configuration and bookkeeping',
        ...STORED,
      },
    ],
  },
  {
    group: ['openebs.io', 'cstor.openebs.io', 'zfs.openebs.io', 'local.openebs.io'],
    project: 'OpenEBS',
    kinds: [
      {
        kinds: ['*'],
        about: 'state or phase',
        fresh: 'rules',
        rules: [
          {
            when: {
              any: [
                { field: 'status.state', is: ['Ready', 'Online', 'ONLINE', 'Created'] },
                { field: 'status.phase', is: ['ONLINE', 'Healthy', 'Online', 'Claimed', 'Active', 'Unclaimed'] },
              ],
            },
            status: 'healthy',
          },
          {
            when: {
              any: [
                { field: 'status.state', is: ['Failed', 'Error', 'Faulted', 'Unknown'] },
                { field: 'status.phase', is: ['OFFLINE', 'Offline', 'Degraded', 'Error', 'Failed'] },
              ],
            },
            status: 'degraded',
            cause: 'environment',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
];
