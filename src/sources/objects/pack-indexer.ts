import { readSync } from 'node:fs';
import { crc32, inflateSync } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import { corrupt, tooLarge } from './corrupt.ts';
import { applyDelta } from './delta.ts';
import { type GitObject, hashObject, type ObjectType } from './git-object.ts';
import type { IndexedObject } from './index-writer.ts';

/** What a fetched pack may cost at most. */
export interface PackLimits {
  readonly packBytes: number;
  readonly objects: number;
  /** One inflated object; larger than what is ever rendered, because a repository may hold it elsewhere. */
  readonly objectBytes: number;
  /** All inflated objects together. */
  readonly inflatedBytes: number;
}

export interface BaseObject {
  readonly id: string;
  readonly object: GitObject;
}

interface Entry {
  readonly offset: number;
  /** Where its compressed data begins. */
  readonly dataOffset: number;
  readonly end: number;
  readonly sizeBytes: number;
  readonly crc: number;
  readonly type: ObjectType | 'delta';
  id: string | undefined;
}

const TYPES: Readonly<Record<number, ObjectType>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };
const CACHE_BYTES = 32 * 1024 * 1024;

/**
 * Finds the id and offset of every object of a pack file: one pass that inflates everything in order, then the deltas from their bases
 * outward, without recursion. Bases that the pack leaves out (a thin pack) come from `findBase` and are named in the result.
 * @throws EngineError SourceCorrupt, RenderLimit
 */
export function indexPackFile(
  file: number,
  packBytes: number,
  limits: PackLimits,
  findBase: (id: string) => GitObject | undefined,
): { readonly objects: readonly IndexedObject[]; readonly missingBases: readonly BaseObject[] } {
  const window = new Window(file, packBytes - 20);
  const head = window.at(0, 12);
  if (packBytes < 32 || head.toString('latin1', 0, 4) !== 'PACK' || head.readUInt32BE(4) !== 2)
    throw corrupt('the pack', 'it is not a pack of version 2');
  const count = head.readUInt32BE(8);
  if (count > limits.objects) throw corrupt('the pack', `it has ${count} objects, the limit is ${limits.objects}`);

  const cache = new LRUCache<number, GitObject>({
    maxSize: CACHE_BYTES,
    maxEntrySize: CACHE_BYTES / 4,
    sizeCalculation: ({ data }) => data.byteLength + 64,
  });
  const entries: Entry[] = [];
  const byOffset = new Map<number, Entry>();
  const byId = new Map<string, Entry>();
  const childrenOfOffset = new Map<number, Entry[]>();
  const childrenOfId = new Map<string, Entry[]>();
  let inflated = 0;
  const account = (bytes: number): void => {
    inflated += bytes;
    if (inflated > limits.inflatedBytes) throw tooLarge('the inflated pack', inflated, limits.inflatedBytes);
  };
  const settle = (entry: Entry, object: GitObject): void => {
    entry.id = hashObject(object.type, object.data);
    byId.set(entry.id, entry);
  };

  let offset = 12;
  for (let number = 0; number < count; number++) {
    const header = readHeader(window, offset);
    if (header.sizeBytes > limits.objectBytes)
      throw tooLarge(`object at offset ${offset} of the pack`, header.sizeBytes, limits.objectBytes);
    const { data, consumed } = inflateAt(window, header.dataOffset, header.sizeBytes);
    account(data.byteLength);
    const end = header.dataOffset + consumed;
    const entry: Entry = {
      offset,
      dataOffset: header.dataOffset,
      end,
      sizeBytes: header.sizeBytes,
      crc: window.crc(offset, end),
      type: header.type,
      id: undefined,
    };
    entries.push(entry);
    byOffset.set(offset, entry);
    if (header.type !== 'delta') {
      const object = { type: header.type, data };
      settle(entry, object);
      cache.set(offset, object);
    } else if (typeof header.base === 'number') append(childrenOfOffset, header.base, entry);
    else append(childrenOfId, header.base, entry);
    offset = end;
  }
  if (offset !== packBytes - 20) throw corrupt('the pack', 'bytes follow its last object');

  const missingBases: BaseObject[] = [];
  let unresolved = entries.filter(({ type }) => type === 'delta').length;
  const resolveFrom = (start: {
    readonly entry: Entry | undefined;
    readonly id: string;
    readonly object: GitObject;
  }): void => {
    const stack = [start];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const children = [
        ...(top.entry === undefined ? [] : (childrenOfOffset.get(top.entry.offset) ?? [])),
        ...(childrenOfId.get(top.id) ?? []),
      ];
      for (const child of children) {
        if (child.id !== undefined) continue;
        const delta = inflateAt(window, child.dataOffset, child.sizeBytes).data;
        const data = applyDelta(
          top.object.data,
          delta,
          limits.objectBytes,
          `object at offset ${child.offset} of the pack`,
        );
        account(data.byteLength);
        const object = { type: top.object.type, data };
        settle(child, object);
        unresolved--;
        if (childrenOfOffset.has(child.offset) || childrenOfId.has(child.id ?? ''))
          stack.push({ entry: child, id: child.id ?? '', object });
      }
    }
  };
  if (unresolved > 0) {
    for (const entry of entries) {
      if (entry.type === 'delta' || entry.id === undefined) continue;
      if (!childrenOfOffset.has(entry.offset) && !childrenOfId.has(entry.id)) continue;
      const object = cache.get(entry.offset) ?? {
        type: entry.type,
        data: inflateAt(window, entry.dataOffset, entry.sizeBytes).data,
      };
      resolveFrom({ entry, id: entry.id, object });
    }
    for (const id of childrenOfId.keys()) {
      if (unresolved === 0) break;
      if (byId.has(id)) continue;
      const object = findBase(id);
      if (object === undefined) continue;
      missingBases.push({ id, object });
      resolveFrom({ entry: undefined, id, object });
    }
  }
  if (unresolved > 0) throw corrupt('the pack', `${unresolved} of its deltas have no base`);
  return {
    objects: entries.map(({ id, offset: at, crc }) => ({ id: id ?? '', offset: at, crc })),
    missingBases,
  };
}

