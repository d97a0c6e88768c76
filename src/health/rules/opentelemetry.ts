import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'opentelemetry.io',
    project: 'OpenTelemetry operator',
    kinds: [
      {
        kinds: ['OpenTelemetryCollector', 'TargetAllocator'],
        about: 'scale.statusReplicas (ready/wanted); a sidecar has none',
        fresh: 'rules',
        rules: [
          {
            when: { field: 'spec.mode', is: 'sidecar' },
            status: 'healthy',
            reason: 'Sidecar',
            message: 'it runs inside of other pods',
          },
          {
            when: { field: 'status.scale.statusReplicas', is: '0/0' },
            status: 'healthy',
            reason: 'ScaledToZero',
            message: 'it has no replicas to run',
          },
          {
            when: { field: 'status.scale.statusReplicas', startsWith: '0/' },
            status: 'degraded',
            reason: 'NoneReady',
            message: '{status.scale.statusReplicas} replicas are ready',
          },
          {
            when: [
              { field: 'status.scale.statusReplicas', contains: '/' },
              { number: 'status.scale.statusReplicas', below: 1 },
            ],
            status: 'progressing',
            reason: 'NotReady',
            message: '{status.scale.statusReplicas} replicas are ready',
          },
          {
            when: { field: 'status.scale.statusReplicas' },
            status: 'healthy',
            message: '{status.scale.statusReplicas} replicas are ready',
          },
          {
            when: [{ field: 'spec.mode', is: 'daemonset' }, { field: 'status.version' }],
            status: 'healthy',
            reason: 'OnEveryNode',
            message: 'it runs on every node',
          },
        ],
        otherwise: WAITING,
      },
      { kinds: ['Instrumentation'], about: 'configuration', ...STORED },
      {
        kinds: ['OpAMPBridge'],
        about: 'version',
        rules: [{ when: { field: 'status.version' }, status: 'healthy' }],
        otherwise: WAITING,
      },
    ],
  },
];
