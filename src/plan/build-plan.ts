import { formatApplicationName, type Application } from '../core/application.ts';
import type { ObjectDiff } from '../core/diff.ts';
import type { EngineError } from '../core/errors.ts';
import { listAt, stringAt } from '../core/json.ts';
import type { Live } from '../core/live.ts';
import type { HookPhase, Manifest } from '../core/manifest.ts';
import { compareKeys, describeKey, formatKey, type ObjectKey } from '../core/object-key.ts';
import type { Plan, PlanCounts, Refusal, Step, Wave } from '../core/plan.ts';
import { withoutSubject } from '../core/subject.ts';
import type { ApplicationState } from '../core/state.ts';
import { readDirectives, type Directives } from './annotations.ts';
import { guardDeletionBudget, guardEmptyRender, type PlanOverrides } from './guards.ts';
import { isProtectedKind } from './kind-order.ts';
import { digestPlan } from './plan-digest.ts';
import { planPrune, type Leftover } from './prune.ts';
import { describeCycle, rankObjects } from './order-steps.ts';
import { hookWaves, namespaceWave, pruneWaves, syncWaves, type RankedStep } from './waves.ts';

/** One rendered object with what the cluster says of it. */
export interface Desired {
  readonly manifest: Manifest;
  readonly diff: ObjectDiff;
  readonly live: Live;
  /** `namespace/name` of the application whose label the live object carries. */
  readonly owner?: string;
  /** The tool whose marks the live object carries (`Argo CD application shop`), when it is not ours yet. */
  readonly foreignTool?: string;
  /** Fields in other hands were ours before: they are taken back. */
  readonly takesBack?: boolean;
}

export interface PlanInput {
  readonly application: Application;
  readonly commitId: string;
  readonly manifestDigest: string;
  readonly desired: readonly Desired[];
  /** Inventory keys that are not rendered any more. */
  readonly leftovers: readonly Leftover[];
  readonly state: ApplicationState;
  readonly overrides: PlanOverrides;
  /** Kinds that the cluster does not know and that no CRD of this set defines, with the reason. */
  readonly unknownKinds: ReadonlyMap<string, string>;
  /** Owners that still claim an object: key → application. Only these are foreign; a released object can be taken. */
  readonly ownedElsewhere: ReadonlyMap<string, string>;
  /** The application is being deleted: its hooks of that moment run, and no others. */
  readonly deleting?: 'preDelete' | 'postDelete';
}

/**
 * Orders what has to be done, and says what will not be done and why.
 *
 * @returns a plan whose steps are disjoint and complete: every desired object is in one wave or named by a refusal, every leftover
 * is in a prune wave or kept with a reason. With a refusal of scope `plan` nothing of it may be applied.
 * @throws never
 */
