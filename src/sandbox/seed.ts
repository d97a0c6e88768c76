import type { JsonObject } from '../core/json.ts';
import { systemContext } from './registry/context.ts';
import type { RegistryState } from './registry/state.ts';
import { createObject } from './registry/write.ts';
import { storageVersionOf } from './schema/resource.ts';

export interface NodeShape {
  readonly name: string;
  readonly cpu: string;
  readonly memory: string;
  /** Amounts of further resources: `{"nvidia.com/gpu": "8"}`. */
  readonly extra: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly JsonObject[];
}

const NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease', 'default'];
const SYSTEM_CLASSES: readonly (readonly [string, number, string])[] = [
  [
    'system-cluster-critical',
    2_000_000_000,
    'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  ],
  [
    'system-node-critical',
    2_000_001_000,
    'Used for system critical pods that must not be moved from their current node.',
  ],
];

function put(state: RegistryState, group: string, plural: string, namespace: string, body: JsonObject): void {
  const resource = state.catalog.find(group, plural);
  if (resource === undefined) return;
  createObject(
    state,
    { resource, version: storageVersionOf(resource), namespace, name: '', subresource: '' },
    body,
    systemContext('kube-apiserver'),
  );
}

/** What every cluster has before anybody applies anything. */
export function seedCluster(state: RegistryState): void {
  for (const name of NAMESPACES) put(state, '', 'namespaces', '', { metadata: { name } });
  for (const [name, value, description] of SYSTEM_CLASSES)
    put(state, 'scheduling.k8s.io', 'priorityclasses', '', { metadata: { name }, value, description });
  put(state, '', 'services', 'default', {
    metadata: { name: 'kubernetes', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: { clusterIP: '10.0.0.1', ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }] },
  });
}

/** The class and the nodes of the simulation. */
export function seedSimulation(state: RegistryState, nodes: readonly NodeShape[]): void {
  put(state, 'storage.k8s.io', 'storageclasses', '', {
    metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'sandbox.evenkeel.dev/volumes',
    allowVolumeExpansion: true,
  });
  for (const node of nodes) {
    const amounts = { cpu: node.cpu, memory: node.memory, pods: '110', ...node.extra };
    put(state, '', 'nodes', '', {
      metadata: {
        name: node.name,
        labels: {
          'kubernetes.io/hostname': node.name,
          'kubernetes.io/os': 'linux',
          'kubernetes.io/arch': 'amd64',
          ...node.labels,
        },
      },
      spec: node.taints.length > 0 ? { taints: node.taints } : {},
      status: { capacity: amounts, allocatable: amounts },
    });
  }
}
