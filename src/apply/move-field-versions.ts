import { listAt, stringAt, isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { gvkOf, keyOf, parseApiVersion, type KubeObject } from '../core/object-key.ts';
import type { Cluster } from '../core/ports.ts';

/**
 * Moves the records of who owns what (`managedFields`) that stand at another version of the object's group to the version that Git has.
 * The server compares each record at its own version; where a definition gained fields in a newer version, the older schema does not
 * know them and every apply is refused ("field not declared in schema"). Values do not change.
 *
 * @returns whether there was anything to move
 * @throws EngineError ClusterUnreachable, ClusterDenied, ClusterRejected when the object changed meanwhile
 */
export async function moveFieldVersions(cluster: Cluster, object: KubeObject, signal: AbortSignal): Promise<boolean> {
  const live = await cluster.get(gvkOf(object), keyOf(object), signal);
  if (live.state === 'unknown') throw live.error;
  if (live.state === 'absent') return false;
  const entries = listAt(live.object, 'metadata', 'managedFields');
  const next = withVersion(entries, object.apiVersion);
  if (next === undefined) return false;
  const body: JsonObject[] = [
    {
      op: 'test',
      path: '/metadata/resourceVersion',
      value: stringAt(live.object, 'metadata', 'resourceVersion') ?? '',
    },
    { op: 'replace', path: '/metadata/managedFields', value: next },
  ];
  await cluster.patch(gvkOf(object), keyOf(object), { type: 'json', body }, { signal });
  return true;
}

/** The entries with those of other versions of the same group at this one; undefined when there are none. */
export function withVersion(entries: readonly Json[], apiVersion: string): Json[] | undefined {
  const { group } = parseApiVersion(apiVersion);
  let moved = false;
  const next = entries.map((entry): Json => {
    const version = stringAt(entry, 'apiVersion');
    if (version === undefined || version === apiVersion || !isJsonObject(entry)) return entry;
    if (parseApiVersion(version).group !== group) return entry;
    moved = true;
    return { ...entry, apiVersion };
  });
  return moved ? next : undefined;
}
