import type { Json } from '../../src/core/json.ts';
import { describeKey, keyOf, type KubeObject } from '../../src/core/object-key.ts';
import type { Plan } from '../../src/core/plan.ts';
import { EMPTY_STATE, type ApplicationState } from '../../src/core/state.ts';
import { buildPlan, type Desired, type PlanInput } from '../../src/plan/build-plan.ts';
import { NO_OVERRIDES } from '../../src/plan/guards.ts';
import type { Leftover } from '../../src/plan/prune.ts';
import { anApplication } from './an-application.ts';

interface ObjectOptions {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly namespace?: string;
  readonly annotations?: Record<string, string>;
  readonly extra?: Record<string, Json>;
}

export function anObject(name: string, options: ObjectOptions = {}): KubeObject {
  const { kind = 'ConfigMap', apiVersion = 'v1', namespace = 'shop', annotations, extra } = options;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === '' ? {} : { namespace }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    ...extra,
  };
}

export function created(object: KubeObject): Desired {
  const key = keyOf(object);
  return {
    manifest: { key, object, origin: { path: 'a.yaml' } },
    diff: { key, action: 'create', changes: [] },
    live: { state: 'absent' },
  };
}

export function unchanged(object: KubeObject): Desired {
  const key = keyOf(object);
  return {
    manifest: { key, object, origin: { path: 'a.yaml' } },
    diff: { key, action: 'unchanged', changes: [] },
    live: { state: 'present', object },
  };
}

export function leftover(object: KubeObject, extra: Partial<Leftover> = {}): Leftover {
  return { key: keyOf(object), live: { state: 'present', object }, managed: true, owner: 'default/demo', ...extra };
}

export function owning(...objects: KubeObject[]): ApplicationState {
  return { ...EMPTY_STATE, inventory: objects.map(keyOf) };
}

export function plan(input: Partial<PlanInput>): Plan {
  return buildPlan({
    application: anApplication(),
    commitId: 'c'.repeat(40),
    manifestDigest: 'sha256:1',
    desired: [],
    leftovers: [],
    state: EMPTY_STATE,
    overrides: NO_OVERRIDES,
    unknownKinds: new Map(),
    ownedElsewhere: new Map(),
    ...input,
  });
}

/** What a plan does, in order. */
export const order = (built: Plan): string[] =>
  built.waves.flatMap((wave) => wave.steps.map((step) => describeKey(step.key)));
