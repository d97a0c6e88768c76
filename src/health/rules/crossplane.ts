import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: ['*.crossplane.io', '*.upbound.io'],
    project: 'Crossplane',
    kinds: [
      {
        kinds: [
          'Composition',
          'CompositionRevision',
          'ControllerConfig',
          'DeploymentRuntimeConfig',
          'EnvironmentConfig',
          'ProviderConfig',
          'ProviderConfigUsage',
          'ClusterProviderConfig',
          'ClusterProviderConfigUsage',
          'ImageConfig',
          'StoreConfig',
        ],
        about: 'configuration: in use as soon as it is stored',
        ...STORED,
      },
      {
        kinds: ['*'],
        about:
          'Synced and LastAsyncOperation False, Healthy and Installed False are failures; Ready, Healthy, Established, Offered True',
        rules: [
          { when: { condition: 'Synced', is: 'False', reason: 'ReconcilePaused' }, status: 'suspended' },
          { when: { condition: 'LastAsyncOperation', is: 'False' }, status: 'degraded' },
          {
            when: {
              condition: ['Synced', 'Healthy', 'RevisionHealthy', 'Installed'],
              is: 'False',
              notReason: ['InactivePackageRevision', 'UnpackingPackage', 'InstallingPackage'],
            },
            status: 'degraded',
          },
          {
            when: {
              condition: ['Established', 'Offered', 'ValidPipeline'],
              is: 'False',
              notReason: ['WatchingCompositeResource', 'TerminatingCompositeResource'],
            },
            status: 'progressing',
          },
          { when: { condition: 'Responsive', is: 'False' }, status: 'degraded', cause: 'environment' },
          { when: { condition: 'Ready', is: 'False' }, status: 'progressing' },
          {
            when: { condition: ['Ready', 'Healthy', 'RevisionHealthy', 'Established', 'Offered'], is: 'True' },
            status: 'healthy',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'pkg.crossplane.io',
    project: 'Crossplane',
    kinds: [
      {
        kinds: ['Provider', 'Function', 'Configuration'],
        about: 'Installed and Healthy',
        rules: [
          { when: { condition: 'Healthy', is: 'False' }, status: 'degraded' },
          {
            when: [
              { condition: 'Installed', is: 'False', reason: 'UnpackingPackage' },
              { not: { condition: 'Healthy', is: 'True' } },
            ],
            status: 'progressing',
          },
          { when: { condition: 'Installed', is: 'False' }, status: 'degraded' },
          {
            when: [
              { condition: 'Installed', is: 'True' },
              { condition: 'Healthy', is: 'True' },
            ],
            status: 'healthy',
          },
        ],
        otherwise: { status: 'progressing', message: 'the package is not installed and healthy yet' },
      },
    ],
  },
];
