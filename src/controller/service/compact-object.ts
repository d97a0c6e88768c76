import { FIELD_MANAGER } from '../../core/application.ts';
import { isJsonObject, own, type Json, type JsonObject } from '../../core/json.ts';
import type { KubeObject } from '../../core/object-key.ts';

export interface Compacted {
  readonly object: KubeObject;
  /** Our own record of fields as text: it changes when anybody takes or removes a field of ours, and with nothing else. */
  readonly owned: string;
}

/** Records that are the same text in thousands of objects are kept once; what is rare is not remembered. */
const KEPT_TEXTS = 4096;
const known = new Map<string, string>();

/**
 * The same object with its record of fields as text, read again when somebody looks at it. Half of what a watched object takes in memory
 * is that record, in hundreds of empty objects; it is looked at when a verdict is made, which is seldom.
 */
export function compact(object: KubeObject): Compacted {
  const entries = own(object.metadata, 'managedFields');
  if (!Array.isArray(entries)) return { object, owned: '' };
  const parts = entries.map((entry: Json) => {
    const fields = own(entry, 'fieldsV1');
    return isJsonObject(entry) && fields !== undefined
      ? { entry: shared(entry), text: intern(JSON.stringify(fields)) }
      : { entry, text: undefined };
  });
  const ours = parts.find(({ entry }) => isOurs(entry));
  const metadata = { ...object.metadata };
  Object.defineProperty(metadata, 'managedFields', {
    enumerable: true,
    configurable: true,
    get: (): Json =>
      parts.map(({ entry, text }) =>
        isJsonObject(entry) && text !== undefined ? { ...entry, fieldsV1: JSON.parse(text) as Json } : entry,
      ),
  });
  return { object: { ...object, metadata }, owned: ours?.text ?? '' };
}

/** The same object without the record of who owns which field: of our own kinds nobody asks. */
export function withoutFieldRecords(object: KubeObject): KubeObject {
  const { managedFields: _records, ...metadata } = object.metadata;
  return { ...object, metadata } as KubeObject;
}

function isOurs(entry: Json): boolean {
  return (
    own(entry, 'manager') === FIELD_MANAGER &&
    own(entry, 'operation') === 'Apply' &&
    own(entry, 'subresource') === undefined
  );
}

/** Managers, operations and versions are a few words in all objects of a cluster. */
function shared(entry: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(entry).map(([key, value]) => [
      key,
      key === 'fieldsV1' ? null : typeof value === 'string' ? intern(value) : value,
    ]),
  ) as JsonObject;
}

function intern(text: string): string {
  const present = known.get(text);
  if (present !== undefined) return present;
  if (known.size >= KEPT_TEXTS) known.clear();
  known.set(text, text);
  return text;
}
