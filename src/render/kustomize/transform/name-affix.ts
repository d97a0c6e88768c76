import { applyFieldSpec, type FieldSpec } from '../config/field-spec.ts';
import { entrySetter } from '../nodes/fields.ts';
import { TAG } from '../nodes/node.ts';
import { isSelectedBy, type Gvk } from '../resource-id.ts';
import { NOTE } from '../notes.ts';
import type { Resource } from '../resource.ts';

/** Kinds whose names say what they are: they keep them. */
const KEEP_NAME: readonly Gvk[] = [
  { group: '', version: '', kind: 'CustomResourceDefinition' },
  { group: 'apiregistration.k8s.io', version: '', kind: 'APIService' },
  { group: '', version: '', kind: 'Namespace' },
];

/** Puts a prefix before (or a suffix behind) the names of objects, and notes it for the references to them. */
export function affixNames(
  resources: readonly Resource[],
  where: 'prefix' | 'suffix',
  affix: string,
  specs: readonly FieldSpec[],
): void {
  for (const resource of resources) {
    const original = resource.originalId;
    if (KEEP_NAME.some((selector) => isSelectedBy(original, selector))) continue;
    for (const spec of specs) {
      if (!isSelectedBy(original, spec)) continue;
      if (spec.path === 'metadata/name') {
        resource.appendNote(where === 'prefix' ? NOTE.prefixes : NOTE.suffixes, affix);
        if (affix !== '') resource.storePreviousId();
      }
      applyFieldSpec(spec, resource.tree, {
        set: (node) => entrySetter('', where === 'prefix' ? affix + node.text : node.text + affix, TAG.none)(node),
        createKind: 'scalar',
        createTag: TAG.string,
      });
    }
  }
}
