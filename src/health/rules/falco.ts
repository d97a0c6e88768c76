import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: ['instance.falcosecurity.dev', 'artifact.falcosecurity.dev'],
    project: 'Falco operator',
    kinds: [
      {
        kinds: ['*'],
        about: 'Reconciled and Available',
        rules: [
          { when: { condition: ['Reconciled', 'Programmed', 'ResolvedRefs'], is: 'False' }, status: 'degraded' },
          { when: { condition: 'Available', is: 'False' }, status: 'progressing' },
          { when: { condition: ['Available', 'Reconciled', 'Programmed'], is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'aquasecurity.github.io',
    project: 'Trivy operator',
    kinds: [{ kinds: ['*'], about: 'reports: in use as soon as they are stored', ...STORED }],
  },
];
