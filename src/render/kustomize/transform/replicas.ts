import { BuildError } from '../problems.ts';
import { applyFieldSpec, type FieldSpec } from '../config/field-spec.ts';
import { entrySetter } from '../nodes/fields.ts';
import { TAG } from '../nodes/node.ts';
import { isSelectedBy } from '../resource-id.ts';
import type { Resource } from '../resource.ts';

export interface ReplicaCount {
  readonly name: string;
  readonly count: string;
}

/** Sets the number of replicas of objects that have, or had, a name. @throws BuildError when there is none of a kind that scales */
export function setReplicas(resources: readonly Resource[], replica: ReplicaCount, specs: readonly FieldSpec[]): void {
  const named = resources.filter(
    (resource) =>
      !resource.isEmpty &&
      (resource.name === replica.name || resource.previousIds.some((id) => id.name === replica.name)),
  );
  let found = false;
  for (const spec of specs) {
    for (const resource of named) {
      const ids = [...resource.previousIds, resource.id];
      if (!ids.some((id) => id.name === replica.name && isSelectedBy(id, spec))) continue;
      found = true;
      applyFieldSpec(spec, resource.tree, {
        set: entrySetter('', replica.count, TAG.int),
        createKind: 'scalar',
        createTag: TAG.int,
      });
    }
  }
  if (!found) {
    const kinds = specs.map((spec) => spec.kind || 'any kind').join(', ');
    throw new BuildError('NoMatch', `replicas: no object named ${JSON.stringify(replica.name)} of kind ${kinds}`);
  }
}
