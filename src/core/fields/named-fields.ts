import { parseElement, type ElementText } from './field-path.ts';
import type { FieldSet } from './field-set.ts';
import { declaresField, fieldType, UNTYPED, type SchemaType } from './schema.ts';

/**
 * The set together with every struct field that lies on the way to one of its paths. Ownership leaves those out; to decide what nobody
 * owns any more (and so goes), they count.
 */
export function withNamedFields(set: FieldSet, type: SchemaType): FieldSet {
  const children = new Map<ElementText, FieldSet>();
  for (const [step, child] of set.children) {
    const element = parseElement(step);
    const name = element?.kind === 'field' ? element.name : undefined;
    const below = childType(type, name);
    const filled = child.children.size === 0 ? child : withNamedFields(child, below);
    const named = name !== undefined && child.children.size > 0 && declaresField(type, name);
    children.set(step, { owned: child.owned || named, children: filled.children });
  }
  return { owned: set.owned, children };
}

function childType(type: SchemaType, name: string | undefined): SchemaType {
  if (name !== undefined) return fieldType(type, name) ?? UNTYPED;
  return type.kind === 'list' ? type.items() : UNTYPED;
}
