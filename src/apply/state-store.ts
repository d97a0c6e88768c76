import { gunzipSync, gzipSync } from 'node:zlib';
import type { ApplicationName } from '../core/application.ts';
import { EngineError, isEngineError, messageOf } from '../core/errors.ts';
import { at, isJsonObject, listAt, own, stableJson, stringAt, type Json } from '../core/json.ts';
import { formatKey, parseKey, type KubeObject, type ObjectKey } from '../core/object-key.ts';
import type { Cluster } from '../core/ports.ts';
import { EMPTY_STATE, type ApplicationState, type HeldCommit, type HookProgress } from '../core/state.ts';

const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap' } as const;
/** Marks the ConfigMaps that hold our state; its value says which form. */
export const STATE_LABEL = 'evenkeel.dev/state';
const STATE_FORM = 'v1';
/** etcd takes 1.5 MiB a request and a ConfigMap 1 MiB of data; base64 needs a third more. 10,000 keys take about 150 KiB. */
const MAX_STATE_BYTES = 700 * 1024;
/** A state that unpacks to more than this was not written by us. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

export interface StoredState {
  readonly name: ApplicationName;
  readonly state: ApplicationState;
  /** The Application document, when it does not live in an object of its own. */
  readonly document: Json | undefined;
  /** Precondition of the next write; undefined when nothing is stored. */
  readonly resourceVersion: string | undefined;
}

export function stateNameOf(name: ApplicationName): string {
  return `evenkeel-${name.name}`;
}

/** What is stored of an application; {@link EMPTY_STATE} when nothing is. @throws EngineError Cluster*, StateCorrupt */
export async function readState(cluster: Cluster, name: ApplicationName, signal?: AbortSignal): Promise<StoredState> {
  const live = await cluster.get(CONFIG_MAP, { namespace: name.namespace, name: stateNameOf(name) }, signal);
  if (live.state === 'unknown') throw live.error;
  if (live.state === 'absent') return { name, state: EMPTY_STATE, document: undefined, resourceVersion: undefined };
  return decodeState(name, live.object);
}

/** The states of all applications, of one namespace or of all. Those that cannot be read are left out and named. */
export async function listStates(
  cluster: Cluster,
  options: { readonly namespace?: string; readonly signal?: AbortSignal } = {},
): Promise<{ readonly states: readonly StoredState[]; readonly problems: readonly EngineError[] }> {
  const objects = await cluster.list(CONFIG_MAP, { ...options, labelSelector: `${STATE_LABEL}=${STATE_FORM}` });
  const states: StoredState[] = [];
  const problems: EngineError[] = [];
  for (const object of objects) {
    const name = {
      namespace: stringAt(object, 'metadata', 'namespace') ?? '',
      name: object.metadata.name.replace(/^evenkeel-/, ''),
    };
    try {
      states.push(decodeState(name, object));
    } catch (thrown) {
      if (!isEngineError(thrown)) throw thrown;
      problems.push(thrown);
    }
  }
  return { states, problems };
}

/**
 * Writes a state at the resourceVersion that it was read at.
 *
 * @returns the stored state with its new resourceVersion
 * @throws EngineError StateMoved when somebody else wrote meanwhile; Cluster*
 */
export async function writeState(
  cluster: Cluster,
  before: StoredState,
  next: { readonly state: ApplicationState; readonly document?: Json },
  signal?: AbortSignal,
): Promise<StoredState> {
  const document = next.document ?? before.document;
  const object = encodeState(before.name, next.state, document, before.resourceVersion);
  const options = signal === undefined ? {} : { signal };
  try {
    const written =
      before.resourceVersion === undefined
        ? await cluster.create(object, options)
        : await cluster.replace(object, options);
    return {
      name: before.name,
      state: next.state,
      document,
      resourceVersion: stringAt(written, 'metadata', 'resourceVersion'),
    };
  } catch (thrown) {
    if (isEngineError(thrown, 'ObjectConflict')) {
      throw new EngineError(
        'StateMoved',
        `state of application ${before.name.namespace}/${before.name.name} was not written (StateMoved): another process wrote it first`,
        {
          cause: thrown,
          remedy: 'look at the application again: somebody else is syncing it',
        },
      );
    }
    throw thrown;
  }
}

/** Forgets an application; what it owned must be gone or orphaned before. */
export async function deleteState(cluster: Cluster, stored: StoredState, signal?: AbortSignal): Promise<void> {
  if (stored.resourceVersion === undefined) return;
  await cluster.delete(
    CONFIG_MAP,
    { namespace: stored.name.namespace, name: stateNameOf(stored.name) },
    { resourceVersion: stored.resourceVersion, ...(signal === undefined ? {} : { signal }) },
  );
}

