import { isJsonObject, own, type Json, type JsonObject, type MutableJsonObject } from '../../core/json.ts';
import { copyObject, setDefault, textOf } from '../object.ts';
import { defaultCustom, pruneCustom } from '../schema/custom.ts';
import { applyDefaults } from '../schema/defaults/by-kind.ts';
import { emptyOfType, readAsType } from '../schema/go-json.ts';
import { apiVersionOf, type Resource, type ServedVersion } from '../schema/resource.ts';
import { badRequest } from '../status.ts';
import type { RequestContext } from './context.ts';

function cannotHandle(resource: Resource, version: ServedVersion): string {
  return `${resource.kind} in version ${JSON.stringify(version.version)} cannot be handled as a ${resource.kind}`;
}

/**
 * Reads a body as an object of a version: the form that the server's types give it, with unknown fields treated as the request asks.
 * @throws ApiError 400
 */
export function decodeObject(
  body: Json | undefined,
  resource: Resource,
  version: ServedVersion,
  context: Pick<RequestContext, 'fieldValidation' | 'warnings'>,
): MutableJsonObject {
  if (!isJsonObject(body)) throw badRequest(`${cannotHandle(resource, version)}: json: cannot unmarshal into Go value`);
  checkKind(body, resource, version);
  let object: MutableJsonObject;
  let unknown: readonly string[];
  if (version.typeName !== undefined)
    ({ object, unknownFields: unknown } = readAsType(body, version.typeName, cannotHandle(resource, version)));
  else {
    object = copyObject(body);
    const meta = own(body, 'metadata') ?? {};
    const read = readAsType(isJsonObject(meta) ? meta : {}, 'meta.v1.ObjectMeta', cannotHandle(resource, version));
    object['metadata'] = read.object;
    unknown = [...read.unknownFields.map((field) => `metadata.${field}`), ...pruneCustom(object, version.schema)];
  }
  reportUnknown(unknown, cannotHandle(resource, version), version.typeName !== undefined, context);
  object['apiVersion'] = apiVersionOf(resource.group, version.version);
  object['kind'] = resource.kind;
  return object;
}

function checkKind(body: JsonObject, resource: Resource, version: ServedVersion): void {
  const kind = textOf(body, 'kind');
  const apiVersion = textOf(body, 'apiVersion');
  const expected = apiVersionOf(resource.group, version.version);
  if ((kind !== '' && kind !== resource.kind) || (apiVersion !== '' && apiVersion !== expected))
    throw badRequest(
      version.typeName === undefined || (kind === resource.kind && apiVersion !== expected)
        ? `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`
        : `${kind} in version ${JSON.stringify(apiVersion.slice(apiVersion.indexOf('/') + 1))} cannot be handled as a ${resource.kind}: no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme`,
    );
}

/** Unknown fields: an error, a warning or nothing. */
function reportUnknown(
  unknown: readonly string[],
  what: string,
  builtin: boolean,
  context: Pick<RequestContext, 'fieldValidation' | 'warnings'>,
): void {
  if (unknown.length === 0 || context.fieldValidation === 'Ignore') return;
  const texts = unknown.map((field) => `unknown field ${JSON.stringify(field)}`);
  if (context.fieldValidation === 'Warn') context.warnings.push(...texts);
  else throw badRequest(`${builtin ? `${what}: ` : ''}strict decoding error: ${texts.join(', ')}`);
}

/** Fills in the defaults of a version. */
export function fillDefaults(object: MutableJsonObject, resource: Resource, version: ServedVersion): void {
  if (version.typeName !== undefined) applyDefaults(resource.group, resource.kind, object);
  else defaultCustom(object, version.schema);
}

/** An object with nothing set, as a first write is compared with. */
export function emptyObject(resource: Resource, version: ServedVersion): MutableJsonObject {
  const object =
    version.typeName === undefined ? (Object.create(null) as MutableJsonObject) : emptyOfType(version.typeName);
  setDefault(object, 'metadata', {});
  object['apiVersion'] = apiVersionOf(resource.group, version.version);
  object['kind'] = resource.kind;
  return object;
}
