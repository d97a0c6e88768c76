import { isJsonObject, own, type Json, type MutableJson, type MutableJsonObject } from '../json.ts';
import { guardDepth } from './depth.ts';
import type { ElementText } from './field-path.ts';
import { elementOrIndex } from './list-item.ts';
import { fieldType, UNTYPED, type ListTypeOf, type SchemaType } from './schema.ts';
import { isHollow, shapeOf } from './shape.ts';

/**
 * What an applied value makes of the live one: maps and associative lists merge, everything else is replaced. Nothing is removed here;
 * a null over a filled map leaves the map. Items keep the order of the applied list, with the other live items between them.
 * Parts are shared with the inputs, which are not changed.
 * @throws EngineError NotSupported for a value nested too deeply
 */
export function mergeValues(live: Json | undefined, applied: Json | undefined, type: SchemaType): Json | undefined {
  return merge(live, applied, type, 0);
}

function merge(
  live: Json | undefined,
  applied: Json | undefined,
  type: SchemaType,
  depth: number,
): MutableJson | undefined {
  guardDepth(depth);
  if (applied === undefined) return live as MutableJson | undefined;
  if (live === undefined) return applied as MutableJson;
  const shape = shapeOf(type, applied === null ? live : applied);
  const atomic = shape.kind === 'scalar' || (shape.kind === 'map' ? shape.atomic : shape.listType === 'atomic');
  if (atomic || (isHollow(live) && isHollow(applied))) return applied as MutableJson;
  if (shape.kind === 'list')
    return mergeItems(Array.isArray(live) ? live : [], Array.isArray(applied) ? applied : [], shape, depth);
  if (shape.kind !== 'map') return applied as MutableJson;
  const out: MutableJsonObject = Object.create(null) as MutableJsonObject;
  if (isJsonObject(live))
    for (const key of Object.keys(live)) {
      const value = merge(live[key], own(applied, key), fieldType(shape, key) ?? UNTYPED, depth + 1);
      if (value !== undefined) out[key] = value;
    }
  if (isJsonObject(applied))
    for (const key of Object.keys(applied))
      if (!Object.hasOwn(out, key) && applied[key] !== undefined) out[key] = applied[key] as MutableJson;
  return out;
}

function mergeItems(live: readonly Json[], applied: readonly Json[], type: ListTypeOf, depth: number): MutableJson[] {
  const liveSteps = live.map((item, index) => elementOrIndex(type, item, index));
  const appliedSteps = applied.map((item, index) => elementOrIndex(type, item, index));
  const liveByStep = new Map<ElementText, Json | null>();
  // A live duplicate has no single counterpart: the applied item replaces all of them.
  for (const [index, step] of liveSteps.entries())
    liveByStep.set(step, liveByStep.has(step) ? null : (live[index] ?? null));
  const inApplied = new Set(appliedSteps);
  const shared = appliedSteps.filter((step) => liveByStep.has(step));
  const merged = new Set<ElementText>();
  const out: MutableJson[] = [];
  let cursor = 0;
  let nextShared = 0;
  const passLiveItems = (): void => {
    for (; cursor < live.length; cursor++) {
      const step = liveSteps[cursor] ?? '';
      if (!inApplied.has(step)) out.push(live[cursor] as MutableJson);
      else if (!merged.has(step) && step === shared[nextShared]) return;
    }
  };
  for (const [index, step] of appliedSteps.entries()) {
    passLiveItems();
    const before = liveByStep.get(step);
    const item = merge(before ?? undefined, applied[index], type.items(), depth + 1);
    if (item !== undefined) out.push(item);
    merged.add(step);
    if (step === shared[nextShared]) nextShared++;
  }
  passLiveItems();
  return out;
}
