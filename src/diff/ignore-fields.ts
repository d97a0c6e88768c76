import type { IgnoreRule } from '../core/application.ts';
import { fieldElement, type ElementText } from '../core/fields/field-path.ts';
import { EMPTY_SET, hasPath, type FieldSet } from '../core/fields/field-set.ts';
import {
  isJsonObject,
  own,
  type Json,
  type JsonObject,
  type MutableJson,
  type MutableJsonObject,
} from '../core/json.ts';
import type { KubeObject, ObjectKey } from '../core/object-key.ts';
import { fieldsOf, managedEntries } from './ownership.ts';

export interface IgnoreResult {
  readonly object: KubeObject;
  /** JSON pointers that were left out, for people. */
  readonly ignored: readonly string[];
}

/**
 * Works ignore rules into what is wanted, so that diff and apply mean the same: an ignored field is not ours to change. On creation it
 * is applied as Git says (somebody has to begin). Later it is left to its other owner; where nobody else owns it, the live value is
 * kept as ours, because letting it go would remove it.
 */
export function ignoreFields(
  desired: KubeObject,
  key: ObjectKey,
  live: KubeObject | undefined,
  rules: readonly IgnoreRule[],
): IgnoreResult {
  const matching = rules.filter((rule) => matches(rule, key));
  if (matching.length === 0 || live === undefined) return { object: desired, ignored: [] };
  const entries = managedEntries(live);
  const others = fieldsOf(entries, (manager) => manager !== 'evenkeel');
  const ignored: string[] = [];
  let object = desired;
  for (const rule of matching) {
    for (const pointer of rule.paths) {
      for (const path of expand(pointer, object)) {
        object = settle(object, live, path, others);
        ignored.push(`/${path.join('/')}`);
      }
    }
    if (rule.managers.length > 0) {
      const theirs = fieldsOf(entries, (manager) => rule.managers.includes(manager));
      for (const path of leavesOwnedBy(object, theirs)) {
        object = withoutPath(object, path) as KubeObject;
        ignored.push(`/${path.join('/')}`);
      }
    }
  }
  return { object, ignored: [...new Set(ignored)].sort() };
}

function matches(rule: IgnoreRule, key: ObjectKey): boolean {
  return (
    (rule.group === undefined || rule.group === key.group) &&
    (rule.kind === undefined || rule.kind === key.kind) &&
    (rule.name === undefined || rule.name === key.name) &&
    (rule.namespace === undefined || rule.namespace === key.namespace)
  );
}

type Path = readonly string[];

/** The concrete paths of a JSON pointer in a value; `*` stands for every key or item. */
function expand(pointer: string, value: Json): Path[] {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  let found: { readonly path: Path; readonly value: Json | undefined }[] = [{ path: [], value }];
  for (const step of steps) {
    found = found.flatMap(({ path, value: current }) => {
      const keys = Array.isArray(current)
        ? current.map((_, index) => String(index))
        : isJsonObject(current)
          ? Object.keys(current)
          : [];
      const chosen = step === '*' ? keys : keys.filter((candidate) => candidate === step);
      return chosen.map((name) => ({ path: [...path, name], value: childOf(current, name) }));
    });
  }
  return found.filter(({ path }) => path.length > 0).map(({ path }) => path);
}

function childOf(value: Json | undefined, name: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(name)] as Json | undefined;
  return own(value, name);
}

function settle(object: KubeObject, live: KubeObject, path: Path, others: FieldSet): KubeObject {
  const current = valueAt(live, path);
  if (current === undefined) return object;
  const fields: ElementText[] = path.map(fieldElement);
  if (hasPath(others, fields)) return withoutPath(object, path) as KubeObject;
  return withValue(object, path, current) as KubeObject;
}

function valueAt(value: Json, path: Path): Json | undefined {
  let current: Json | undefined = value;
  for (const step of path) current = childOf(current, step);
  return current;
}

function withoutPath(value: Json, path: Path): Json {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(value)) {
    const list = [...value] as MutableJson[];
    if (rest.length === 0) list.splice(Number(step), 1);
    else list[Number(step)] = withoutPath((value[Number(step)] ?? null) as Json, rest) as MutableJson;
    return list;
  }
  if (!isJsonObject(value) || !Object.hasOwn(value, step)) return value;
  const out = { ...value } as MutableJsonObject;
  if (rest.length === 0) delete out[step];
  else out[step] = withoutPath(value[step] ?? null, rest) as MutableJson;
  return out;
}

function withValue(value: Json, path: Path, next: Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) return next;
  if (Array.isArray(value)) {
    return value.map((item: Json, index) => (String(index) === step ? withValue(item, rest, next) : item));
  }
  const object: JsonObject = isJsonObject(value) ? value : {};
  return { ...object, [step]: withValue(own(object, step) ?? {}, rest, next) };
}

/** Leaves of a manifest that a set of fields holds, as key paths. Items of keyed lists are matched through their keys' fields only. */
function leavesOwnedBy(value: Json, set: FieldSet, prefix: Path = []): Path[] {
  if (set === EMPTY_SET || !isJsonObject(value)) return [];
  return Object.keys(value).flatMap((name): Path[] => {
    const child = set.children.get(fieldElement(name));
    const item = value[name];
    if (child === undefined || item === undefined) return [];
    const path = [...prefix, name];
    if (child.children.size === 0) return child.owned ? [path] : [];
    if (!Array.isArray(item)) return leavesOwnedBy(item, child, path);
    return item.flatMap((entry: Json, index): Path[] => {
      for (const [step, fields] of child.children) {
        if (step.startsWith('k:') && namesItem(step, entry))
          return leavesOwnedBy(entry, fields, [...path, String(index)]);
      }
      return [];
    });
  });
}

function namesItem(step: ElementText, item: Json): boolean {
  const keys = JSON.parse(step.slice(2)) as JsonObject;
  return Object.entries(keys).every(
    ([name, expected]) => own(item, name) === undefined || own(item, name) === expected,
  );
}
