import { at, isJsonObject, type Json, listAt, own, stringAt } from '../core/json.ts';
import { type KubeObject, type ObjectKey, formatKey, keyOf } from '../core/object-key.ts';

/** Other objects of the same set, as far as they are known. Every answer may be empty: then the object speaks for itself. */
export interface Related {
  /** Objects whose ownerReferences name this one, by uid where both know it. */
  childrenOf(object: KubeObject): readonly KubeObject[];
  /** Objects of a kind in a namespace whose labels match a label selector. */
  selected(kind: string, namespace: string, selector: unknown): readonly KubeObject[];
  find(key: ObjectKey): KubeObject | undefined;
  /** Events about this object, newest last. */
  eventsOf(object: KubeObject): readonly KubeObject[];
}

const NONE: readonly KubeObject[] = [];

export const NOTHING_RELATED: Related = {
  childrenOf: () => NONE,
  selected: () => NONE,
  find: () => undefined,
  eventsOf: () => NONE,
};

/** Indexes a set once; answers are constant-time lookups. */
export function relate(objects: Iterable<KubeObject>): Related {
  const byKey = new Map<string, KubeObject>();
  const byOwnerUid = new Map<string, KubeObject[]>();
  const byOwnerName = new Map<string, KubeObject[]>();
  const byKind = new Map<string, KubeObject[]>();
  const events = new Map<string, KubeObject[]>();
  for (const object of objects) {
    byKey.set(formatKey(keyOf(object)), object);
    const namespace = stringAt(object, 'metadata', 'namespace') ?? '';
    append(byKind, `${object.kind}/${namespace}`, object);
    if (object.kind === 'Event') {
      const regarding = own(object, 'involvedObject') ?? own(object, 'regarding');
      append(events, ownerName(regarding, stringAt(regarding, 'namespace') ?? namespace), object);
    }
    for (const owner of listAt(object, 'metadata', 'ownerReferences')) {
      const uid = stringAt(owner, 'uid');
      if (uid !== undefined) append(byOwnerUid, uid, object);
      append(byOwnerName, ownerName(owner, namespace), object);
    }
  }
  return {
    childrenOf(object) {
      const uid = stringAt(object, 'metadata', 'uid');
      const byUid = uid === undefined ? undefined : byOwnerUid.get(uid);
      if (byUid !== undefined) return byUid;
      const namespace = stringAt(object, 'metadata', 'namespace') ?? '';
      const named =
        byOwnerName.get(`${object.kind}/${namespace}/${stringAt(object, 'metadata', 'name') ?? ''}`) ?? NONE;
      // The name alone decides only where one side has no uid: an owner of the same name may have been made anew.
      return uid === undefined ? named : named.filter((child) => !hasOwnerUid(child));
    },
    selected(kind, namespace, selector) {
      const all = byKind.get(`${kind}/${namespace}`) ?? NONE;
      return all.filter((object) => matchesSelector(selector, at(object, 'metadata', 'labels')));
    },
    find: (key) => byKey.get(formatKey(key)),
    eventsOf(object) {
      const namespace = stringAt(object, 'metadata', 'namespace') ?? '';
      return events.get(`${object.kind}/${namespace}/${stringAt(object, 'metadata', 'name') ?? ''}`) ?? NONE;
    },
  };
}

/** Two sets as one. An object that is in both is counted once, as the second has it. */
export function joinRelated(first: Related, second: Related): Related {
  return {
    childrenOf: (object) => merge(first.childrenOf(object), second.childrenOf(object)),
    selected: (kind, namespace, selector) =>
      merge(first.selected(kind, namespace, selector), second.selected(kind, namespace, selector)),
    find: (key) => second.find(key) ?? first.find(key),
    eventsOf: (object) => merge(first.eventsOf(object), second.eventsOf(object)),
  };
}

function merge(first: readonly KubeObject[], second: readonly KubeObject[]): readonly KubeObject[] {
  if (first.length === 0) return second;
  if (second.length === 0) return first;
  const known = new Set(second.map((object) => formatKey(keyOf(object))));
  return [...first.filter((object) => !known.has(formatKey(keyOf(object)))), ...second];
}

function append(map: Map<string, KubeObject[]>, key: string, object: KubeObject): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [object]);
  else list.push(object);
}

function ownerName(reference: Json | undefined, namespace: string): string {
  return `${stringAt(reference, 'kind') ?? ''}/${namespace}/${stringAt(reference, 'name') ?? ''}`;
}

function hasOwnerUid(object: KubeObject): boolean {
  return listAt(object, 'metadata', 'ownerReferences').some((owner) => (stringAt(owner, 'uid') ?? '') !== '');
}

/** A label selector as Kubernetes reads it; an empty or unreadable one selects nothing here. */
function matchesSelector(selector: unknown, labels: Json | undefined): boolean {
  if (!isJsonObject(selector)) return false;
  const wanted = at(selector, 'matchLabels');
  const expressions = listAt(selector, 'matchExpressions');
  const pairs = isJsonObject(wanted) ? Object.entries(wanted) : [];
  if (pairs.length === 0 && expressions.length === 0) return false;
  return (
    pairs.every(([key, value]) => own(labels, key) === value) &&
    expressions.every((expression) => matchesExpression(expression, labels))
  );
}

function matchesExpression(expression: Json, labels: Json | undefined): boolean {
  const value = own(labels, stringAt(expression, 'key') ?? '');
  const values = listAt(expression, 'values');
  switch (stringAt(expression, 'operator')) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}
