import { FIELD_MANAGER } from '../core/application.ts';
import { EMPTY_SET, union, type FieldSet } from '../core/fields/field-set.ts';
import { parseFieldsV1 } from '../core/fields/fields-v1.ts';
import { isJsonObject, listAt, own, stringAt, type Json, type JsonObject } from '../core/json.ts';
import type { KubeObject } from '../core/object-key.ts';

/** An entry of `metadata.managedFields`, as far as we read it. */
export interface ManagedEntry {
  readonly manager: string;
  readonly operation: string;
  readonly apiVersion: string;
  readonly subresource: string | undefined;
  readonly fields: JsonObject;
}

export function managedEntries(object: KubeObject): ManagedEntry[] {
  return listAt(object, 'metadata', 'managedFields').flatMap((entry): ManagedEntry[] => {
    const fields = own(entry, 'fieldsV1');
    if (!isJsonObject(fields)) return [];
    return [
      {
        manager: stringAt(entry, 'manager') ?? '',
        operation: stringAt(entry, 'operation') ?? '',
        apiVersion: stringAt(entry, 'apiVersion') ?? '',
        subresource: stringAt(entry, 'subresource'),
        fields,
      },
    ];
  });
}

/** What we applied last: our manager's Apply entry, which the API server keeps for us. */
export function ourEntry(entries: readonly ManagedEntry[], manager: string = FIELD_MANAGER): ManagedEntry | undefined {
  return entries.find(
    (entry) => entry.manager === manager && entry.operation === 'Apply' && entry.subresource === undefined,
  );
}

/** The union of what the given managers own (any operation), status left out. */
export function fieldsOf(entries: readonly ManagedEntry[], managers: (name: string) => boolean): FieldSet {
  let set = EMPTY_SET;
  for (const entry of entries) {
    if (entry.subresource !== undefined || !managers(entry.manager)) continue;
    set = union(set, parseFieldsV1(entry.fields) ?? EMPTY_SET);
  }
  return set;
}

/** Managers other than ours, without those that only write status; in order of appearance, each once. */
export function otherManagers(entries: readonly ManagedEntry[], manager: string = FIELD_MANAGER): string[] {
  return [
    ...new Set(
      entries
        .filter((entry) => entry.manager !== manager && entry.subresource === undefined)
        .map((entry) => entry.manager),
    ),
  ];
}

/** Every other entry with what it owns; one of another version of the API is read as if it were of this one. */
export function otherOwners(
  entries: readonly ManagedEntry[],
  ours: ManagedEntry | undefined,
): { readonly manager: string; readonly fields: FieldSet }[] {
  return entries
    .filter((entry) => entry !== ours)
    .map((entry) => ({ manager: entry.manager, fields: parseFieldsV1(entry.fields) ?? EMPTY_SET }));
}

/** The value below the own key of a fieldsV1 node; undefined when it is not there. */
export function childFields(node: Json | undefined, step: string): JsonObject | undefined {
  if (!isJsonObject(node) || !Object.hasOwn(node, step)) return undefined;
  const child = node[step];
  return isJsonObject(child) ? child : undefined;
}