function append<K>(map: Map<K, Entry[]>, key: K, entry: Entry): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [entry]);
  else list.push(entry);
}

type Header =
  | { readonly type: ObjectType; readonly sizeBytes: number; readonly dataOffset: number }
  | { readonly type: 'delta'; readonly sizeBytes: number; readonly dataOffset: number; readonly base: number | string };

function readHeader(window: Window, offset: number): Header {
  const bytes = window.at(offset, 64);
  let at = 0;
  let byte = bytes[at++] ?? 0;
  const type = (byte >> 4) & 7;
  let sizeBytes = byte & 0x0f;
  let factor = 16;
  while ((byte & 0x80) !== 0) {
    if (factor > 2 ** 46) throw corrupt('the pack', `the size at offset ${offset} is broken`);
    byte = bytes[at++] ?? 0;
    sizeBytes += (byte & 0x7f) * factor;
    factor *= 128;
  }
  const plain = TYPES[type];
  if (plain !== undefined) return { type: plain, sizeBytes, dataOffset: offset + at };
  if (type === 6) {
    byte = bytes[at++] ?? 0;
    let distance = byte & 0x7f;
    while ((byte & 0x80) !== 0) {
      if (distance > 2 ** 45) throw corrupt('the pack', `the delta at offset ${offset} has no readable base`);
      byte = bytes[at++] ?? 0;
      distance = (distance + 1) * 128 + (byte & 0x7f);
    }
    if (distance === 0 || offset - distance < 12)
      throw corrupt('the pack', `the delta at offset ${offset} has no base`);
    return { type: 'delta', sizeBytes, dataOffset: offset + at, base: offset - distance };
  }
  if (type === 7)
    return { type: 'delta', sizeBytes, dataOffset: offset + at + 20, base: bytes.toString('hex', at, at + 20) };
  throw corrupt('the pack', `the object at offset ${offset} has the unknown type ${type}`);
}

/** Inflates the stream at an offset whose compressed length is not known, in a view that grows until the stream ends in it. */
function inflateAt(
  window: Window,
  offset: number,
  sizeBytes: number,
): { readonly data: Buffer; readonly consumed: number } {
  let length = sizeBytes + Math.ceil(sizeBytes / 1000) + 64;
  for (;;) {
    const view = window.at(offset, length);
    try {
      const { buffer, engine } = inflateSync(view, {
        info: true,
        chunkSize: Math.max(64, sizeBytes + 1),
        maxOutputLength: Math.max(1, sizeBytes),
      }) as unknown as { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };
      if (buffer.byteLength !== sizeBytes)
        throw corrupt(
          'the pack',
          `the object at offset ${offset} has ${buffer.byteLength} bytes where ${sizeBytes} are declared`,
        );
      return { data: buffer, consumed: engine.bytesWritten };
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'Z_BUF_ERROR' || view.byteLength < length)
        throw corrupt('the pack', `the compressed data at offset ${offset} is broken`, thrown);
      length *= 4;
    }
  }
}

/** A moving view of a file: at most one block in memory, larger only for a larger object. */
class Window {
  readonly #file: number;
  readonly #end: number;
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(file: number, end: number) {
    this.#file = file;
    this.#end = end;
  }

  /** Up to `length` bytes from `offset`; fewer at the end of the file. */
  at(offset: number, length: number): Buffer {
    const wanted = Math.max(0, Math.min(length, this.#end - offset));
    const from = offset - this.#start;
    if (from < 0 || from + wanted > this.#bytes.byteLength) {
      const block = Buffer.allocUnsafe(Math.max(0, Math.min(Math.max(wanted, 1024 * 1024), this.#end - offset)));
      let filled = 0;
      while (filled < block.byteLength) {
        const read = readSync(this.#file, block, filled, block.byteLength - filled, offset + filled);
        if (read === 0) throw corrupt('the pack', 'it became shorter while it was read');
        filled += read;
      }
      this.#bytes = block;
      this.#start = offset;
      return block.subarray(0, wanted);
    }
    return this.#bytes.subarray(from, from + wanted);
  }

  crc(start: number, end: number): number {
    let value = 0;
    for (let at = start; at < end; ) {
      const part = this.at(at, Math.min(end - at, 1024 * 1024));
      value = crc32(part, value);
      at += part.byteLength;
    }
    return value;
  }
}
