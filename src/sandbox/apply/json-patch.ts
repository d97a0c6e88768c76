import { isJsonObject, jsonEqual, own, type Json, type MutableJson, type MutableJsonObject } from '../../core/json.ts';
import { copyOf, textOf } from '../object.ts';
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
  let document = copyOf(object);
  for (const operation of patch as readonly Json[]) document = applyOne(document, operation);
  return document;
}

/** The API server does not say which operation it was, so neither the message nor the details do. */
function failed(): ApiError {
  return new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}

function steps(pointer: string): string[] {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw failed();
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function lookup(document: MutableJson, path: readonly string[]): MutableJson | undefined {
  let current: MutableJson | undefined = document;
  for (const step of path) {
    if (Array.isArray(current)) current = /^\d+$/.test(step) ? current[Number(step)] : undefined;
    else current = own(current, step) as MutableJson | undefined;
    if (current === undefined) return undefined;
  }
  return current;
}

function applyOne(document: MutableJson, operation: Json): MutableJson {
  const kind = textOf(operation, 'op');
  const path = steps(textOf(operation, 'path'));
  const value = copyOf(own(operation, 'value') ?? null);
  switch (kind) {
    case 'add':
      return place(document, path, value, true);
    case 'replace':
      if (lookup(document, path) === undefined) throw failed();
      return place(document, path, value, false);
    case 'remove':
      return take(document, path);
    case 'test': {
      const found = lookup(document, path);
      if (!jsonEqual(found ?? null, value)) throw failed();
      return document;
    }
    case 'move':
    case 'copy': {
      const from = textOf(operation, 'from');
      const found = lookup(document, steps(from));
      if (found === undefined) throw failed();
      const moved = copyOf(found);
      return place(kind === 'move' ? take(document, steps(from)) : document, path, moved, true);
    }
    default:
      throw failed();
  }
}

function parentOf(document: MutableJson, path: readonly string[]): MutableJson {
  const parent = lookup(document, path.slice(0, -1));
  if (parent === undefined || typeof parent !== 'object' || parent === null) throw failed();
  return parent;
}

function place(document: MutableJson, path: readonly string[], value: MutableJson, insert: boolean): MutableJson {
  const last = path.at(-1);
  if (last === undefined) return value;
  const parent = parentOf(document, path);
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : Number(last);
    if (!Number.isInteger(index) || index < 0 || index > parent.length) throw failed();
    parent.splice(index, insert ? 0 : 1, value);
  } else Object.defineProperty(parent, last, { value, writable: true, enumerable: true, configurable: true });
  return document;
}

function take(document: MutableJson, path: readonly string[]): MutableJson {
  const last = path.at(-1);
  if (last === undefined) return null;
  if (lookup(document, path) === undefined) throw failed();
  const parent = parentOf(document, path);
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete (parent as MutableJsonObject)[last];
  return document;
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