export function buildPlan(input: PlanInput): Plan {
  const { application, state, overrides } = input;
  const firstInstall = state.current === undefined && state.inventory.length === 0;
  const refusals: Refusal[] = [];
  const warnings: string[] = [];
  const steps: { readonly step: Step; readonly directives: Directives }[] = [];
  const hooks: Step[] = [];
  const claims: ObjectKey[] = [];
  const inventory: ObjectKey[] = [];
  const ownedIds = new Set(state.inventory.map(formatKey));
  const ending = endingNamespaces(input.desired);
  let synced = 0;

  for (const desired of input.desired) {
    const { key } = desired.manifest;
    const directives = readDirectives(desired.manifest.object, firstInstall);
    for (const problem of directives.problems) warnings.push(`${describeKey(key)}: ${problem}`);
    const force = application.sync.conflicts === 'force' || directives.force || desired.takesBack === true;
    const replace = application.sync.immutable === 'replace' || directives.replace;
    const hookPhases = phasesOf(directives, input.deleting);
    const alsoSynced = input.deleting === undefined && directives.hook?.phases.includes('sync') === true;
    if (directives.hook !== undefined && (hookPhases.length > 0 || !alsoSynced)) {
      for (const phase of hookPhases) {
        hooks.push({
          key,
          action: 'hook',
          diff: desired.diff,
          manifest: desired.manifest,
          hook: {
            phase,
            deletePolicies: directives.hook.deletePolicies,
            weight: directives.hook.weight || directives.wave,
          },
        });
      }
      continue;
    }
    synced += 1;
    const unknownKind = input.unknownKinds.get(formatKey(key));
    const owner = input.ownedElsewhere.get(formatKey(key));
    const owned = ownedIds.has(formatKey(key));
    if (owner !== undefined) claims.push(key);
    const refusal = refuseStep(desired, {
      unknownKind,
      owner,
      owned,
      adopt: application.sync.adopt || overrides.adopt,
      replace: replace && !isProtectedKind(key),
      ending,
    });
    if (refusal !== undefined) {
      refusals.push(refusal);
      // What was ours stays in the inventory: not being able to look at it does not end the ownership.
      if (owned) inventory.push(key);
      continue;
    }
    inventory.push(key);
    const action = desired.diff.action;
    if (action === 'delete' || action === 'unknown') continue;
    steps.push({
      step: {
        key,
        action,
        diff: desired.diff,
        manifest: desired.manifest,
        ...(force ? { force } : {}),
        ...(replace ? { replace } : {}),
      },
      directives,
    });
  }

  const pruned = planPrune({
    leftovers: input.leftovers,
    application: formatApplicationName(application.name),
    enabled: application.sync.prune,
    blocked: refusals.length > 0,
    confirmDeletions: overrides.confirmDeletions,
  });
  refusals.push(...pruned.refusals);
  refusals.push(...guardEmptyRender(synced, state.inventory, overrides));
  const deletions = pruned.steps.map((step) => step.key);
  if (!refusals.some((refusal) => refusal.guard === 'EmptyRender')) {
    refusals.push(...guardDeletionBudget(deletions, state.inventory.length, application.sync.maxDeletions, overrides));
  }
  inventory.push(...pruned.steps.map((step) => step.key), ...pruned.stillOwned);

  const ranking = rankObjects(
    steps.map(({ step, directives }) => ({ key: step.key, wave: directives.wave, dependsOn: directives.dependsOn })),
  );
  let ranked: RankedStep[] = [];
  if (ranking.kind === 'cycle') {
    refusals.push({
      guard: 'DependencyCycle',
      scope: 'plan',
      message: `objects depend on each other in a circle: ${describeCycle(ranking.keys)}`,
      keys: ranking.keys,
      override: 'remove one of the config.kubernetes.io/depends-on annotations',
    });
  } else {
    ranked = steps.map(({ step }) => ({
      step,
      rank: ranking.ranks.get(formatKey(step.key)) ?? { wave: 0, tier: 0, depth: 0 },
    }));
  }
  const due = input.deleting !== undefined || hooksDue(input);
  const done = new Set((state.hooks?.manifestDigest === input.manifestDigest ? state.hooks.done : []).map(formatKey));
  const dueHooks = due ? hooks.filter((hook) => !done.has(formatKey(hook.key))) : [];
  const laterHooks = dueHooks.some((hook) => hook.hook?.phase === 'post');
  const early = ranked.filter(({ step }) => isHomeOfHooks(step, dueHooks));
  const sync = syncWaves(
    ranked.filter((one) => !early.includes(one)),
    pruned.steps.length > 0 || laterHooks,
  );
  const waves: Wave[] = [
    ...namespaceWave(early.map(({ step }) => step)),
    ...hookWaves(dueHooks, 'pre'),
    ...sync,
    ...pruneWaves(pruned.steps),
    ...hookWaves(dueHooks, 'post'),
  ];
  const counts = countSteps(waves);
  const plan = {
    application: formatApplicationName(application.name),
    commitId: input.commitId,
    manifestDigest: input.manifestDigest,
    waves,
    refusals,
    kept: pruned.kept,
    inventory: uniqueKeys(inventory),
    claims: uniqueKeys(claims),
    failHooks: due ? hooks.filter((hook) => hook.hook?.phase === 'fail') : [],
    warnings,
    counts,
  };
  return { ...plan, digest: digestPlan(plan) };
}

/** When a hook runs in this plan. Around a deletion its hooks stand where those of a sync would. */
function phasesOf({ hook }: Directives, deleting: PlanInput['deleting']): readonly HookPhase[] {
  if (hook === undefined) return [];
  if (deleting === undefined) return hook.phases.filter((phase) => phase !== 'sync');
  return hook.phases.includes(deleting) ? [deleting === 'preDelete' ? 'pre' : 'post'] : [];
}

/** A namespace that is made by this plan and that a hook before the sync runs in. */
function isHomeOfHooks(step: Step, hooks: readonly Step[]): boolean {
  const { key } = step;
  if (key.group !== '' || key.kind !== 'Namespace' || step.action !== 'create') return false;
  return hooks.some((hook) => hook.hook?.phase === 'pre' && hook.key.namespace === key.name);
}

/** Whether a plan would do nothing at all. */
export function isEmptyPlan(plan: Plan): boolean {
  const { create, update, adopt, recreate, delete: deletions, hooks } = plan.counts;
  return create + update + adopt + recreate + deletions + hooks === 0;
}

export function refusesAll(plan: Plan): boolean {
  return plan.refusals.some((refusal) => refusal.scope === 'plan');
}

