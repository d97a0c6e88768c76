import type { Json } from '../core/json.ts';

const MAX_DEPTH = 64;

/** JSON from bytes; undefined when it is none, is no UTF-8, or is nested deeper than any sender needs. */
export function parsePayload(rawBody: Uint8Array): Json | undefined {
  if (depthOf(rawBody) > MAX_DEPTH) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody)) as Json;
  } catch {
    return undefined;
  }
}

/** The deepest nesting of brackets outside of strings. */
function depthOf(bytes: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let position = 0; position < bytes.byteLength; position++) {
    const byte = bytes[position];
    if (inString) {
      if (byte === 0x5c) position++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x5b || byte === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return deepest;
}
