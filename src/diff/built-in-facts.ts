import { builtinTypeName } from '../core/fields/builtin.ts';
import { builtinEntry, type TypeExpression, type TypeField } from '../core/fields/builtin-table.ts';
import type { FieldPath } from '../core/fields/field-path.ts';
import type { GroupVersionKind } from '../core/object-key.ts';

/**
 * What the server's own types say of a place in an object, beyond its published schema: whether a zero value that is written there is
 * kept. `stored` is a custom resource: it is kept as it was sent. `unknown`: a kind that the table does not have.
 */
export type Facts = TypeExpression | 'stored' | 'unknown';

/** How a value that says nothing ("", 0, false, null, {}, []) comes back from the server. */
export type EmptyFate = 'kept' | 'dropped' | 'unknown';

const METADATA: TypeExpression = { kind: 'reference', name: 'meta.v1.ObjectMeta', atomic: undefined };

function factsOfKind(kind: GroupVersionKind): Facts {
  const name = builtinTypeName(kind);
  if (name !== undefined) {
    return builtinEntry(name) === undefined ? 'unknown' : { kind: 'reference', name, atomic: undefined };
  }
  // Groups under k8s.io may be served by an aggregated server, whose types drop what they like.
  return kind.group === 'k8s.io' || kind.group.endsWith('.k8s.io') ? 'unknown' : 'stored';
}

function fieldOf(facts: Facts, key: string): TypeField | undefined {
  if (typeof facts === 'string' || facts.kind !== 'reference') return undefined;
  return builtinEntry(facts.name)?.fields.find((field) => field.name === key);
}

/** The facts one key further down. */
export function factsOfKey(facts: Facts, key: string): Facts {
  if (typeof facts === 'string') return facts;
  if (facts.kind === 'map') return facts.items;
  return fieldOf(facts, key)?.type ?? 'unknown';
}

export function factsOfItems(facts: Facts): Facts {
  if (typeof facts === 'string') return facts;
  return facts.kind === 'list' ? facts.items : 'unknown';
}

/** The facts at a path of an object of this kind. */
export function factsAt(kind: GroupVersionKind, path: FieldPath): Facts {
  let facts = factsOfKind(kind);
  for (const [index, step] of path.entries()) {
    if (index === 0 && step === 'f:metadata') facts = METADATA;
    else facts = step.startsWith('f:') ? factsOfKey(facts, step.slice(2)) : factsOfItems(facts);
  }
  return facts;
}

/** What becomes of an empty or zero value under this key. */
export function fateOfEmpty(parent: Facts, key: string): EmptyFate {
  if (parent === 'stored') return 'kept';
  if (parent === 'unknown') return 'unknown';
  // A key of a free map is a value of its own.
  if (parent.kind === 'map') return 'kept';
  const field = fieldOf(parent, key);
  if (field === undefined) return 'unknown';
  return field.pointer || field.always ? 'kept' : 'dropped';
}
