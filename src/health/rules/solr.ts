import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'solr.apache.org',
    project: 'Solr operator',
    kinds: [
      {
        kinds: ['SolrCloud'],
        about: 'ready and up-to-date nodes',
        rules: [
          {
            when: { some: 'status.solrNodes.*', where: { field: 'ready', not: true } },
            status: 'progressing',
            reason: 'NotReady',
            message: 'node {name} is not ready',
          },
          {
            when: { number: 'status.readyReplicas', below: 'spec.replicas' },
            status: 'progressing',
            reason: 'NotReady',
            message: '{status.readyReplicas} of {spec.replicas} nodes are ready',
          },
          { when: { number: 'status.replicas', below: 'spec.replicas' }, status: 'progressing', reason: 'Scaling' },
          {
            when: { number: 'status.replicas', above: 'status.readyReplicas' },
            status: 'progressing',
            reason: 'NotReady',
          },
          {
            when: { field: 'status.targetVersion' },
            status: 'progressing',
            reason: 'Upgrading',
            message: 'version {status.version} becomes {status.targetVersion}',
          },
        ],
        otherwise: { status: 'healthy', message: 'all nodes are ready' },
      },
      {
        kinds: ['SolrBackup'],
        about: 'finished and successful',
        rules: [
          { when: { field: 'status.successful', is: true }, status: 'healthy' },
          { when: { field: 'status.finished', is: true }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['SolrPrometheusExporter'],
        about: 'ready',
        rules: [{ when: { field: 'status.ready', is: true }, status: 'healthy' }],
        otherwise: WAITING,
      },
    ],
  },
];
