import { own, type Json, type JsonObject, type MutableJson, type MutableJsonObject } from '../../core/json.ts';
import { metaOf, nameOf, textOf } from '../object.ts';
import type { Resource, ServedVersion } from '../schema/resource.ts';
import { columnsOfKind, type Column } from './columns.ts';

export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** Objects as kubectl prints them. */
export function tableOf(
  objects: readonly JsonObject[],
  resource: Resource,
  version: ServedVersion,
  include: IncludeObject,
  nowMs: number,
  listMeta: MutableJsonObject,
): MutableJsonObject {
  const columns =
    version.columns.length > 0 || resource.definition !== undefined ? customColumns(version) : columnsOfKind(resource);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: listMeta,
    columnDefinitions: columns.map((column) => ({
      name: column.name,
      type: column.type,
      format: column.name === 'Name' ? 'name' : '',
      description: '',
      priority: column.priority,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, nowMs)),
      ...(include === 'None' ? {} : { object: (include === 'Object' ? object : partialOf(object)) as MutableJson }),
    })),
  };
}

/** Only what identifies and describes an object. */
export function partialOf(object: JsonObject): MutableJsonObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: metaOf(object) as MutableJsonObject };
}

function customColumns(version: ServedVersion): Column[] {
  const name: Column = { name: 'Name', type: 'string', priority: 0, cell: nameOf };
  const age: Column = {
    name: 'Age',
    type: 'date',
    priority: 0,
    cell: (object) => textOf(metaOf(object), 'creationTimestamp'),
  };
  if (version.columns.length === 0) return [name, age];
  const given = version.columns.map(
    (column): Column => ({
      name: column.name,
      type: column.type,
      priority: column.priority,
      cell: (object) => cellText(readPath(object, column.jsonPath)),
    }),
  );
  return [name, ...given];
}

function cellText(value: Json | undefined): MutableJson {
  if (value === undefined) return null;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as MutableJson);
}

/** The JSONPath of printer columns: fields, indexes and `[?(@.type=="Ready")]` filters. */
function readPath(object: Json, path: string): Json | undefined {
  let current: Json | undefined = object;
  const step = /\.([\w$-]+)|\['([^']+)'\]|\[(\d+|\*)\]|\[\?\(@\.([\w.-]+)\s*==\s*["']([^"']*)["']\)\]/gy;
  let end = 0;
  for (let match = step.exec(path); match !== null; match = step.exec(path)) {
    end = step.lastIndex;
    const [, field, quoted, index, filterField, filterValue] = match;
    const key = field ?? quoted;
    if (key !== undefined) current = own(current, key);
    else if (index !== undefined)
      current = Array.isArray(current) ? (current[index === '*' ? 0 : Number(index)] as Json | undefined) : undefined;
    else if (Array.isArray(current))
      current = (current as readonly Json[]).find((item) => own(item, filterField ?? '') === filterValue);
    else current = undefined;
    if (current === undefined) return undefined;
  }
  return end === path.length ? current : undefined;
}
