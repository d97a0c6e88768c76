import type { GroupRules } from './form.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'minio.min.io',
    project: 'MinIO operator',
    kinds: [
      {
        kinds: ['Tenant'],
        about: 'currentState',
        rules: [
          { when: { field: 'status.currentState', is: 'Initialized' }, status: 'healthy' },
          {
            when: {
              field: 'status.currentState',
              contains: [
                'not controlled by operator',
                'already exists',
                'Different versions',
                'not allowed',
                'ailed',
                'rror',
                'nvalid',
                'must have',
              ],
            },
            status: 'degraded',
            message: '{status.currentState}',
          },
        ],
        otherwise: { status: 'progressing', message: '{status.currentState}' },
      },
    ],
  },
];