function encodeState(
  name: ApplicationName,
  state: ApplicationState,
  document: Json | undefined,
  resourceVersion: string | undefined,
): KubeObject {
  const packed = gzipSync(stableJson(toJson(state)), { level: 6 });
  if (packed.length > MAX_STATE_BYTES) {
    throw new EngineError(
      'NotSupported',
      `application ${name.namespace}/${name.name} cannot be stored (TooManyObjects): its state takes ${packed.length} bytes packed, ${MAX_STATE_BYTES} fit`,
      {
        remedy: 'split the application',
      },
    );
  }
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: stateNameOf(name),
      namespace: name.namespace,
      labels: { [STATE_LABEL]: STATE_FORM, 'app.kubernetes.io/managed-by': 'evenkeel' },
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    data: {
      objects: String(state.inventory.length),
      ...(state.current === undefined
        ? {}
        : { revision: String(state.current.number), commit: state.current.commitId }),
      ...(document === undefined ? {} : { application: stableJson(document) }),
    },
    binaryData: { state: packed.toString('base64') },
  };
}

function toJson(state: ApplicationState): Json {
  return {
    inventory: state.inventory.map(formatKey),
    held: state.held.map((held) => ({ ...held })),
    claims: state.claims.map(formatKey),
    ...(state.current === undefined ? {} : { current: { ...state.current } }),
    ...(state.pinned === undefined ? {} : { pinned: { ...state.pinned } }),
    ...(state.hooks === undefined ? {} : { hooks: hooksToJson(state.hooks) }),
  };
}

function hooksToJson({ manifestDigest, done, running = [] }: HookProgress): Json {
  return {
    manifestDigest,
    done: done.map(formatKey),
    ...(running.length === 0 ? {} : { running: running.map(({ key, uid }) => ({ key: formatKey(key), uid })) }),
  };
}

function decodeState(name: ApplicationName, object: KubeObject): StoredState {
  const corrupt = (what: string, cause?: unknown): EngineError =>
    new EngineError(
      'StateCorrupt',
      `ConfigMap ${name.namespace}/${stateNameOf(name)} cannot be read (StateCorrupt): ${what}`,
      {
        cause,
        remedy:
          'restore the ConfigMap from a backup; without it nothing is applied or pruned. Deleting it makes the engine start with an empty inventory',
      },
    );
  const packed = stringAt(object, 'binaryData', 'state');
  if (packed === undefined) throw corrupt('it has no binaryData.state');
  let parsed: unknown;
  try {
    parsed = JSON.parse(
      gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: MAX_UNPACKED_BYTES }).toString('utf8'),
    );
  } catch (thrown) {
    throw corrupt(messageOf(thrown), thrown);
  }
  if (!isJsonObject(parsed)) throw corrupt('it is not an object');
  const keys = (value: Json | undefined, what: string): ObjectKey[] => {
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw corrupt(`${what} is not a list`);
    return value.map((item: Json) => {
      const key = typeof item === 'string' ? parseKey(item) : undefined;
      if (key === undefined) throw corrupt(`${what} holds something that is no object key`);
      return key;
    });
  };
  const document = stringAt(object, 'data', 'application');
  const current = own(parsed, 'current');
  const pinned = own(parsed, 'pinned');
  const hooks = own(parsed, 'hooks');
  const state: ApplicationState = {
    inventory: keys(own(parsed, 'inventory'), 'inventory'),
    held: listOfHeld(own(parsed, 'held')),
    claims: keys(own(parsed, 'claims'), 'claims'),
    ...(isJsonObject(current)
      ? { current: { ...readPointer(current), complete: own(current, 'complete') === true } }
      : {}),
    ...(isJsonObject(pinned) ? { pinned: readPointer(pinned) } : {}),
    ...(isJsonObject(hooks)
      ? {
          hooks: {
            manifestDigest: stringAt(hooks, 'manifestDigest') ?? '',
            done: keys(own(hooks, 'done'), 'hooks.done'),
            running: listAt(hooks, 'running').flatMap((item) => {
              const [key] = keys([own(item, 'key') ?? null], 'hooks.running');
              const uid = stringAt(item, 'uid');
              return key === undefined || uid === undefined ? [] : [{ key, uid }];
            }),
          },
        }
      : {}),
  };
  let application: Json | undefined;
  try {
    application = document === undefined ? undefined : (JSON.parse(document) as Json);
  } catch (thrown) {
    throw corrupt('data.application is no JSON', thrown);
  }
  return { name, state, document: application, resourceVersion: stringAt(object, 'metadata', 'resourceVersion') };
}

function readPointer(value: Json): { number: number; commitId: string; manifestDigest: string } {
  const number = at(value, 'number');
  return {
    number: typeof number === 'number' ? number : 0,
    commitId: stringAt(value, 'commitId') ?? '',
    manifestDigest: stringAt(value, 'manifestDigest') ?? '',
  };
}

function listOfHeld(value: Json | undefined): HeldCommit[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: Json): HeldCommit[] => {
    const commitId = stringAt(item, 'commitId');
    if (commitId === undefined) return [];
    return [
      {
        commitId,
        reason: stringAt(item, 'reason') === 'rejected' ? 'rejected' : 'rolledBack',
        by: stringAt(item, 'by') ?? '',
        since: stringAt(item, 'since') ?? '',
      },
    ];
  });
}
