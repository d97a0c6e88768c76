import type { KubeObject } from '../../src/core/object-key.ts';
import type { RunningPass, Tracked } from '../../src/controller/service/tracked.ts';
import { anApplication } from './an-application.ts';

/** An Application that the service knows and never looked at; overrides win. */
export function aTracked(overrides: Partial<Tracked> = {}): Tracked {
  const application = anApplication();
  const object: KubeObject = {
    apiVersion: 'evenkeel.dev/v1alpha1',
    kind: 'Application',
    metadata: { ...application.name, uid: 'uid', resourceVersion: '1', generation: 1 },
  };
  return {
    name: application.name,
    id: `${application.name.namespace}/${application.name.name}`,
    label: `${application.name.namespace}.${application.name.name}`,
    object,
    application,
    problem: undefined,
    wanted: undefined,
    notBeforeMs: 0,
    wantedAtMs: 0,
    pass: undefined,
    lastPassMs: undefined,
    failures: 0,
    settled: undefined,
    completeDigest: undefined,
    suspects: new Map(),
    meddlers: new Map(),
    inventory: [],
    findings: undefined,
    complaint: undefined,
    health: undefined,
    troubledSinceMs: undefined,
    blockedBy: [],
    history: [],
    ...overrides,
  };
}

export function aPass(overrides: Partial<RunningPass> = {}): RunningPass {
  return {
    stop: new AbortController(),
    done: Promise.resolve(),
    waits: Promise.resolve(),
    waiting: false,
    commitId: undefined,
    supersededBy: undefined,
    ...overrides,
  };
}
