import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'cassandra.rook.io',
    project: 'Rook Cassandra',
    kinds: [
      {
        kinds: ['Cluster'],
        about: 'ready members of every rack',
        rules: [
          {
            when: { some: 'status.racks.*', where: { number: 'readyMembers', below: 'members' } },
            status: 'progressing',
            reason: 'NotReady',
            message: '{readyMembers} of {members} members of a rack are ready',
          },
          { when: { field: 'status.racks' }, status: 'healthy', message: 'all members are ready' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'cassandra.datastax.com',
    project: 'K8ssandra',
    kinds: [
      {
        kinds: ['CassandraDatacenter'],
        about: 'Ready, Stopped, Updating, Valid',
        rules: [
          { when: { condition: 'Valid', is: 'False' }, status: 'degraded' },
          { when: { condition: 'Stopped', is: 'True' }, status: 'suspended' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];
