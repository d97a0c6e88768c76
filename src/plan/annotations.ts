import { stringAt } from '../core/json.ts';
import type { HookPhase } from '../core/manifest.ts';
import type { KubeObject, ObjectKey } from '../core/object-key.ts';

/** Conventions that people already have in their manifests, read as input (Argo CD, Flux, Helm, cli-utils) beside our own names. */
export interface Directives {
  readonly wave: number;
  readonly hook: Hook | undefined;
  /** `never`: the object stays when Git drops it. `confirm`: only with an explicit word. */
  readonly prune: 'always' | 'never' | 'confirm';
  /** An immutable change may delete and create this object. */
  readonly replace: boolean;
  /** Conflicting fields are taken from their manager. */
  readonly force: boolean;
  readonly dependsOn: readonly ObjectKey[];
  /** Annotation values that could not be read, for the plan's warnings. */
  readonly problems: readonly string[];
}

export interface Hook {
  readonly phases: readonly HookPhase[];
  readonly weight: number;
  readonly deletePolicies: readonly HookDeletePolicy[];
}

export type HookDeletePolicy = 'beforeCreation' | 'succeeded' | 'failed';

const ARGO_PHASES: Readonly<Record<string, HookPhase>> = {
  PreSync: 'pre',
  Sync: 'sync',
  PostSync: 'post',
  SyncFail: 'fail',
  PreDelete: 'preDelete',
  PostDelete: 'postDelete',
  Skip: 'skip',
};

const DELETE_POLICIES: Readonly<Record<string, HookDeletePolicy>> = {
  BeforeHookCreation: 'beforeCreation',
  HookSucceeded: 'succeeded',
  HookFailed: 'failed',
  'before-hook-creation': 'beforeCreation',
  'hook-succeeded': 'succeeded',
  'hook-failed': 'failed',
};

