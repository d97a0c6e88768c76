import { EMPTY_SET, isEmptySet, type FieldSet } from '../../core/fields/field-set.ts';
import { formatFieldsV1, parseFieldsV1 } from '../../core/fields/fields-v1.ts';
import {
  isJsonObject,
  own,
  stableJson,
  type Json,
  type JsonObject,
  type MutableJson,
  type MutableJsonObject,
} from '../../core/json.ts';
import { metaOf, textOf } from '../object.ts';

export type Operation = 'Apply' | 'Update';

/** One entry of `managedFields`. */
export interface Manager {
  readonly name: string;
  readonly operation: Operation;
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/** The entries by identity: an applier is one entry over all versions, an updater one for each. */
export type Managers = Map<string, Manager>;

export function managerId(manager: Pick<Manager, 'name' | 'operation' | 'apiVersion' | 'subresource'>): string {
  const version = manager.operation === 'Apply' ? '' : manager.apiVersion;
  return stableJson([manager.name, manager.operation, version, manager.subresource]);
}

/** Reads `metadata.managedFields`; an entry that cannot be read makes the whole unknown, as if nobody owned anything. */
export function readManagers(object: JsonObject): Managers {
  const managers: Managers = new Map();
  const entries = own(metaOf(object), 'managedFields');
  if (!Array.isArray(entries)) return managers;
  for (const entry of entries as readonly Json[]) {
    const operation = textOf(entry, 'operation');
    const fields = parseFieldsV1(own(entry, 'fieldsV1') ?? {});
    if ((operation !== 'Apply' && operation !== 'Update') || fields === undefined) return new Map();
    const time = textOf(entry, 'time');
    const manager: Manager = {
      name: textOf(entry, 'manager'),
      operation,
      apiVersion: textOf(entry, 'apiVersion'),
      subresource: textOf(entry, 'subresource'),
      time: time === '' ? undefined : time,
      fields,
    };
    managers.set(managerId(manager), manager);
  }
  return managers;
}

/** The entries as the server writes them: appliers first, then by time and name. */
export function writeManagers(managers: Managers): MutableJson[] {
  const sorted = [...managers.values()].sort(
    (a, b) =>
      compareText(a.operation, b.operation) ||
      compareText(a.time ?? '', b.time ?? '') ||
      compareText(a.name, b.name) ||
      compareText(a.apiVersion, b.apiVersion) ||
      compareText(a.subresource, b.subresource),
  );
  return sorted.map((manager) => {
    const entry: MutableJsonObject = {
      manager: manager.name,
      operation: manager.operation,
      apiVersion: manager.apiVersion,
    };
    if (manager.time !== undefined) entry['time'] = manager.time;
    entry['fieldsType'] = 'FieldsV1';
    entry['fieldsV1'] = formatFieldsV1(manager.fields) as MutableJson;
    if (manager.subresource !== '') entry['subresource'] = manager.subresource;
    return entry;
  });
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

export function withFields(manager: Manager, fields: FieldSet): Manager {
  return { ...manager, fields };
}

export function dropEmpty(managers: Managers): void {
  for (const [id, manager] of managers) if (isEmptySet(manager.fields)) managers.delete(id);
}

export function fieldsOf(managers: Managers, id: string): FieldSet {
  return managers.get(id)?.fields ?? EMPTY_SET;
}

/** Whether an object carries entries at all; null and [] ask for none. */
export function hasManagers(object: JsonObject): boolean {
  const entries = own(metaOf(object), 'managedFields');
  return Array.isArray(entries) && entries.some(isJsonObject);
}
