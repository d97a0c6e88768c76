import { z } from 'zod';
import { isJsonObject, own, type Json, type JsonObject, type MutableJsonObject } from '../core/json.ts';

/** A rule in CEL that the API server checks, with what it says when it does not hold. */
interface Rule {
  readonly rule: string;
  readonly message: string;
}

/** What the server shall check or fill in at a path of the document, beside what the types already say. */
export interface SchemaAddition {
  readonly description?: string;
  readonly default?: Json;
  readonly pattern?: string;
  readonly rules?: readonly Rule[];
}

/**
 * The structural OpenAPI schema (Kubernetes' rules for CustomResourceDefinitions) of a zod schema. Unions of number and string become
 * int-or-string, free values keep what they hold; closed objects stay open here, because the server prunes or refuses what is not named.
 */
export function structuralSchema(schema: z.ZodType, additions: Readonly<Record<string, SchemaAddition>>): JsonObject {
  const source = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', target: 'openapi-3.0' });
  const used = new Set<string>();
  const result = convert(source as unknown as JsonObject, '', additions, used);
  const unused = Object.keys(additions).filter((path) => !used.has(path));
  if (unused.length > 0) throw new TypeError(`the schema has no ${unused.join(', ')}`);
  return result;
}

const COPIED = [
  'type',
  'enum',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'required',
  'format',
];

function convert(
  node: JsonObject,
  path: string,
  additions: Readonly<Record<string, SchemaAddition>>,
  used: Set<string>,
): JsonObject {
  const out: MutableJsonObject = {};
  const union = own(node, 'anyOf');
  if (Array.isArray(union)) {
    intOrString(union as readonly Json[], out, path);
  } else if (own(node, 'type') === undefined) {
    out['x-kubernetes-preserve-unknown-fields'] = true;
  } else {
    for (const key of COPIED) {
      const value = own(node, key);
      if (value !== undefined) out[key] = value as MutableJsonObject[string];
    }
    const properties = own(node, 'properties');
    if (isJsonObject(properties)) {
      const converted: MutableJsonObject = {};
      for (const name of Object.keys(properties)) {
        const child = properties[name];
        if (isJsonObject(child))
          converted[name] = convert(
            child,
            path === '' ? name : `${path}.${name}`,
            additions,
            used,
          ) as MutableJsonObject;
      }
      out['properties'] = converted;
    } else if (isJsonObject(own(node, 'additionalProperties'))) {
      out['x-kubernetes-preserve-unknown-fields'] = true;
    }
    const items = own(node, 'items');
    if (isJsonObject(items)) out['items'] = convert(items, `${path}[]`, additions, used) as MutableJsonObject;
  }
  const addition = additions[path];
  if (addition !== undefined) {
    used.add(path);
    if (addition.description !== undefined) out['description'] = addition.description;
    if (addition.default !== undefined) out['default'] = addition.default as MutableJsonObject[string];
    if (addition.pattern !== undefined) out['pattern'] = addition.pattern;
    if (addition.rules !== undefined)
      out['x-kubernetes-validations'] = addition.rules.map(({ rule, message }) => ({ rule, message }));
  }
  return out;
}

/** A number or a text: the one union that a structural schema can express. */
function intOrString(union: readonly Json[], out: MutableJsonObject, path: string): void {
  const types = union.map((option) => own(option, 'type'));
  if (!types.every((type) => type === 'integer' || type === 'number' || type === 'string'))
    throw new TypeError(
      `${path}: a union of ${types.map((type) => JSON.stringify(type)).join(' and ')} cannot be written in a structural schema`,
    );
  out['x-kubernetes-int-or-string'] = true;
}
