import type { Json } from '../../../core/json.ts';
import { fromJson, MAX_VALUE_DEPTH, type Value } from './value.ts';

export interface JsonPrefix {
  /** The text of the value, with blanks before it. */
  readonly text: string;
  readonly value: Value;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

/** The JSON value at the start of a text; undefined when there is none, or one that nests too deeply. */
export function readJsonPrefix(text: string): JsonPrefix | undefined {
  const start = text.search(/[^ \t\r\n]/);
  if (start < 0) return undefined;
  const end = endOfValue(text, start);
  if (end === undefined) return undefined;
  try {
    const value = fromJson(JSON.parse(text.slice(start, end)) as Json);
    return hasInfinity(value) ? undefined : { text: text.slice(0, end), value };
  } catch {
    return undefined;
  }
}

function endOfValue(text: string, start: number): number | undefined {
  const first = text[start];
  if (first === '"') return endOfString(text, start);
  if (first !== '{' && first !== '[') {
    for (const pattern of [NUMBER, WORD]) {
      pattern.lastIndex = start;
      const found = pattern.exec(text)?.[0];
      if (found !== undefined) return /[.eE]/.test(text[start + found.length] ?? '') ? undefined : start + found.length;
    }
    return undefined;
  }
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const char = text[index];
    if (char === '"') {
      const end = endOfString(text, index);
      if (end === undefined) return undefined;
      index = end - 1;
    } else if (char === '{' || char === '[') {
      depth++;
      if (depth > MAX_VALUE_DEPTH) return undefined;
    } else if (char === '}' || char === ']') {
      depth--;
      if (depth === 0) return index + 1;
    }
  }
  return undefined;
}

function endOfString(text: string, start: number): number | undefined {
  for (let index = start + 1; index < text.length; index++) {
    if (text[index] === '\\') index++;
    else if (text[index] === '"') return index + 1;
  }
  return undefined;
}

/** Go refuses a number that no float64 holds. */
function hasInfinity(value: Value): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasInfinity);
}

/** Whether lists and maps of a JSON text nest at most `depth` deep; looked up before it is parsed. */
export function withinDepth(text: string, depth: number): boolean {
  let open = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const char = text[index];
    if (inString) {
      if (char === '\\') index++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') {
      open++;
      if (open > depth) return false;
    } else if (char === '}' || char === ']') open--;
  }
  return true;
}
