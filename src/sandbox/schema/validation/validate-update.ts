import type { JsonObject } from '../../../core/json.ts';
import type { FieldProblem } from '../../status.ts';
import type { Resource, ServedVersion } from '../resource.ts';
import { validateCustom } from './custom.ts';
import { validateImmutable } from './immutable.ts';
import { validateKind } from './kinds.ts';
import { validateMetadataUpdate } from './metadata.ts';

/** What is wrong with an update; empty when nothing is. Status writes are not held against the rules of the spec. */
export function validateUpdate(
  next: JsonObject,
  current: JsonObject,
  resource: Resource,
  version: ServedVersion,
  subresource: string,
): FieldProblem[] {
  const problems = validateMetadataUpdate(next, current, resource);
  if (version.typeName === undefined) problems.push(...validateCustom(next, version.schema));
  else if (subresource !== 'status') {
    problems.push(...validateImmutable(next, current, resource));
    const known = new Set(problems.map((problem) => problem.field));
    problems.push(...validateKind(next, resource).filter((problem) => !known.has(problem.field)));
  }
  return problems;
}