function words(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/**
 * Reads the directives of one object.
 *
 * @param firstInstall whether nothing of the application was ever applied: Helm's `pre-install` then runs, `pre-upgrade` does not
 */
export function readDirectives(object: KubeObject, firstInstall: boolean): Directives {
  const problems: string[] = [];
  const annotation = (name: string): string | undefined => stringAt(object, 'metadata', 'annotations', name);
  const options = words(annotation('argocd.argoproj.io/sync-options'));
  const prune = annotation('evenkeel.dev/prune');
  if (prune !== undefined && !['always', 'never', 'confirm'].includes(prune)) {
    problems.push(`annotation evenkeel.dev/prune is ${quote(prune)}; it takes always, never or confirm`);
  }
  const never =
    prune === 'never' ||
    options.includes('Prune=false') ||
    annotation('kustomize.toolkit.fluxcd.io/prune') === 'disabled' ||
    words(annotation('helm.sh/resource-policy')).includes('keep') ||
    annotation('client.lifecycle.config.k8s.io/deletion') === 'detach';
  const confirm = prune === 'confirm' || options.includes('Prune=confirm');
  return {
    wave: readInteger(annotation('evenkeel.dev/wave') ?? annotation('argocd.argoproj.io/sync-wave'), 'wave', problems),
    hook: readHook(annotation, firstInstall, problems),
    prune: never ? 'never' : confirm ? 'confirm' : 'always',
    replace:
      annotation('evenkeel.dev/immutable') === 'replace' ||
      options.includes('Replace=true') ||
      annotation('kustomize.toolkit.fluxcd.io/force') === 'enabled',
    force: annotation('evenkeel.dev/conflicts') === 'force',
    dependsOn: readDependencies(annotation('config.kubernetes.io/depends-on'), problems),
    problems,
  };
}

function readHook(
  annotation: (name: string) => string | undefined,
  firstInstall: boolean,
  problems: string[],
): Hook | undefined {
  const own = annotation('evenkeel.dev/hook');
  const argo = annotation('argocd.argoproj.io/hook');
  const helm = annotation('helm.sh/hook');
  if (own === undefined && argo === undefined && helm === undefined) return undefined;
  const phases: HookPhase[] = [];
  for (const word of words(own)) {
    if (['pre', 'sync', 'post', 'fail', 'preDelete', 'postDelete', 'skip'].includes(word))
      phases.push(word as HookPhase);
    else problems.push(`annotation evenkeel.dev/hook names ${quote(word)}, which is no phase`);
  }
  if (own === undefined) {
    for (const word of words(argo)) {
      const phase = Object.hasOwn(ARGO_PHASES, word) ? ARGO_PHASES[word] : undefined;
      if (phase === undefined)
        problems.push(`annotation argocd.argoproj.io/hook names ${quote(word)}, which is no phase`);
      else phases.push(phase);
    }
  }
  if (own === undefined && argo === undefined)
    for (const word of words(helm)) phases.push(helmPhase(word.toLowerCase(), firstInstall, problems));
  const policies = words(
    annotation('evenkeel.dev/hook-delete-policy') ??
      annotation('argocd.argoproj.io/hook-delete-policy') ??
      annotation('helm.sh/hook-delete-policy'),
  );
  const deletePolicies: HookDeletePolicy[] = [];
  for (const word of policies) {
    const policy = Object.hasOwn(DELETE_POLICIES, word) ? DELETE_POLICIES[word] : undefined;
    if (policy === undefined) problems.push(`hook delete policy ${quote(word)} is not known`);
    else deletePolicies.push(policy);
  }
  return {
    phases: phases.length > 0 ? [...new Set(phases)] : ['skip'],
    weight: readInteger(annotation('helm.sh/hook-weight'), 'helm.sh/hook-weight', problems),
    // Helm and Argo CD both replace the object of an earlier run when nothing is said.
    deletePolicies: deletePolicies.length > 0 ? deletePolicies : ['beforeCreation'],
  };
}

/** Helm's events in terms of ours; a first installation runs the install hooks, every later sync the upgrade hooks. Tests never run by themselves. */
function helmPhase(word: string, firstInstall: boolean, problems: string[]): HookPhase {
  switch (word) {
    case 'pre-install':
      return firstInstall ? 'pre' : 'skip';
    case 'pre-upgrade':
      return firstInstall ? 'skip' : 'pre';
    case 'post-install':
      return firstInstall ? 'post' : 'skip';
    case 'post-upgrade':
      return firstInstall ? 'skip' : 'post';
    case 'pre-delete':
      return 'preDelete';
    case 'post-delete':
      return 'postDelete';
    case 'pre-rollback':
    case 'post-rollback':
    case 'test':
    case 'test-success':
      return 'skip';
    case 'crd-install':
      return 'pre';
    default:
      problems.push(`annotation helm.sh/hook names ${quote(word)}, which is no event of Helm`);
      return 'skip';
  }
}

/** `group/namespaces/ns/Kind/name` or `group/Kind/name` (group empty for core), comma-separated: the form of cli-utils. */
function readDependencies(text: string | undefined, problems: string[]): ObjectKey[] {
  const found: ObjectKey[] = [];
  for (const word of words(text)) {
    const parts = word.split('/');
    if (parts.length === 5 && parts[1] === 'namespaces') {
      found.push({ group: parts[0] ?? '', namespace: parts[2] ?? '', kind: parts[3] ?? '', name: parts[4] ?? '' });
    } else if (parts.length === 3) {
      found.push({ group: parts[0] ?? '', namespace: '', kind: parts[1] ?? '', name: parts[2] ?? '' });
    } else {
      problems.push(
        `annotation config.kubernetes.io/depends-on: ${quote(word)} is not group/namespaces/NAMESPACE/KIND/NAME`,
      );
    }
  }
  return found;
}

function readInteger(text: string | undefined, what: string, problems: string[]): number {
  if (text === undefined) return 0;
  if (/^[+-]?\d{1,9}$/.test(text.trim())) return Number(text);
  problems.push(`annotation ${what} is ${quote(text)}, not a whole number; 0 is used`);
  return 0;
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
