import { isJsonObject, type Json } from '../json.ts';
import { guardDepth } from './depth.ts';
import { fieldElement, type ElementText } from './field-path.ts';
import { FieldSetBuilder, type FieldSet } from './field-set.ts';
import { groupItems } from './list-item.ts';
import { declaresField, fieldType, UNTYPED, type SchemaType } from './schema.ts';
import { shapeOf } from './shape.ts';

/**
 * The paths that somebody owns who applies this value: its leaves (scalars, atomic maps and lists, nulls, empty maps), every key of a
 * free map, and every item of an associative list itself; struct fields that only hold others are not in it.
 * @throws EngineError NotSupported for a value nested too deeply
 */
export function setOfValue(value: Json, type: SchemaType): FieldSet {
  const builder = new FieldSetBuilder();
  collect(value, type, [], builder);
  return builder.build();
}

function collect(value: Json, type: SchemaType, path: ElementText[], out: FieldSetBuilder): void {
  guardDepth(path.length);
  const shape = shapeOf(type, value);
  if (shape.kind === 'scalar' || (shape.kind === 'map' && shape.atomic)) {
    out.add(path);
    return;
  }
  if (shape.kind === 'list') {
    if (shape.listType === 'atomic') {
      out.add(path);
      return;
    }
    if (!Array.isArray(value)) return;
    for (const [step, group] of groupItems(shape, value)) {
      path.push(step);
      const only = group[0];
      if (group.length === 1 && only !== undefined) collect(only, shape.items(), path, out);
      out.add(path);
      path.pop();
    }
    return;
  }
  if (!isJsonObject(value)) return;
  for (const key of Object.keys(value)) {
    const child = value[key];
    if (child === undefined) continue;
    path.push(fieldElement(key));
    collect(child, fieldType(shape, key) ?? UNTYPED, path, out);
    if (child === null || (isJsonObject(child) && Object.keys(child).length === 0) || !declaresField(shape, key))
      out.add(path);
    path.pop();
  }
}
