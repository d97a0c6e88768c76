import type { KubeObject } from '../../src/core/object-key.ts';
import { untouched, type RunningPass, type Tracked } from '../../src/controller/service/tracked.ts';
import { anApplication } from './an-application.ts';

/** An Application that the service knows and never looked at; overrides win. */
export function aTracked(overrides: Partial<Tracked> = {}): Tracked {
  const application = anApplication();
  const object: KubeObject = {
    apiVersion: 'evenkeel.dev/v1alpha1',
    kind: 'Application',
    metadata: { ...application.name, uid: 'uid', resourceVersion: '1', generation: 1 },
  };
  return { ...untouched(application.name, object), application, ...overrides };
}

export function aPass(overrides: Partial<RunningPass> = {}): RunningPass {
  return {
    stop: new AbortController(),
    done: Promise.resolve(),
    waits: Promise.resolve(),
    resolved: Promise.resolve(),
    waiting: false,
    commitId: undefined,
    supersededBy: undefined,
    judged: false,
    ...overrides,
  };
}
