import type { FieldChange } from '../core/diff.ts';
import { describePath, fieldElement, type ElementText } from '../core/fields/field-path.ts';
import { elementOrIndex, groupItems } from '../core/fields/list-item.ts';
import { fieldType, UNTYPED, type SchemaField, type SchemaType } from '../core/fields/schema.ts';
import { isHollow, shapeOf } from '../core/fields/shape.ts';
import { isJsonObject, jsonEqual, type Json, type JsonObject } from '../core/json.ts';
import { compareScalar } from './scalar-equal.ts';
import { childFields } from './ownership.ts';

/** Everything deeper than this is compared by a server dry-run instead: no manifest of a person is. */
const MAX_DEPTH = 200;

export interface Comparison {
  readonly changes: readonly FieldChange[];
  /** The form differs somewhere and only the server can decide. */
  readonly undecided: boolean;
}

/** Fields that identify an object or that only the server sets. */
const IDENTITY = new Set(['apiVersion', 'kind', 'status']);
const SERVER_METADATA = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
]);

/**
 * Walks desired value, live value and our fieldsV1 side by side: the fields of Git have to be live with the same value, and what we
 * own has to be in Git. Fields of others are never looked at.
 *
 * @param owned our Apply entry's fieldsV1; undefined when we own nothing
 * @param othersOwn whether another manager owns a path that we give up; then it stays live
 * @remarks O(fields of Git + fields that we own). Allocates nothing but the path while all is equal.
 */
export function compareObject(
  desired: JsonObject,
  live: JsonObject,
  owned: JsonObject | undefined,
  schema: SchemaType,
): Comparison {
  const walk = new Walk();
  for (const key of Object.keys(desired)) {
    if (IDENTITY.has(key)) continue;
    const value = desired[key];
    if (value === undefined) continue;
    walk.path.push(fieldElement(key));
    const fields = childFields(owned, fieldElement(key));
    const type = fieldType(schema, key) ?? UNTYPED;
    if (key === 'metadata' && isJsonObject(value)) walk.map(value, live[key], fields, type, SERVER_METADATA);
    else walk.value(value, live[key], fields, type);
    walk.path.pop();
  }
  if (owned !== undefined) {
    for (const step of Object.keys(owned)) {
      const name = step.slice(2);
      if (!step.startsWith('f:') || IDENTITY.has(name) || Object.hasOwn(desired, name)) continue;
      walk.path.push(step);
      walk.gone(live[name], childFields(owned, step), fieldType(schema, name) ?? UNTYPED);
      walk.path.pop();
    }
  }
  walk.changes.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { changes: walk.changes, undecided: walk.undecided };
}

class Walk {
  readonly path: ElementText[] = [];
  readonly changes: FieldChange[] = [];
  undecided = false;

  value(desired: Json, live: Json | undefined, owned: JsonObject | undefined, type: SchemaType): void {
    if (this.path.length > MAX_DEPTH) {
      this.undecided = true;
      return;
    }
    const shape = shapeOf(type, desired);
    switch (shape.kind) {
      case 'scalar':
        this.scalar(desired, live, shape.scalar);
        return;
      case 'map':
        if (shape.atomic) this.whole(desired, live, shape);
        else if (isJsonObject(desired)) this.map(desired, live, owned, shape);
        else if (desired === null) this.nothing(live, owned, shape);
        else this.leaf(desired, live);
        return;
      case 'list':
        if (desired === null) this.nothing(live, owned, shape);
        else if (!Array.isArray(desired)) this.leaf(desired, live);
        else if (shape.listType === 'atomic') this.whole(desired, live, shape);
        else this.items(desired, live, owned, shape);
    }
  }

  /** Null in Git: nothing is wanted here, and what we own below has to go. */
  nothing(live: Json | undefined, owned: JsonObject | undefined, type: SchemaType): void {
    if (isHollow(live)) return;
    if (owned !== undefined && Object.keys(owned).length > 0) this.gone(live, owned, type);
    else this.undecided = true;
  }

  scalar(desired: Json, live: Json | undefined, scalar: Parameters<typeof compareScalar>[2]): void {
    if (live === undefined || live === null) {
      // A zero value that the server leaves out ("", 0, false, null) is the same as nothing there, as far as the server says so.
      if (desired === null) return;
      if (desired === '' || desired === 0 || desired === false) this.undecided = true;
      this.add(desired);
      return;
    }
    if (desired === null) {
      this.undecided = true;
      return;
    }
    const verdict = compareScalar(desired, live, scalar);
    if (verdict === 'equal') return;
    if (verdict === 'undecided') this.undecided = true;
    this.changes.push({ path: describePath(this.path), op: 'change', before: live, after: desired });
  }

  map(
    desired: JsonObject,
    live: Json | undefined,
    owned: JsonObject | undefined,
    type: SchemaType,
    skip?: ReadonlySet<string>,
  ): void {
    if (live !== undefined && live !== null && !isJsonObject(live)) {
      this.leaf(desired, live);
      return;
    }
    const keys = Object.keys(desired);
    // An empty map or struct in Git wants no value of its own; the server often does not even store it.
    for (const key of keys) {
      if (skip?.has(key) === true) continue;
      const value = desired[key];
      if (value === undefined) continue;
      const step = fieldElement(key);
      this.path.push(step);
      this.value(value, liveField(live, key), childFields(owned, step), fieldType(type, key) ?? UNTYPED);
      this.path.pop();
    }
    if (owned === undefined) return;
    for (const step in owned) {
      if (!step.startsWith('f:')) continue;
      const key = step.slice(2);
      if (skip?.has(key) === true || Object.hasOwn(desired, key)) continue;
      this.path.push(step);
      this.gone(liveField(live, key), childFields(owned, step), fieldType(type, key) ?? UNTYPED);
      this.path.pop();
    }
  }

