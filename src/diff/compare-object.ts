import type { FieldChange } from '../core/diff.ts';
import { describePath, fieldElement, type ElementText, type FieldPath } from '../core/fields/field-path.ts';
import { elementOrIndex, groupItems } from '../core/fields/list-item.ts';
import { fieldType, UNTYPED, type SchemaType } from '../core/fields/schema.ts';
import { parseFieldsV1 } from '../core/fields/fields-v1.ts';
import { isHollow, shapeOf } from '../core/fields/shape.ts';
import { isJsonObject, jsonEqual, type Json, type JsonObject } from '../core/json.ts';
import { gvkOf, type GroupVersionKind } from '../core/object-key.ts';
import { factsAt } from './built-in-facts.ts';
import { compareWhole, emptyVerdict, MAX_DEPTH } from './compare-whole.ts';
import { childFields } from './ownership.ts';
import { compareScalar } from './scalar-equal.ts';
import { settleRemovals, type OtherOwner } from './settle-removals.ts';

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
 * @param others the other managers: what they own too stays live when we give it up; asked for only then
 * @remarks O(fields of Git + fields that we own). Allocates nothing but the path while all is equal.
 */
export function compareObject(
  desired: JsonObject,
  live: JsonObject,
  owned: JsonObject | undefined,
  schema: SchemaType,
  others: () => readonly OtherOwner[] = () => [],
): Comparison {
  const walk = new Walk(kindOf(desired));
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
  if (walk.givenUp.length > 0) {
    const ours = parseFieldsV1(owned);
    if (ours !== undefined) walk.changes.push(...settleRemovals(walk.givenUp, desired, live, ours, others(), schema));
  }
  walk.changes.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { changes: walk.changes, undecided: walk.undecided };
}

class Walk {
  readonly path: ElementText[] = [];
  readonly changes: FieldChange[] = [];
  /** What we own and Git does not say any more. */
  readonly givenUp: FieldPath[] = [];
  readonly #kind: GroupVersionKind;
  undecided = false;

  constructor(kind: GroupVersionKind) {
    this.#kind = kind;
  }

  value(desired: Json, live: Json | undefined, owned: JsonObject | undefined, type: SchemaType): void {
    if (this.path.length > MAX_DEPTH) {
      this.undecided = true;
      return;
    }
    const shape = shapeOf(type, desired);
    switch (shape.kind) {
      case 'scalar':
        this.scalar(desired, live, owned, shape.scalar);
        return;
      case 'map':
        if (shape.atomic) this.whole(desired, live, owned, shape);
        else if (isJsonObject(desired)) this.map(desired, live, owned, shape);
        else if (desired === null) this.nothing(live, owned, shape);
        else this.leaf(desired, live);
        return;
      case 'list':
        if (desired === null) this.nothing(live, owned, shape);
        else if (!Array.isArray(desired)) this.leaf(desired, live);
        else if (shape.listType === 'atomic') this.whole(desired, live, owned, shape);
        else this.items(desired, live, owned, shape);
    }
  }

  /** Null in Git: nothing is wanted here, and what we own below has to go. */
  nothing(live: Json | undefined, owned: JsonObject | undefined, type: SchemaType): void {
    if (isHollow(live)) return;
    if (owned !== undefined && Object.keys(owned).length > 0) this.gone(live, owned, type);
    else this.undecided = true;
  }

  scalar(
    desired: Json,
    live: Json | undefined,
    owned: JsonObject | undefined,
    scalar: Parameters<typeof compareScalar>[2],
  ): void {
    if (live === undefined || live === null) {
      this.missing(desired, owned);
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
    if (keys.length === 0 && live === undefined) this.missing(desired, owned);
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
    if (desired.length === 0 && live === undefined) this.missing(desired, owned);
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

  /** A value that is merged as one. The live one may hold more: defaults that the server filled in. */
  whole(desired: Json, live: Json | undefined, owned: JsonObject | undefined, type: SchemaType): void {
    if (live === null && isHollow(desired)) return;
    if (live === undefined || live === null) {
      this.missing(desired, owned);
      return;
    }
    if (jsonEqual(desired, live)) return;
    const names = this.path.filter((step) => step.startsWith('f:')).map((step) => step.slice(2));
    const facts = factsAt(this.#kind, this.path);
    const verdict = compareWhole(desired, live, type, facts, { kind: this.#kind, names }, this.path.length);
    if (verdict === 'equal') return;
    if (verdict === 'undecided') this.undecided = true;
    this.changes.push({ path: describePath(this.path), op: 'change', before: live, after: desired });
  }

  /**
   * Git has a value where nothing is live. What we own was applied and came back as nothing: a value that says nothing ("", 0, false,
   * {}), which the server drops. Another manager that removed it would have taken it out of our set.
   */
  missing(desired: Json, owned: JsonObject | undefined): void {
    if (desired === null) return;
    const verdict = this.emptyVerdict(desired);
    if (verdict === 'equal' || (verdict === 'undecided' && owned !== undefined)) return;
    // What we own and is not there was dropped by the server (a field behind a feature gate): only it knows whether it would be again.
    if (verdict === 'undecided' || owned !== undefined) this.undecided = true;
    this.add(desired);
  }

  emptyVerdict(desired: Json): 'equal' | 'different' | 'undecided' {
    const step = this.path.at(-1) ?? '';
    if (!step.startsWith('f:')) return 'different';
    return emptyVerdict(desired, factsAt(this.#kind, this.path.slice(0, -1)), step.slice(2));
  }

  /** We own something that Git does not say any more. */
  gone(live: Json | undefined, owned: JsonObject | undefined, type: SchemaType): void {
    const steps = owned === undefined ? [] : Object.keys(owned).filter((step) => step !== '.');
    if (steps.length === 0 || (owned !== undefined && Object.hasOwn(owned, '.'))) {
      this.givenUp.push([...this.path]);
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

function kindOf(object: JsonObject): GroupVersionKind {
  const { apiVersion, kind } = object;
  return gvkOf({
    apiVersion: typeof apiVersion === 'string' ? apiVersion : '',
    kind: typeof kind === 'string' ? kind : '',
  });
}
