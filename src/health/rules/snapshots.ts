import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'snapshot.storage.k8s.io',
    project: 'CSI snapshots',
    kinds: [
      {
        kinds: ['VolumeSnapshot', 'VolumeSnapshotContent'],
        about: 'error and readyToUse',
        rules: [
          {
            when: { field: 'status.readyToUse', is: true },
            status: 'healthy',
            reason: 'ReadyToUse',
            message: 'it can be used',
          },
          {
            when: { field: 'status.error' },
            status: 'degraded',
            reason: 'SnapshotFailed',
            message: '{status.error.message}',
          },
        ],
        otherwise: WAITING,
      },
      { kinds: ['VolumeSnapshotClass'], about: 'configuration', ...STORED },
    ],
  },
  {
    group: 'groupsnapshot.storage.k8s.io',
    project: 'CSI snapshots',
    kinds: [
      {
        kinds: ['VolumeGroupSnapshot', 'VolumeGroupSnapshotContent'],
        about: 'error and readyToUse',
        rules: [
          {
            when: { field: 'status.readyToUse', is: true },
            status: 'healthy',
            reason: 'ReadyToUse',
            message: 'it can be used',
          },
          {
            when: { field: 'status.error' },
            status: 'degraded',
            reason: 'SnapshotFailed',
            message: '{status.error.message}',
          },
        ],
        otherwise: WAITING,
      },
      { kinds: ['VolumeGroupSnapshotClass'], about: 'configuration', ...STORED },
    ],
  },
];
