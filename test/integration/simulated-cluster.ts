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

const LEASE = { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease' } as const;
const NODE_LEASES = 'kube-node-lease';
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
 * Renews the nodes' leases beside the simulator: on a busy machine its own renewals come late, the node controller then takes every pod
 * for lost, and nothing that is simulated makes them ready again.
 */
async function beat(cluster: Cluster): Promise<void> {
  const leases = await cluster.list(LEASE, { namespace: NODE_LEASES }).catch(() => []);
  const renewTime = new Date().toISOString().replace('Z', '000Z');
  await Promise.allSettled(
    leases.map(async ({ metadata: { name } }) =>
      cluster.patch(LEASE, { namespace: NODE_LEASES, name }, { type: 'merge', body: { spec: { renewTime } } }),
    ),
  );
}
