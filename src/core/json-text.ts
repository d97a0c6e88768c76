import { randomUUID } from 'node:crypto';

import { stableJson, type Json } from './json.ts';

/** An integer literal that a double may not hold: sixteen digits or more. In a string it matches too; the slow path sorts that out. */
const LONG_INTEGER = /[:[,]\s*-?\d{16,}\s*[,}\]]/;
const MARK = randomUUID();

/** JSON text of a request body; big integers digit by digit. */
export function writeJson(value: Json): string {
  try {
    return JSON.stringify(value);
  } catch (thrown) {
    if (thrown instanceof TypeError && containsBigint(value)) return stableJson(value);
    throw thrown;
  }
}

/** Reads JSON; an integer beyond ±2^53 becomes a bigint, everything else is as `JSON.parse` reads it. @throws SyntaxError */
export function readJson(text: string): Json {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text) as Json;
  return JSON.parse(quoteLongIntegers(text), (_key, value: Json) =>
    typeof value === 'string' && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value,
  ) as Json;
}

function containsBigint(value: Json | undefined): boolean {
  const open: (Json | undefined)[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'bigint') return true;
    if (typeof next === 'object' && next !== null) open.push(...Object.values(next as Record<string, Json>));
  }
  return false;
}

/** Puts long integers outside of strings into marked strings. The mark is random for each process, so no document can hold it. */
function quoteLongIntegers(text: string): string {
  const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;
  return text.replace(token, (match) => {
    if (match.startsWith('"') || !/^-?\d{16,}$/.test(match) || Number.isSafeInteger(Number(match))) return match;
    return `"${MARK}${match}"`;
  });
}
