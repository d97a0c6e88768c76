import { createHash } from 'node:crypto';

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';

/** One Git object, inflated and with its deltas applied. */
export interface GitObject {
  readonly type: ObjectType;
  readonly data: Buffer;
}

/** Object ids are SHA-1: forty lower-case hexadecimal digits. */
export function isObjectId(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

/** The object id that Git gives to `data`. */
export function hashObject(type: ObjectType, data: Uint8Array): string {
  return createHash('sha1').update(`${type} ${data.byteLength}\0`).update(data).digest('hex');
}
