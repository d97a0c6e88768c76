import { isJsonObject, jsonEqual, own, type Json } from '../json.ts';
import { guardDepth } from './depth.ts';
import { fieldElement, type ElementText } from './field-path.ts';
import { FieldSetBuilder, type FieldSet } from './field-set.ts';
import { groupItems } from './list-item.ts';
import { fieldType, UNTYPED, type ListTypeOf, type SchemaType } from './schema.ts';
import { isHollow, shapeOf } from './shape.ts';

/** What differs between two values of one type. A thing that is new or gone counts with everything in it, itself included. */
export interface FieldComparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

interface Builders {
  readonly added: FieldSetBuilder;
  readonly modified: FieldSetBuilder;
  readonly removed: FieldSetBuilder;
}

/** @throws EngineError NotSupported for a value nested too deeply */
export function compareValues(before: Json | undefined, after: Json | undefined, type: SchemaType): FieldComparison {
  const out: Builders = {
    added: new FieldSetBuilder(),
    modified: new FieldSetBuilder(),
    removed: new FieldSetBuilder(),
  };
  walk(before, after, type, [], out);
  return { added: out.added.build(), modified: out.modified.build(), removed: out.removed.build() };
}

function walk(
  before: Json | undefined,
  after: Json | undefined,
  type: SchemaType,
  path: ElementText[],
  out: Builders,
): void {
  guardDepth(path.length);
  if (before === undefined && after === undefined) return;
  // Both sides untouched: by far the usual case, and cheap for equal identities.
  if (before === after) return;
  const shapes = [shapeOf(type, after ?? before)];
  if (type.kind === 'untyped' && before !== undefined && after !== undefined) {
    const other = shapeOf(type, before);
    if (other.kind !== shapes[0]?.kind) shapes.unshift(other);
  }
  let leaf = false;
  for (const shape of shapes) leaf = walkShape(before, after, shape, path, out) || leaf;
  if (leaf) return;
  if (before === undefined) out.added.add(path);
  else if (after === undefined) out.removed.add(path);
}

/** True when the value was compared as a whole. */
function walkShape(
  before: Json | undefined,
  after: Json | undefined,
  shape: Exclude<SchemaType, { kind: 'untyped' }>,
  path: ElementText[],
  out: Builders,
): boolean {
  const whole =
    shape.kind === 'scalar' ||
    (shape.kind === 'map' ? shape.atomic : shape.listType === 'atomic') ||
    (isHollow(before) && isHollow(after));
  if (whole) {
    if (before === undefined) out.added.add(path);
    else if (after === undefined) out.removed.add(path);
    else if (!jsonEqual(before, after)) out.modified.add(path);
    return true;
  }
  if (shape.kind === 'list') {
    walkItems(Array.isArray(before) ? before : [], Array.isArray(after) ? after : [], shape, path, out);
    return false;
  }
  const keys = new Set([
    ...(isJsonObject(before) ? Object.keys(before) : []),
    ...(isJsonObject(after) ? Object.keys(after) : []),
  ]);
  for (const key of keys) {
    path.push(fieldElement(key));
    walk(own(before, key), own(after, key), fieldType(shape, key) ?? UNTYPED, path, out);
    path.pop();
  }
  return false;
}

function walkItems(
  before: readonly Json[],
  after: readonly Json[],
  type: ListTypeOf,
  path: ElementText[],
  out: Builders,
): void {
  const old = groupItems(type, before);
  const now = groupItems(type, after);
  for (const step of new Set([...old.keys(), ...now.keys()])) {
    const left = old.get(step) ?? [];
    const right = now.get(step) ?? [];
    path.push(step);
    if (left.length <= 1 && right.length <= 1) walk(left[0], right[0], type.items(), path, out);
    else if (left.length > 1 && right.length > 1) {
      // Duplicates on both sides cannot be told apart: they are one value.
      if (!jsonEqual(left, right)) out.modified.add(path);
    } else if (left.length > 1) {
      walk(undefined, right[0], type.items(), path, out);
      out.removed.add(path);
    } else {
      walk(left[0], undefined, type.items(), path, out);
      out.added.add(path);
    }
    path.pop();
  }
}
