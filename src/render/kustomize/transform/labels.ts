import { applyFieldSpecs, type FieldSpec } from '../config/field-spec.ts';
import { entrySetter } from '../nodes/fields.ts';
import { TAG } from '../nodes/node.ts';
import type { Resource } from '../resource.ts';

/** Sets labels (or annotations: the same, in other places) on objects, in all the places of the field specs. */
export function setEverywhere(
  resources: readonly Resource[],
  pairs: Readonly<Record<string, string>>,
  specs: readonly FieldSpec[],
): void {
  const keys = Object.keys(pairs).sort();
  for (const resource of resources) {
    for (const key of keys) {
      applyFieldSpecs(specs, resource.tree, {
        set: entrySetter(key, pairs[key] ?? '', TAG.string),
        createKind: 'map',
        createTag: TAG.map,
      });
    }
  }
}
