import type { JsonObject } from '../../src/core/json.ts';
import type { KubeObject } from '../../src/core/object-key.ts';

/** A time some seconds before or after the `NOW` of these tests. */
export const NOW = Date.parse('2026-03-01T12:00:00Z');
export function ago(seconds: number): string {
  return new Date(NOW - seconds * 1000).toISOString().replace('.000Z', 'Z');
}

export function object(apiVersion: string, kind: string, name: string, rest: JsonObject = {}): KubeObject {
  const { metadata, ...others } = rest;
  return {
    apiVersion,
    kind,
    ...others,
    metadata: { name, namespace: 'shop', ...(metadata as JsonObject | undefined) },
  };
}

export function condition(type: string, status: string, reason?: string, message?: string, seconds = 60): JsonObject {
  return {
    type,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    lastTransitionTime: ago(seconds),
  };
}

/** A pod of ReplicaSet `web-1`, scheduled, with one container `web` in the given state. */
export function pod(name: string, status: JsonObject, spec: JsonObject = {}, metadata: JsonObject = {}): KubeObject {
  return object('v1', 'Pod', name, {
    metadata: {
      labels: { app: 'web' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'rs-1', controller: true }],
      creationTimestamp: ago(120),
      ...metadata,
    },
    spec: { nodeName: 'node-1', containers: [{ name: 'web', image: 'shop/web:2' }], ...spec },
    status: { phase: 'Running', ...status },
  });
}

export function containerStatus(state: JsonObject, rest: JsonObject = {}): JsonObject {
  return { containerStatuses: [{ name: 'web', image: 'shop/web:2', ready: false, restartCount: 0, state, ...rest }] };
}

export function readyPod(name: string): KubeObject {
  return pod(name, {
    conditions: [condition('Ready', 'True')],
    ...containerStatus({ running: { startedAt: ago(60) } }, { ready: true, started: true }),
  });
}