/** Hooks belong to a rendered set: they run when another set than the one last completed is applied, not when drift is mended. */
function hooksDue(input: PlanInput): boolean {
  const { current } = input.state;
  return current === undefined || !current.complete || current.manifestDigest !== input.manifestDigest;
}

interface StepFacts {
  readonly unknownKind: string | undefined;
  readonly owner: string | undefined;
  readonly owned: boolean;
  readonly adopt: boolean;
  readonly replace: boolean;
  readonly ending: ReadonlyMap<string, string>;
}

/** Namespaces of this set that are being deleted, with the time since when: nothing can be created in them. */
function endingNamespaces(desired: readonly Desired[]): Map<string, string> {
  const ending = new Map<string, string>();
  for (const { manifest, live } of desired) {
    if (manifest.key.kind !== 'Namespace' || manifest.key.group !== '' || live.state !== 'present') continue;
    const since = stringAt(live.object, 'metadata', 'deletionTimestamp');
    if (since !== undefined) ending.set(manifest.key.name, since);
  }
  return ending;
}

function refuseStep(desired: Desired, facts: StepFacts): Refusal | undefined {
  const { key } = desired.manifest;
  const subject = describeKey(key);
  const namespace = key.kind === 'Namespace' && key.group === '' ? key.name : key.namespace;
  const since = facts.ending.get(namespace);
  if (since !== undefined && (desired.diff.action !== 'unchanged' || key.namespace === '')) {
    return {
      guard: 'NamespaceTerminating',
      scope: 'step',
      message: `${subject} cannot be applied: namespace ${namespace} is being deleted since ${since}`,
      keys: [key],
      override: `wait until namespace ${namespace} is gone (its status says what it waits for), then sync again`,
    };
  }
  if (facts.unknownKind !== undefined) {
    return {
      guard: 'UnknownKind',
      scope: 'step',
      message: `${subject}: ${facts.unknownKind}`,
      keys: [key],
      override: 'install the CustomResourceDefinition, or correct apiVersion and kind',
    };
  }
  if (facts.owner !== undefined) {
    return {
      guard: 'ForeignOwner',
      scope: 'step',
      message: `${subject} belongs to application ${facts.owner}`,
      keys: [key],
      override: `remove it from ${facts.owner}: that application then hands it over without deleting it`,
    };
  }
  if (desired.foreignTool !== undefined && !facts.owned && !facts.adopt) {
    return {
      guard: 'ForeignOwner',
      scope: 'step',
      message: `${subject} is managed by ${desired.foreignTool}`,
      keys: [key],
      override: 'stop the other tool for this object, then sync with --adopt or set sync.adopt: true',
    };
  }
  if (desired.diff.action === 'recreate' && !facts.replace) {
    return {
      guard: 'ImmutableField',
      scope: 'step',
      message: `${subject} cannot be updated: ${whyOf(desired.diff.error, subject) ?? 'an immutable field changed'}`,
      keys: [key],
      override: isProtectedKind(key)
        ? 'undo the change, or delete and create the object by hand'
        : 'undo the change, or allow delete and create with sync.immutable: replace or the annotation evenkeel.dev/immutable: replace',
    };
  }
  if (desired.live.state === 'unknown' || desired.diff.action === 'unknown') {
    const error = desired.live.state === 'unknown' ? desired.live.error : desired.diff.error;
    return {
      guard: 'UnknownState',
      scope: 'step',
      message: `${subject} could not be compared: ${whyOf(error, subject) ?? 'the cluster gave no answer'}`,
      keys: [key],
      override: error?.remedy ?? 'sync again when the cluster answers',
    };
  }
  return undefined;
}

/** The structured causes of a refusal where the server gave them, else its words. */
function whyOf(error: EngineError | undefined, subject: string): string | undefined {
  if (error === undefined) return undefined;
  const causes = listAt(error.data, 'causes').flatMap((cause) => {
    const message = stringAt(cause, 'message') ?? '';
    const field = stringAt(cause, 'field') ?? '';
    return message === '' ? [] : [field === '' ? message : `${field}: ${message}`];
  });
  return causes.length === 0 ? withoutSubject(error.message, subject) : causes.slice(0, 5).join('; ');
}

function countSteps(waves: readonly Wave[]): PlanCounts {
  const counts = { create: 0, update: 0, adopt: 0, recreate: 0, delete: 0, unchanged: 0, hooks: 0 };
  for (const wave of waves) {
    for (const step of wave.steps) {
      if (step.action === 'hook') counts.hooks += 1;
      else counts[step.action] += 1;
    }
  }
  return counts;
}

function uniqueKeys(keys: readonly ObjectKey[]): ObjectKey[] {
  return [...new Map(keys.map((key) => [formatKey(key), key])).values()].sort(compareKeys);
}
