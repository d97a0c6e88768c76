import { builtinTypeOf } from '../../../src/core/fields/builtin.ts';
import { describePath } from '../../../src/core/fields/field-path.ts';
import { pathsOf, type FieldSet } from '../../../src/core/fields/field-set.ts';
import { formatFieldsV1 } from '../../../src/core/fields/fields-v1.ts';
import type { SchemaType } from '../../../src/core/fields/schema.ts';
import { setOfValue } from '../../../src/core/fields/set-of-value.ts';
import type { Json } from '../../../src/core/json.ts';

export function typeOf(apiVersion: string, kind: string): SchemaType {
  const [first = '', second] = apiVersion.split('/');
  const found = builtinTypeOf(
    second === undefined ? { group: '', version: first, kind } : { group: first, version: second, kind },
  );
  if (found === undefined) throw new Error(`no type for ${kind}`);
  return found;
}
export const deployment = typeOf('apps/v1', 'Deployment');
export const service = typeOf('v1', 'Service');
export const fieldsOf = (value: Json, type: SchemaType): Json =>
  JSON.parse(JSON.stringify(formatFieldsV1(setOfValue(value, type))));
export const paths = (set: FieldSet): string[] => [...pathsOf(set)].map(describePath);
