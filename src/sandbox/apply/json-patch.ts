import jsonPatch, { type Operation } from 'fast-json-patch';
import { isJsonObject, own, type Json, type MutableJson, type MutableJsonObject } from '../../core/json.ts';
import { copyOf } from '../object.ts';
import { ApiError, badRequest } from '../status.ts';

/** Applies an RFC 6902 patch to a copy. @throws ApiError 400 for a patch that is none, 422 where it does not fit the object */
export function applyJsonPatch(object: Json, patch: Json): MutableJson {
  if (!Array.isArray(patch))
    throw badRequest('error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  if (patch.length > 10_000)
    throw new ApiError(
      413,
      'RequestEntityTooLarge',
      `The allowed maximum operations in a JSON patch is 10000, got ${patch.length}`,
    );
  try {
    return jsonPatch.applyPatch(copyOf(object), copyOf(patch) as unknown as Operation[], true).newDocument;
  } catch {
    // The API server does not say which operation it was, so neither the message nor the details do.
    throw new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  }
}

/** Applies an RFC 7386 merge patch; parts are shared with the inputs. */
export function applyMergePatch(value: Json | undefined, patch: Json, depth = 0): MutableJson {
  if (depth > 400) throw badRequest('merge patch is nested too deeply');
  if (!isJsonObject(patch)) return patch as MutableJson;
  const out: MutableJsonObject = Object.create(null) as MutableJsonObject;
  if (isJsonObject(value))
    for (const key of Object.keys(value))
      if (!Object.hasOwn(patch, key) && value[key] !== undefined) out[key] = value[key] as MutableJson;
  for (const key of Object.keys(patch)) {
    const item = patch[key];
    if (item === null || item === undefined) continue;
    out[key] = applyMergePatch(own(value, key), item, depth + 1);
  }
  return out;
}
