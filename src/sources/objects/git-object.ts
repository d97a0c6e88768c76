import { createHash, hash } from 'node:crypto';

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

const SMALL_BYTES = 16 * 1024;

/** The object id that Git gives to `data`. */
export function hashObject(type: ObjectType, data: Uint8Array): string {
  const head = `${type} ${data.byteLength}\0`;
  // One call for what is small: an object that hashes piece by piece costs more to make and to collect than the hash.
  if (data.byteLength < SMALL_BYTES) return hash('sha1', Buffer.concat([Buffer.from(head), data]), 'hex');
  return createHash('sha1').update(head).update(data).digest('hex');
}
