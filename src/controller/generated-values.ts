import { randomBytes } from 'node:crypto';
import { formatApplicationName, type ApplicationName } from '../core/application.ts';
import { EngineError, isEngineError } from '../core/errors.ts';
import { isJsonObject, stableJson, stringAt } from '../core/json.ts';
import type { KubeObject } from '../core/object-key.ts';
import type { Cluster } from '../core/ports.ts';
import type { GeneratedValues } from '../core/render-world.ts';

const SECRET = { group: '', version: 'v1', kind: 'Secret' } as const;
const SEED_BYTES = 32;
/** A Secret holds 1 MiB; what no render uses any more goes first. */
const MAX_KEPT_BYTES = 512 * 1024;
const MAX_TRIES = 5;

/**
 * The Secret beside the state of an application: the key of its random values, and the keys and certificates that its charts generated.
 * It is read and written as the application itself: the engine needs no right to make Secrets.
 */
function generatedSecretName(name: ApplicationName): string {
  return `evenkeel-${name.name}-generated`;
}

interface Stored {
  readonly values: GeneratedValues;
  readonly object: KubeObject;
}

/** What charts of an application draw on. The first time that one asks, its key is made. @throws EngineError Cluster*, StateCorrupt */
export async function readGenerated(
  cluster: Cluster,
  name: ApplicationName,
  signal?: AbortSignal,
): Promise<GeneratedValues> {
  return (await readOrCreate(cluster, name, signal)).values;
}

/**
 * Adds what a render made. A value that another process kept meanwhile under the same name stays, unless it is the one that the render
 * replaced.
 * @returns what is kept now
 */
export async function keepGenerated(
  cluster: Cluster,
  name: ApplicationName,
  made: Readonly<Record<string, string>>,
  seen: GeneratedValues,
  signal?: AbortSignal,
): Promise<GeneratedValues> {
  for (let attempt = 1; ; attempt++) {
    const { values, object } = await readOrCreate(cluster, name, signal);
    const kept = new Map(Object.entries(values.kept));
    for (const [key, value] of Object.entries(made)) {
      if (kept.get(key) === undefined || kept.get(key) === seen.kept[key]) {
        // To the end: the oldest go first.
        kept.delete(key);
        kept.set(key, value);
      }
    }
    const next: GeneratedValues = { seed: values.seed, kept: bounded(kept) };
    try {
      await cluster.replace({ ...object, data: encode(next) }, signal === undefined ? {} : { signal });
      return next;
    } catch (thrown) {
      if (!isEngineError(thrown, 'ObjectConflict') || attempt >= MAX_TRIES) throw thrown;
    }
  }
}

/** Forgets them with the application. */
export async function deleteGenerated(cluster: Cluster, name: ApplicationName, signal?: AbortSignal): Promise<void> {
  const options = signal === undefined ? {} : { signal };
  await cluster.delete(SECRET, { namespace: name.namespace, name: generatedSecretName(name) }, options);
}

async function readOrCreate(cluster: Cluster, name: ApplicationName, signal: AbortSignal | undefined): Promise<Stored> {
  const ref = { namespace: name.namespace, name: generatedSecretName(name) };
  for (let attempt = 1; ; attempt++) {
    const live = await cluster.get(SECRET, ref, signal);
    if (live.state === 'unknown') throw live.error;
    if (live.state === 'present') return { values: decode(live.object, name), object: live.object };
    const values: GeneratedValues = { seed: randomBytes(SEED_BYTES).toString('base64'), kept: {} };
    const object: KubeObject = {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'evenkeel.dev/generated',
      metadata: { ...ref, labels: { 'app.kubernetes.io/managed-by': 'evenkeel' } },
      data: encode(values),
    };
    try {
      return { values, object: await cluster.create(object, signal === undefined ? {} : { signal }) };
    } catch (thrown) {
      if (!isEngineError(thrown, 'ObjectConflict') || attempt >= MAX_TRIES) throw thrown;
    }
  }
}

function bounded(kept: ReadonlyMap<string, string>): Record<string, string> {
  const newestFirst = [...kept].reverse();
  const result: [string, string][] = [];
  let bytes = 0;
  for (const [key, value] of newestFirst) {
    bytes += key.length + value.length;
    if (bytes > MAX_KEPT_BYTES) break;
    result.push([key, value]);
  }
  return Object.fromEntries(result.reverse());
}

function encode({ seed, kept }: GeneratedValues): { readonly [key: string]: string } {
  const coded = (text: string): string => Buffer.from(text).toString('base64');
  return { seed: coded(seed), kept: coded(JSON.stringify(kept)) };
}

function decode(object: KubeObject, name: ApplicationName): GeneratedValues {
  const read = (key: string): string => Buffer.from(stringAt(object, 'data', key) ?? '', 'base64').toString('utf8');
  const seed = read('seed');
  const kept = parse(read('kept'));
  if (seed === '' || kept === undefined) {
    throw new EngineError(
      'StateCorrupt',
      `Secret ${name.namespace}/${generatedSecretName(name)} of application ${formatApplicationName(name)} cannot be read (StateCorrupt): it holds no seed and kept values`,
      { remedy: 'restore it from a backup; deleting it makes charts generate new passwords, keys and certificates' },
    );
  }
  return { seed, kept };
}

function parse(text: string): Record<string, string> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value)) return undefined;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, typeof item === 'string' ? item : stableJson(item ?? null)]),
    );
  } catch {
    return undefined;
  }
}
