import type { Json, MutableJsonObject } from '../../../src/core/json.ts';

/** A JSON reader that keeps integers beyond 2^53 as bigints and `__proto__` as a key. For test data only: it trusts its input. */
export function parseExactJson(text: string): Json {
  let index = 0;
  const blank = /[ \t\r\n]*/y;
  const atom = /"(?:[^"\\]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null/y;
  const skip = (): void => {
    blank.lastIndex = index;
    blank.exec(text);
    index = blank.lastIndex;
  };
  const value = (): Json => {
    skip();
    const first = text[index];
    if (first === '[') {
      index++;
      const items: Json[] = [];
      for (skip(); text[index] !== ']'; skip()) {
        items.push(value());
        skip();
        if (text[index] === ',') index++;
      }
      index++;
      return items;
    }
    if (first === '{') {
      index++;
      const object = Object.create(null) as MutableJsonObject;
      for (skip(); text[index] !== '}'; skip()) {
        const key = value() as string;
        skip();
        index++;
        object[key] = value() as never;
        skip();
        if (text[index] === ',') index++;
      }
      index++;
      return object;
    }
    atom.lastIndex = index;
    const match = atom.exec(text);
    if (match === null) throw new Error(`no JSON at ${index}: ${text.slice(index, index + 40)}`);
    index = atom.lastIndex;
    if (/^-?[0-9]+$/.test(match[0]) && !Number.isSafeInteger(Number(match[0]))) return BigInt(match[0]);
    return JSON.parse(match[0]) as Json;
  };
  return value();
}
