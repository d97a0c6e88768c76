import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { applyJsonPatch, applyMergePatch } from '../apply/json-patch.ts';
import { applyStrategicPatch } from '../apply/strategic-patch.ts';
import { badRequest, unsupportedMediaType } from '../status.ts';
import type { RequestContext } from './context.ts';
import type { RegistryState, Target, WriteResult } from './state.ts';
import { updateObject } from './write.ts';

export type PatchKind = 'json' | 'merge' | 'strategic';

/** Changes an object by a patch. @throws ApiError */
export function patchObject(
  state: RegistryState,
  target: Target,
  kind: PatchKind,
  patch: Json,
  context: RequestContext,
): WriteResult {
  return updateObject(state, target, context, (current) => patched(current, kind, patch, target));
}

/** What a patch makes of an object. */
export function patched(current: JsonObject, kind: PatchKind, patch: Json, target: Target): Json {
  if (kind === 'json') return applyJsonPatch(current, patch);
  if (!isJsonObject(patch))
    throw badRequest(
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    );
  if (kind === 'merge') return applyMergePatch(current, patch);
  if (target.version.typeName === undefined)
    throw unsupportedMediaType(
      'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    );
  return applyStrategicPatch(current, patch, target.version.type());
}
