import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'gateway.networking.k8s.io',
    project: 'Gateway API',
    kinds: [
      {
        kinds: ['GatewayClass'],
        about: 'Accepted of the present generation',
        rules: [
          {
            when: { condition: 'Accepted', is: 'False', reason: ['Waiting', 'Pending'] },
            status: 'progressing',
            cause: 'environment',
          },
          { when: { condition: 'Accepted', is: 'False' }, status: 'degraded' },
          { when: { condition: 'Accepted', is: 'True' }, status: 'healthy' },
        ],
        otherwise: { status: 'progressing', cause: 'environment' },
      },
      {
        kinds: ['Gateway', 'XListenerSet', 'ListenerSet'],
        about:
          'Accepted, ResolvedRefs and Programmed of itself and of every listener, as far as they speak of the present generation',
        rules: [
          {
            when: {
              some: 'status.conditions.*',
              where: [
                { current: true },
                { field: 'type', is: ['Accepted', 'ResolvedRefs'] },
                { field: 'status', is: 'False' },
                { field: 'reason', not: ['Pending', 'Waiting'] },
              ],
            },
            status: 'degraded',
          },
          {
            when: {
              some: 'status.listeners.*.conditions.*',
              where: [
                { current: true },
                { field: 'type', is: ['Accepted', 'ResolvedRefs'] },
                { field: 'status', is: 'False' },
                { field: 'reason', not: 'Pending' },
              ],
            },
            status: 'degraded',
            message: 'a listener: {message}',
          },
          {
            when: {
              some: 'status.listeners.*.conditions.*',
              where: [{ current: true }, { field: 'type', is: 'Conflicted' }, { field: 'status', is: 'True' }],
            },
            status: 'degraded',
            message: 'a listener: {message}',
          },
          {
            when: {
              some: 'status.conditions.*',
              where: [
                { current: true },
                { field: 'type', is: 'Programmed' },
                { field: 'status', is: 'False' },
                { field: 'reason', is: ['Invalid', 'AddressNotUsable'] },
              ],
            },
            status: 'degraded',
          },
          {
            when: {
              some: 'status.conditions.*',
              where: [
                { current: true },
                { field: 'type', is: ['Accepted', 'Programmed', 'ResolvedRefs'] },
                { field: 'status', not: 'True' },
              ],
            },
            status: 'progressing',
          },
          {
            when: {
              some: 'status.listeners.*.conditions.*',
              where: [
                { current: true },
                { field: 'type', is: ['Accepted', 'Programmed', 'ResolvedRefs'] },
                { field: 'status', not: 'True' },
              ],
            },
            status: 'progressing',
            message: 'a listener: {message}',
          },
          {
            when: {
              some: 'status.conditions.*',
              where: [
                { current: true },
                { field: 'type', is: ['Programmed', 'Accepted'] },
                { field: 'status', is: 'True' },
              ],
            },
            status: 'healthy',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'],
        about: 'Accepted and ResolvedRefs of every parent, as far as they speak of the present generation',
        rules: [
          {
            when: {
              some: 'status.parents.*.conditions.*',
              where: [
                { current: true },
                { field: 'type', is: ['Accepted', 'ResolvedRefs'] },
                { field: 'status', is: 'False' },
                { field: 'reason', not: ['Pending', 'Waiting'] },
              ],
            },
            status: 'degraded',
          },
          {
            when: {
              some: 'status.parents.*.conditions.*',
              where: [{ current: true }, { field: 'type', is: 'PartiallyInvalid' }, { field: 'status', is: 'True' }],
            },
            status: 'degraded',
          },
          {
            when: {
              some: 'status.parents.*.conditions.*',
              where: [
                { current: true },
                { field: 'type', is: ['Accepted', 'ResolvedRefs', 'Programmed'] },
                { field: 'status', not: 'True' },
              ],
            },
            status: 'progressing',
          },
          {
            when: {
              some: 'status.parents.*.conditions.*',
              where: [{ current: true }, { field: 'type', is: 'Accepted' }],
            },
            status: 'healthy',
            message: 'all parents accepted it',
          },
        ],
        otherwise: { status: 'progressing', reason: 'NoParent', message: 'no parent has answered yet' },
      },
      {
        kinds: ['BackendTLSPolicy', 'BackendLBPolicy', 'XBackendTrafficPolicy'],
        about: 'Accepted and ResolvedRefs of every ancestor, as far as they speak of the present generation',
        rules: [
          {
            when: {
              some: 'status.ancestors.*.conditions.*',
              where: [
                { current: true },
                { field: 'type', is: ['Accepted', 'ResolvedRefs'] },
                { field: 'status', is: 'False' },
                // Every gateway controller answers; one that does not know the target may not be the one in charge.
                { field: 'reason', not: 'TargetNotFound' },
              ],
            },
            status: 'degraded',
          },
          {
            when: {
              some: 'status.ancestors.*.conditions.*',
              where: [
                { current: true },
                { field: 'type', is: ['Accepted', 'ResolvedRefs'] },
                { field: 'status', not: 'True' },
                { field: 'reason', not: 'TargetNotFound' },
              ],
            },
            status: 'progressing',
          },
          {
            when: {
              some: 'status.ancestors.*.conditions.*',
              where: [{ current: true }, { field: 'type', is: 'Accepted' }, { field: 'status', is: 'True' }],
            },
            status: 'healthy',
            message: 'it is accepted',
          },
          {
            when: {
              some: 'status.ancestors.*.conditions.*',
              where: [{ current: true }, { field: 'reason', is: 'TargetNotFound' }],
            },
            status: 'degraded',
          },
        ],
        otherwise: WAITING,
      },
      { kinds: ['ReferenceGrant'], about: 'configuration', ...STORED },
    ],
  },
  {
    group: ['inference.networking.k8s.io', 'inference.networking.x-k8s.io'],
    project: 'Gateway API inference extension',
    kinds: [
      {
        kinds: ['InferencePool'],
        about: 'Accepted and ResolvedRefs of every parent',
        rules: [
          {
            when: {
              some: ['status', 'parents', '*', 'conditions', '*'],
              where: [
                { current: true },
                { field: 'type', is: ['Accepted', 'ResolvedRefs'] },
                { field: 'status', is: 'False' },
              ],
            },
            status: 'degraded',
          },
          {
            when: {
              some: ['status', 'parent', '*', 'conditions', '*'],
              where: [
                { current: true },
                { field: 'type', is: ['Accepted', 'ResolvedRefs'] },
                { field: 'status', is: 'False' },
              ],
            },
            status: 'degraded',
          },
          {
            when: {
              any: [
                {
                  some: 'status.parents.*.conditions.*',
                  where: [{ current: true }, { field: 'type', is: 'Accepted' }, { field: 'status', is: 'True' }],
                },
                {
                  some: 'status.parent.*.conditions.*',
                  where: [{ current: true }, { field: 'type', is: 'Accepted' }, { field: 'status', is: 'True' }],
                },
              ],
            },
            status: 'healthy',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['InferenceModel', 'InferenceObjective'],
        about: 'Accepted',
        rules: [
          { when: { condition: 'Accepted', is: 'False', notReason: 'Pending' }, status: 'degraded' },
          { when: { condition: 'Accepted', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'microgateway.airlock.com',
    project: 'Airlock Microgateway',
    kinds: [
      {
        kinds: ['*'],
        about: 'Accepted and ResolvedRefs of every ancestor of a policy; everything else is configuration',
        fresh: 'rules',
        rules: [
          {
            when: {
              some: 'status.ancestors.*.conditions.*',
              where: [
                { current: true },
                { field: 'type', is: ['Accepted', 'ResolvedRefs'] },
                { field: 'status', is: 'False' },
              ],
            },
            status: 'degraded',
          },
          {
            when: {
              some: 'status.ancestors.*.conditions.*',
              where: [
                { current: true },
                { field: 'type', is: ['Accepted', 'ResolvedRefs'] },
                { field: 'status', not: 'True' },
              ],
            },
            status: 'progressing',
          },
          {
            when: {
              some: 'status.ancestors.*.conditions.*',
              where: [{ current: true }, { field: 'type', is: 'Accepted' }],
            },
            status: 'healthy',
          },
          {
            when: { field: 'kind', endsWith: 'Policy' },
            status: 'progressing',
            reason: 'NoAncestor',
            message: 'no gateway has answered yet',
          },
        ],
        otherwise: { status: 'healthy', reason: 'Current', message: 'it is in use as soon as it is stored' },
      },
    ],
  },
];
