import type { Application, DeletionBudget, GitRef, IgnoreRule, SyncRules } from '../core/application.ts';
import { EngineError } from '../core/errors.ts';
import { isJsonObject, stringAt, type Json } from '../core/json.ts';
import type { RenderSettings } from '../core/manifest.ts';
import { applicationDocument, type ApplicationSpec } from './application-schema.ts';
import { parseDuration } from './duration.ts';

const DEFAULT_INTERVAL_MS = 60_000;
/** Below this a timer only burns requests: webhooks and watches are faster than any poll. */
const MIN_INTERVAL_MS = 5_000;
const DEFAULT_WAVE_TIMEOUT_MS = 5 * 60_000;

/**
 * A written Application with defaults filled in and durations in milliseconds.
 *
 * @param defaultNamespace namespace of the document when it names none
 * @throws EngineError ConfigInvalid that lists everything wrong, NotSupported for `spec.rollouts`
 */
export function resolveApplication(document: Json, defaultNamespace: string, where = 'Application'): Application {
  const subject = isJsonObject(document)
    ? `${where} ${stringAt(document, 'metadata', 'name') ?? '(without name)'}`
    : where;
  const parsed = applicationDocument.safeParse(document);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => {
      const path = issue.path.map(String).join('.');
      return path === '' ? issue.message : `${path} ${issue.message}`;
    });
    const rollouts = parsed.error.issues.some((issue) => issue.path[1] === 'rollouts');
    throw new EngineError(
      rollouts ? 'NotSupported' : 'ConfigInvalid',
      `${subject} cannot be read (${rollouts ? 'NotSupported' : 'Invalid'}): ${problems.join('; ')}`,
      {
        data: { problems },
        remedy: rollouts ? 'remove spec.rollouts' : 'see the Application reference in the README',
      },
    );
  }
  const { metadata, spec } = parsed.data;
  const namespace = metadata.namespace ?? defaultNamespace;
  const { git } = spec.source;
  refuseCredentials(git.url, subject);
  return {
    name: { namespace, name: metadata.name },
    source: {
      git: {
        url: git.url,
        ref: resolveRef(git.ref),
        path: normalizePath(git.path ?? ''),
        ...(git.credentials === undefined ? {} : { credentialsSecret: git.credentials.secretName }),
        ...(git.verify === undefined
          ? {}
          : { verify: { secret: git.verify.secretName, mode: git.verify.mode ?? 'head' } }),
      },
    },
    intervalMs: Math.max(MIN_INTERVAL_MS, durationOf(spec.interval, DEFAULT_INTERVAL_MS)),
    render: resolveRender(spec),
    destination: {
      cluster: spec.destination?.cluster ?? 'in-cluster',
      namespace: spec.destination?.namespace ?? namespace,
      ...(spec.destination?.serviceAccountName === undefined
        ? {}
        : { serviceAccountName: spec.destination.serviceAccountName }),
    },
    sync: resolveSync(spec.sync),
    dependsOn: (spec.dependsOn ?? []).map((other) => ({ name: other.name, namespace: other.namespace ?? namespace })),
    ignore: (spec.ignore ?? []).map(resolveIgnore),
    healthRules: (spec.health?.rules ?? []) as readonly Json[],
    historyLimit: spec.historyLimit ?? 20,
    suspended: spec.suspend ?? false,
    deletionPolicy: spec.deletionPolicy ?? 'prune',
  };
}

/** A URL with a password in it would end in logs and status; credentials come from a Secret. */
function refuseCredentials(url: string, subject: string): void {
  const match = /^[a-z][a-z0-9+.-]*:\/\/([^/@]*)@/i.exec(url);
  if (match === null || (!(match[1] ?? '').includes(':') && /^ssh:/i.test(url))) return;
  throw new EngineError(
    'ConfigInvalid',
    `${subject} cannot be read (CredentialsInUrl): spec.source.git.url holds a user or password`,
    {
      remedy: 'name a Secret with username and password, or token, in spec.source.git.credentials.secretName',
    },
  );
}

function resolveRef(ref: ApplicationSpec['source']['git']['ref']): GitRef {
  if (ref?.branch !== undefined) return { kind: 'branch', name: ref.branch };
  if (ref?.tag !== undefined) return { kind: 'tag', name: ref.tag };
  if (ref?.semver !== undefined) return { kind: 'semver', range: ref.semver };
  if (ref?.commit !== undefined) return { kind: 'commit', id: ref.commit };
  return { kind: 'head' };
}

function resolveRender({ render }: ApplicationSpec): RenderSettings {
  if (render?.plain !== undefined) return { kind: 'plain', recurse: render.plain.recurse ?? true };
  if (render?.kustomize !== undefined) return { kind: 'kustomize' };
  if (render?.helm === undefined) return { kind: 'auto' };
  const { helm } = render;
  return {
    kind: 'helm',
    includeCrds: helm.includeCRDs ?? true,
    ...defined({
      releaseName: helm.releaseName,
      valueFiles: helm.valueFiles,
      values: helm.values,
      set: helm.set,
      kubeVersion: helm.kubeVersion,
      apiVersions: helm.apiVersions,
      skipSchemaValidation: helm.skipSchemaValidation,
      repositoryCredentials: helm.repositoryCredentials,
      postRender: helm.postRender === undefined ? undefined : defined(helm.postRender),
    }),
  };
}

/** Without the fields that nobody wrote. */
function defined<T extends object>(written: T): { [Field in keyof T]?: Exclude<T[Field], undefined> } {
  return Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined)) as never;
}

function resolveSync(sync: ApplicationSpec['sync']): SyncRules {
  return {
    mode: sync?.mode ?? 'automatic',
    prune: sync?.prune ?? true,
    selfHeal: sync?.selfHeal ?? true,
    maxDeletions: resolveBudget(sync?.maxDeletions),
    conflicts: sync?.conflicts ?? 'fail',
    immutable: sync?.immutable ?? 'fail',
    adopt: sync?.adopt ?? false,
    createNamespace: sync?.createNamespace ?? false,
    waveTimeoutMs: durationOf(sync?.waveTimeout, DEFAULT_WAVE_TIMEOUT_MS),
  };
}

function resolveBudget(written: string | number | undefined): DeletionBudget {
  if (written === undefined) return { kind: 'percent', percent: 30 };
  return typeof written === 'number'
    ? { kind: 'count', count: written }
    : { kind: 'percent', percent: Number(written.slice(0, -1)) };
}

function resolveIgnore(rule: NonNullable<ApplicationSpec['ignore']>[number]): IgnoreRule {
  const { paths, managers, ...selector } = rule;
  const chosen = Object.fromEntries(Object.entries(selector).filter(([, value]) => value !== undefined));
  return { ...chosen, paths: paths ?? [], managers: managers ?? [] };
}

function durationOf(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : (parseDuration(text) ?? otherwise);
}

function normalizePath(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}
