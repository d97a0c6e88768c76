import type { JsonObject } from '../../../core/json.ts';
import type { FieldProblem } from '../../status.ts';
import type { Resource, ServedVersion } from '../resource.ts';
import { validateCustom } from './custom.ts';
import { validateKind } from './kinds.ts';
import { validateMetadata } from './metadata.ts';

/** What is wrong with an object that is to be created; empty when nothing is. */
export function validateCreate(object: JsonObject, resource: Resource, version: ServedVersion): FieldProblem[] {
  const problems = validateMetadata(object, resource);
  if (version.typeName === undefined) problems.push(...validateCustom(object, version.schema));
  else problems.push(...validateKind(object, resource));
  return problems;
}
