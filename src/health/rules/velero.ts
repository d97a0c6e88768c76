import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'velero.io',
    project: 'Velero',
    kinds: [
      {
        kinds: [
          'Backup',
          'Restore',
          'PodVolumeBackup',
          'PodVolumeRestore',
          'DeleteBackupRequest',
          'DownloadRequest',
          'DataUpload',
          'DataDownload',
        ],
        about: 'phase',
        rules: [
          { when: { field: 'status.phase', is: ['Completed', 'Processed'] }, status: 'healthy' },
          {
            when: {
              field: 'status.phase',
              is: [
                'PartiallyFailed',
                'Failed',
                'FailedValidation',
                'FinalizingPartiallyFailed',
                'WaitingForPluginOperationsPartiallyFailed',
              ],
            },
            status: 'degraded',
            message: '{status.failureReason}',
          },
          { when: { field: 'status.phase', is: ['Canceled', 'Canceling'] }, status: 'suspended' },
        ],
        otherwise: { status: 'progressing', message: '{status.phase}' },
      },
      {
        kinds: ['Schedule'],
        about: 'phase; paused',
        fresh: 'progressing',
        rules: [
          {
            when: { field: 'spec.paused', is: true },
            status: 'suspended',
            reason: 'Paused',
            message: 'the schedule is paused',
          },
          { when: { field: 'status.phase', is: 'Enabled' }, status: 'healthy' },
          { when: { field: 'status.phase', is: 'FailedValidation' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['BackupStorageLocation', 'VolumeSnapshotLocation'],
        about: 'phase',
        fresh: 'rules',
        rules: [
          { when: { field: 'status.phase', is: 'Available' }, status: 'healthy' },
          { when: { field: 'status.phase', is: 'Unavailable' }, status: 'degraded', cause: 'environment' },
          { when: { field: 'kind', is: 'VolumeSnapshotLocation' }, status: 'healthy', reason: 'Current' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['BackupRepository', 'ResticRepository'],
        about: 'phase',
        rules: [
          { when: { field: 'status.phase', is: 'Ready' }, status: 'healthy' },
          { when: { field: 'status.phase', is: 'NotReady' }, status: 'degraded', cause: 'environment' },
        ],
        otherwise: WAITING,
      },
      { kinds: ['ServerStatusRequest'], about: 'bookkeeping', ...STORED },
    ],
  },
  {
    group: 'config.kio.kasten.io',
    project: 'Kasten',
    kinds: [
      {
        kinds: ['*'],
        about: 'validation',
        rules: [
          { when: { field: 'status.validation', is: 'Success' }, status: 'healthy' },
          { when: { field: 'status.validation', is: 'Failed' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];
