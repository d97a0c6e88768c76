import type { GroupRules } from './form.ts';
import { READY_RULES, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'install.istio.io',
    project: 'Istio',
    kinds: [
      {
        kinds: ['IstioOperator'],
        about: 'status.status',
        rules: [
          { when: { field: 'status.status', is: ['HEALTHY', 3] }, status: 'healthy' },
          { when: { field: 'status.status', is: ['NONE', 0] }, status: 'unknown', message: 'no component is there' },
          { when: { field: 'status.status', is: ['ERROR', 'ACTION_REQUIRED', 4, 5] }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: ['networking.istio.io', 'security.istio.io', 'telemetry.istio.io', 'extensions.istio.io'],
    project: 'Istio',
    kinds: [
      {
        kinds: ['*'],
        about:
          'the status is off by default: in use when stored; else Reconciled, PassedAnalysis and the validation messages',
        fresh: 'healthy',
        observed: false,
        rules: [
          {
            when: { some: 'status.validationMessages.*', where: { field: 'level', is: ['ERROR', 3] } },
            status: 'degraded',
            reason: 'ValidationError',
            message: 'the analysis of Istio reports an error: {documentationUrl}',
          },
          { when: { condition: ['PassedAnalysis', 'PassedValidation'], is: 'False' }, status: 'degraded' },
          { when: { condition: 'Reconciled', is: ['False', 'Unknown'] }, status: 'progressing' },
        ],
        otherwise: { status: 'healthy', reason: 'Current', message: 'no problem is reported' },
      },
    ],
  },
  {
    group: 'sailoperator.io',
    project: 'Istio Sail operator',
    kinds: [
      {
        kinds: ['*'],
        about: 'Reconciled and Ready',
        rules: [
          { when: { condition: 'Reconciled', is: 'False' }, status: 'degraded' },
          {
            when: {
              condition: 'Ready',
              is: 'False',
              reason: ['IstiodNotReady', 'IstioCNINotReady', 'ZTunnelNotReady'],
            },
            status: 'progressing',
          },
          ...READY_RULES,
        ],
        otherwise: WAITING,
      },
    ],
  },
];
