import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'proclaim.dogmatiq.io',
    project: 'Proclaim',
    kinds: [
      {
        kinds: ['DNSSDServiceInstance'],
        about: 'Adopted, Advertised, Discoverable',
        rules: [
          { when: { condition: 'Adopted', is: 'False' }, status: 'degraded' },
          {
            when: { condition: 'Advertised', is: ['False', 'Unknown'], reason: ['AdvertiseError', 'UnadvertiseError'] },
            status: 'degraded',
          },
          { when: { condition: 'Discoverable', reason: 'DiscoveryError' }, status: 'unknown', cause: 'environment' },
          { when: { condition: 'Discoverable', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Discoverable' }, status: 'progressing' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];
