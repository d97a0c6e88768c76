import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connectCluster } from '../../src/cluster/client.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import type { Cluster } from '../../src/core/ports.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import { freePorts } from '../doubles/free-port.ts';

const SCRIPT = resolve('../shared/envtest/cluster');

/** The API server's, two of etcd, the simulator's. */
const PORTS = 4;

const NODE = { group: '', version: 'v1', kind: 'Node' } as const;
/** Nodes are given up after 50 seconds. */
const HEARTBEAT_MS = 8000;

/** A real control plane with its controllers, and simulated nodes. */
export interface SimulatedCluster {
  readonly kubeconfig: string;
  /** A client of its administrator. */
  readonly cluster: Cluster;
  readonly close: () => Promise<void>;
}

/** Why none can be started here; undefined when one can. */
export function simulatedClusterMissing(): string | undefined {
  if ((process.env['KUBEBUILDER_ASSETS'] ?? '') === '') return 'KUBEBUILDER_ASSETS is not set';
  return existsSync(SCRIPT) ? undefined : 'the cluster script is not beside the checkout';
}

export async function startSimulatedCluster(nodes: number, gpuNodes: number): Promise<SimulatedCluster> {
  const home = mkdtempSync(join(tmpdir(), 'evenkeel-cluster-'));
  const [port] = await freePorts(PORTS);
  const args = ['up', home, '--port', String(port), '--nodes', String(nodes), '--gpu-nodes', String(gpuNodes)];
  const kubeconfig = execFileSync(SCRIPT, args, { encoding: 'utf8' }).trim().split('\n').at(-1) ?? '';
  const connection = await loadKubeconfig({ clock: systemClock, env: {}, homeFolder: home, path: kubeconfig });
  const cluster = connectCluster(connection, { clock: systemClock });
  await beat(cluster);
  const beating = setInterval(() => void beat(cluster), HEARTBEAT_MS);
  return {
    kubeconfig,
    cluster,
    close: async () => {
      clearInterval(beating);
      await cluster.close();
      execFileSync(SCRIPT, ['down', home]);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/**
 * Keeps the nodes' leases, as kubelets do. The simulator tells of a node every ten minutes at most; after fifty seconds of silence the node
 * controller takes every pod on it for lost, and nothing that is simulated makes them ready again.
 */
async function beat(cluster: Cluster): Promise<void> {
  const nodes = await cluster.list(NODE, { namespace: '' }).catch(() => []);
  const renewTime = new Date().toISOString().replace('Z', '000Z');
  await Promise.allSettled(
    nodes.map(async ({ metadata: { name } }) =>
      cluster.apply(
        {
          apiVersion: 'coordination.k8s.io/v1',
          kind: 'Lease',
          metadata: { name, namespace: 'kube-node-lease' },
          spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime },
        },
        { fieldManager: 'kubelet', force: true },
      ),
    ),
  );
}
