import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'projectcontour.io',
    project: 'Contour',
    kinds: [
      {
        kinds: ['HTTPProxy'],
        about: 'currentStatus, as of the present generation',
        rules: [
          { when: { field: 'status.currentStatus', is: 'valid' }, status: 'healthy', message: '{status.description}' },
          {
            // It is invalid until the proxies that it includes are there, and they are orphans until it is: nobody may wait for either.
            when: [{ field: 'spec.includes' }, { condition: 'Valid', is: 'False' }],
            status: 'healthy',
            reason: 'HasIncludes',
            message: 'whether it works depends on the proxies that it includes: {status.description}',
          },
          {
            when: { field: 'status.currentStatus', is: ['invalid', 'orphaned'] },
            status: 'degraded',
            message: '{status.description}',
          },
        ],
        otherwise: { status: 'progressing', message: '{status.description}' },
      },
      {
        kinds: ['ExtensionService', 'TLSCertificateDelegation', 'ContourDeployment', 'ContourConfiguration'],
        about: 'Valid',
        rules: [
          { when: { condition: 'Valid', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Valid', is: 'False' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];
