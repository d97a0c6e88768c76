import type { GroupRules } from './form.ts';
import { READY_RULES, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: ['cert-manager.io', 'certmanager.k8s.io'],
    project: 'cert-manager',
    kinds: [
      {
        kinds: ['Certificate'],
        about: 'Issuing first, then Ready',
        rules: [
          { when: { condition: 'Issuing', is: 'True' }, status: 'progressing' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          {
            when: {
              condition: 'Ready',
              is: 'False',
              reason: ['DoesNotExist', 'InProgress', 'Pending', 'OrderProcessing'],
            },
            status: 'progressing',
          },
          { when: { condition: 'Ready', is: 'False', message: 'Issuing certificate as' }, status: 'progressing' },
          { when: { condition: 'Ready', is: 'False' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['CertificateRequest'],
        about: 'Ready with its reason; Denied, InvalidRequest',
        rules: [
          { when: { condition: ['Denied', 'InvalidRequest'], is: 'True' }, status: 'degraded' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Ready', is: 'False', reason: ['Failed', 'Denied'] }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      { kinds: ['Issuer', 'ClusterIssuer'], about: 'Ready', rules: READY_RULES, otherwise: WAITING },
    ],
  },
  {
    group: 'acme.cert-manager.io',
    project: 'cert-manager',
    kinds: [
      {
        kinds: ['Order', 'Challenge'],
        about: 'state',
        rules: [
          { when: { field: 'status.state', is: ['valid', 'ready'] }, status: 'healthy' },
          { when: { field: 'status.state', is: ['invalid', 'expired', 'errored'] }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'trust.cert-manager.io',
    project: 'trust-manager',
    kinds: [
      {
        kinds: ['Bundle', 'ClusterBundle'],
        about: 'Synced',
        rules: [
          { when: { condition: 'Synced', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Synced', is: 'False' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'networking.gke.io',
    project: 'Google Kubernetes Engine',
    kinds: [
      {
        kinds: ['ManagedCertificate'],
        about: 'the certificate and every domain of it',
        rules: [
          {
            when: { field: 'status.domainStatus.*.status', startsWith: ['Failed'] },
            status: 'degraded',
            message: 'a domain of the certificate: {value}',
          },
          {
            when: {
              field: 'status.certificateStatus',
              is: ['ProvisioningFailed', 'ProvisioningFailedPermanently', 'RenewalFailed'],
            },
            status: 'degraded',
          },
          { when: { field: 'status.certificateStatus', is: 'Active' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['GCPBackendPolicy', 'HealthCheckPolicy', 'GCPGatewayPolicy'],
        about: 'Attached',
        rules: [
          { when: { condition: 'Attached', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Attached', is: 'False' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];