  items(
    desired: readonly Json[],
    live: Json | undefined,
    owned: JsonObject | undefined,
    type: Extract<SchemaType, { kind: 'list' }>,
  ): void {
    if (live !== undefined && live !== null && !Array.isArray(live)) {
      this.leaf(desired, live);
      return;
    }
    const present = groupItems(type, live ?? []);
    const wanted = new Set<ElementText>();
    for (const [index, item] of desired.entries()) {
      const step = elementOrIndex(type, item, index);
      if (wanted.has(step)) {
        // The server refuses duplicate keys with words of its own.
        this.undecided = true;
        continue;
      }
      wanted.add(step);
      this.path.push(step);
      const group = present.get(step);
      const found = group?.[0];
      if (found === undefined) this.add(item);
      else if (type.listType === 'map') this.value(item, found, childFields(owned, step), type.items());
      if (group !== undefined && group.length > 1) this.undecided = true;
      this.path.pop();
    }
    if (owned === undefined) return;
    for (const step in owned) {
      if (step === '.' || wanted.has(step)) continue;
      // The key of an item as it was written; its canonical text is usually the same.
      this.path.push(step);
      this.gone(present.get(step)?.[0], childFields(owned, step), type.items());
      this.path.pop();
    }
  }

  /**
   * A value that is merged as one. The live one may hold more: defaults that the server filled in. Nobody else can have changed it
   * without becoming its owner, but a default is only known where the schema tells; otherwise a dry-run decides.
   */
  whole(desired: Json, live: Json | undefined, type: SchemaType): void {
    if (live === undefined || live === null) {
      if (isHollow(desired)) return;
      this.add(desired);
      return;
    }
    if (jsonEqual(desired, live)) return;
    const covered = covers(desired, live, type, this.path.length);
    if (covered === 'equal') return;
    if (covered === 'undecided') this.undecided = true;
    this.changes.push({ path: describePath(this.path), op: 'change', before: live, after: desired });
  }

  /** We own something that Git does not say any more. */
  gone(live: Json | undefined, owned: JsonObject | undefined, type: SchemaType): void {
    const steps = owned === undefined ? [] : Object.keys(owned).filter((step) => step !== '.');
    const wholly = steps.length === 0 || (owned !== undefined && Object.hasOwn(owned, '.'));
    if (wholly) {
      this.changes.push({
        path: describePath(this.path),
        op: 'remove',
        ...(live === undefined ? {} : { before: live }),
      });
      return;
    }
    const groups = type.kind === 'list' && Array.isArray(live) ? groupItems(type, live) : undefined;
    for (const step of steps) {
      const name = step.slice(2);
      const child =
        groups === undefined ? (step.startsWith('f:') ? liveField(live, name) : undefined) : groups.get(step)?.[0];
      const childType = type.kind === 'list' ? type.items() : (fieldType(type, name) ?? UNTYPED);
      this.path.push(step);
      this.gone(child, childFields(owned, step), childType);
      this.path.pop();
    }
  }

  leaf(desired: Json, live: Json | undefined): void {
    if (jsonEqual(desired, live)) return;
    this.undecided = true;
    if (live === undefined) this.add(desired);
    else this.changes.push({ path: describePath(this.path), op: 'change', before: live, after: desired });
  }

  add(desired: Json): void {
    this.changes.push({ path: describePath(this.path), op: 'add', after: desired });
  }
}

function liveField(live: Json | undefined, key: string): Json | undefined {
  return isJsonObject(live) && Object.hasOwn(live, key) ? live[key] : undefined;
}

/** Whether `live` is `desired` with nothing but known defaults added. */
function covers(desired: Json, live: Json, type: SchemaType, depth: number): 'equal' | 'different' | 'undecided' {
  if (depth > MAX_DEPTH) return 'undecided';
  if (Array.isArray(desired)) {
    if (!Array.isArray(live) || live.length !== desired.length) return 'different';
    const items = type.kind === 'list' ? type.items() : UNTYPED;
    return worst(desired.map((item: Json, index) => covers(item, live[index] as Json, items, depth + 1)));
  }
  if (!isJsonObject(desired)) {
    if (live === null || typeof live === 'object') return desired === null && isHollow(live) ? 'equal' : 'different';
    return compareScalar(desired, live, type.kind === 'scalar' ? type.scalar : 'any');
  }
  if (!isJsonObject(live)) return 'different';
  const verdicts: ('equal' | 'different' | 'undecided')[] = [];
  for (const key of Object.keys(desired)) {
    const value = desired[key];
    if (value === undefined) continue;
    const child = liveField(live, key);
    if (child === undefined) verdicts.push(isHollow(value) ? 'equal' : isZero(value) ? 'undecided' : 'different');
    else verdicts.push(covers(value, child, fieldType(type, key) ?? UNTYPED, depth + 1));
  }
  for (const key of Object.keys(live)) {
    if (Object.hasOwn(desired, key)) continue;
    const known = declaredField(type, key)?.default;
    if (known !== undefined && jsonEqual(known as Json, live[key])) continue;
    verdicts.push('undecided');
  }
  return worst(verdicts);
}

function declaredField(type: SchemaType, key: string): SchemaField | undefined {
  return type.kind === 'map' ? type.fields().get(key) : undefined;
}

function isZero(value: Json): boolean {
  return value === '' || value === 0 || value === false;
}

function worst(verdicts: readonly ('equal' | 'different' | 'undecided')[]): 'equal' | 'different' | 'undecided' {
  if (verdicts.includes('different')) return 'different';
  return verdicts.includes('undecided') ? 'undecided' : 'equal';
}
