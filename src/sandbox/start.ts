import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { JsonObject } from '../core/json.ts';
import { wallClock, type Clock } from './clock.ts';
import type { Behaviour } from './controllers/behaviours.ts';
import { ControllerLoop, type FailureListener } from './controllers/controller.ts';
import { apiControllers, simulationControllers } from './controllers/all.ts';
import { Faults, type FaultRule } from './faults/faults.ts';
import { Handler } from './http/handler.ts';
import { ApiServer } from './http/server.ts';
import { DEFAULT_ADMISSION } from './registry/admission.ts';
import { ServiceAllocator } from './registry/allocate.ts';
import { ALLOW_ALL, rbacAuthorizer, type Authorizer } from './registry/authorize.ts';
import type { Admission, RegistryState } from './registry/state.ts';
import { Catalog } from './schema/catalog.ts';
import { seedCluster, seedSimulation, type NodeShape } from './seed.ts';
import { loadSnapshot, SnapshotWriter } from './store/snapshot.ts';
import { Store } from './store/store.ts';

export interface SandboxOptions {
  /** 0 or absent: a free one. Always on 127.0.0.1. */
  readonly port?: number;
  /** Ordinary nodes: a number (32 cpu, 128Gi), or their shapes. Default 3. */
  readonly nodes?: number | readonly NodeShape[];
  /** GPU nodes (96 cpu, 1Ti, 8 `nvidia.com/gpu`) besides them. */
  readonly gpuNodes?: number;
  readonly gpusPerNode?: number;
  /** Keeps the state in this folder, so that the next start goes on from it. */
  readonly dataDir?: string;
  readonly clock?: Clock;
  readonly faults?: readonly FaultRule[];
  /** False: only what the API server itself does (no workloads, scheduler, kubelet, garbage collection). */
  readonly controllers?: boolean;
  /** Plays the controllers of custom kinds. */
  readonly behaviours?: readonly Behaviour[];
  /** `rbac`: the cluster's own roles decide on impersonated users; a function decides itself; default: everything is allowed. */
  readonly authorization?: 'rbac' | Authorizer;
  /** Further admission plugins, after the built-in ones. */
  readonly admission?: readonly Admission[];
  readonly onFailure?: FailureListener;
  /** How long a simulated pod takes to become ready. Default 200. */
  readonly readyAfterMs?: number;
}

export interface Sandbox {
  /** Without the token: requests need it as `Authorization: Bearer`. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  readonly faults: Faults;
  /** The state behind the API, for tests that want to look or meddle directly. */
  readonly state: RegistryState;
  kubeconfig(): JsonObject;
  /** Ends all open watches: as a timeout does, or by cutting their connections. */
  dropWatches(cut?: boolean): void;
  /** Forgets the past: watches and pages from before now are answered with 410. */
  compact(): void;
  close(): Promise<void>;
}

const SUFFIX_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

function nodeShapes(options: SandboxOptions): NodeShape[] {
  const given = options.nodes ?? 3;
  const plain: NodeShape[] =
    typeof given === 'number'
      ? Array.from({ length: given }, (_, index) => ({
          name: `node-${index + 1}`,
          cpu: '32',
          memory: '128Gi',
          extra: {},
          labels: {},
          taints: [],
        }))
      : [...given];
  for (let index = 1; index <= (options.gpuNodes ?? 0); index++)
    plain.push({
      name: `gpu-${index}`,
      cpu: '96',
      memory: '1Ti',
      extra: { 'nvidia.com/gpu': String(options.gpusPerNode ?? 8) },
      labels: {},
      taints: [],
    });
  return plain;
}

/** Starts an embedded Kubernetes API server with a simulated cluster behind it. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const clock = options.clock ?? wallClock;
  const store = new Store();
  const catalog = new Catalog();
  const faults = new Faults();
  for (const rule of options.faults ?? []) faults.add(rule);
  const state: RegistryState = {
    store,
    catalog,
    clock,
    services: new ServiceAllocator(),
    admission: [...DEFAULT_ADMISSION, ...(options.admission ?? [])],
    newUid: randomUUID,
    newSuffix: () => Array.from({ length: 5 }, () => SUFFIX_LETTERS[randomInt(SUFFIX_LETTERS.length)]).join(''),
  };
  const simulated = options.controllers !== false;
  const controllers = [
    ...apiControllers(),
    ...(simulated
      ? simulationControllers({ behaviours: options.behaviours ?? [], readyAfterMs: options.readyAfterMs ?? 200 })
      : []),
  ];
  const restored = options.dataDir !== undefined && (await loadSnapshot(options.dataDir, state));
  const loop = new ControllerLoop({ state, clock }, controllers, options.onFailure ?? (() => undefined));
  if (restored) loop.resync();
  else {
    seedCluster(state);
    if (simulated) seedSimulation(state, nodeShapes(options));
  }
  const writer = options.dataDir === undefined ? undefined : new SnapshotWriter(options.dataDir, store, clock);
  const authorize: Authorizer =
    options.authorization === 'rbac' ? rbacAuthorizer(store) : (options.authorization ?? ALLOW_ALL);
  const token = randomBytes(18).toString('base64url');
  const handler = new Handler({ state, authorize, token });
  const server = new ApiServer({ token, faults, clock, handler });
  const port = await server.listen(options.port ?? 0);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    token,
    faults,
    state,
    kubeconfig: () => kubeconfigOf(url, token),
    dropWatches: (cut = false) => handler.watches.drop(cut),
    compact: () => {
      store.compact();
      handler.lister.forget();
    },
    close: async () => {
      loop.close();
      await server.close();
      await writer?.close();
    },
  };
}

function kubeconfigOf(url: string, token: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    // kubectl sends no token over plain HTTP, so that the address carries it as well.
    clusters: [{ name: 'sandbox', cluster: { server: `${url}/${token}` } }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'sandbox', context: { cluster: 'sandbox', user: 'admin', namespace: 'default' } }],
    'current-context': 'sandbox',
  };
}
