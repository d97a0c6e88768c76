import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { corrupt, tooLarge } from './corrupt.ts';
import type { GitObject, ObjectType } from './git-object.ts';
import { inflateUpTo } from './inflate.ts';

const HEADER = /^(commit|tree|blob|tag) (0|[1-9][0-9]{0,15})$/;

/**
 * An object in a file of its own, `objects/ab/cdef…`; undefined when there is none.
 * @throws EngineError SourceCorrupt, RenderLimit
 */
export function readLooseObject(objectsFolder: string, id: string, maxBytes: number): GitObject | undefined {
  const subject = `object ${id}`;
  let file: number;
  try {
    file = openSync(join(objectsFolder, id.slice(0, 2), id.slice(2)), 'r');
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw corrupt(subject, 'its file cannot be opened', thrown);
  }
  let compressed: Buffer;
  try {
    const { size } = fstatSync(file);
    if (size > maxBytes + 4096) throw tooLarge(subject, size, maxBytes);
    compressed = readFileSync(file);
  } finally {
    closeSync(file);
  }
  const bytes = inflateUpTo(compressed, maxBytes + 64, subject);
  const end = bytes.subarray(0, 64).indexOf(0);
  const header = HEADER.exec(end < 0 ? '' : bytes.toString('latin1', 0, end));
  if (header === null) throw corrupt(subject, 'it does not begin with a type and a size');
  const data = bytes.subarray(end + 1);
  if (data.byteLength !== Number(header[2]))
    throw corrupt(subject, `it has ${data.byteLength} bytes where ${header[2]} are declared`);
  return { type: header[1] as ObjectType, data };
}
