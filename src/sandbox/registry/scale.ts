import { isJsonObject, own, type Json, type JsonObject, type MutableJsonObject } from '../../core/json.ts';
import { child, copyObject, metaOf, nameOf, textOf, type Stored } from '../object.ts';
import { readAsType } from '../schema/go-json.ts';
import type { ScalePaths } from '../schema/resource.ts';
import { formatSelector } from '../schema/selectors.ts';
import { badRequest, conflict, invalid, MODIFIED, pathNotFound } from '../status.ts';
import type { RequestContext } from './context.ts';
import type { RegistryState, Target, WriteResult } from './state.ts';
import { getObject, updateObject } from './write.ts';

function at(object: Json | undefined, path: readonly string[]): Json | undefined {
  let current = object;
  for (const step of path) current = own(current, step);
  return current;
}

function pathsOf(target: Target): ScalePaths {
  const paths = target.version.scale;
  if (paths === undefined) throw pathNotFound();
  return paths;
}

/** The `Scale` view of an object. */
function scaleOf(object: Stored, target: Target): JsonObject {
  const paths = pathsOf(target);
  const replicas = at(object, paths.specReplicas);
  const meta = metaOf(object);
  const selector =
    paths.labelSelector === undefined
      ? target.resource.kind === 'ReplicationController'
        ? formatSelector({ matchLabels: own(own(object, 'spec'), 'selector') ?? {} })
        : formatSelector(own(own(object, 'spec'), 'selector'))
      : at(object, paths.labelSelector);
  const kept: MutableJsonObject = {};
  for (const key of ['name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp'])
    if (own(meta, key) !== undefined) kept[key] = own(meta, key) as string;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: kept,
    spec: typeof replicas === 'number' && replicas !== 0 ? { replicas } : {},
    status: {
      replicas: Number(at(object, paths.statusReplicas) ?? 0),
      ...(typeof selector === 'string' && selector !== '' ? { selector } : {}),
    },
  };
}

export function getScale(state: RegistryState, target: Target): JsonObject {
  return scaleOf(getObject(state, target), target);
}

/** Writes the number of replicas through the `Scale` view. @throws ApiError */
export function updateScale(
  state: RegistryState,
  target: Target,
  context: RequestContext,
  change: (current: JsonObject) => Json,
): WriteResult {
  const paths = pathsOf(target);
  const result = updateObject(state, target, context, (current) => {
    const body = change(scaleOf(current, target));
    if (!isJsonObject(body)) throw badRequest('expected a Scale');
    const scale = readAsType(body, 'autoscaling.v1.Scale', 'Scale in version "v1" cannot be handled as a Scale').object;
    const name = nameOf(scale);
    if (name !== '' && name !== nameOf(current))
      throw badRequest(`the name of the object (${name}) does not match the name on the URL (${nameOf(current)})`);
    const version = textOf(metaOf(scale), 'resourceVersion');
    if (version !== '' && version !== textOf(metaOf(current), 'resourceVersion'))
      throw conflict(target.resource, target.name, MODIFIED);
    const replicas = Number(own(own(scale, 'spec'), 'replicas') ?? 0);
    if (replicas < 0)
      throw invalid({ group: 'autoscaling', plural: 'scales', kind: 'Scale' }, nameOf(current), [
        {
          field: 'spec.replicas',
          reason: 'FieldValueInvalid',
          message: `Invalid value: ${replicas}: must be greater than or equal to 0`,
        },
      ]);
    const next = copyObject(current);
    let parent = next;
    for (const step of paths.specReplicas.slice(0, -1)) parent = child(parent, step);
    const last = paths.specReplicas.at(-1);
    if (last !== undefined) parent[last] = replicas;
    return next;
  });
  return { ...result, object: scaleOf(result.object, target) };
}
