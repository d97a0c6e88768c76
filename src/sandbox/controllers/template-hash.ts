import { own, stableJson, type Json, type JsonObject } from '../../core/json.ts';
import { copyOf } from '../object.ts';

const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';
export const HASH_LABEL = 'pod-template-hash';

/** A short name for a template (or anything), of letters that spell no words. */
export function hashOf(value: Json | undefined, collisions = 0): string {
  let hash = 0x811c9dc5;
  const text = `${stableJson(value)}${collisions > 0 ? String(collisions) : ''}`;
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return Array.from(String(hash))
    .map((digit) => LETTERS[digit.charCodeAt(0) % LETTERS.length] ?? 'x')
    .join('');
}

/** The text of a template without the label that names it: equal texts are equal templates. */
export function templateText(template: Json | undefined): string {
  const plain = copyOf(template ?? {});
  const labels = own(own(plain, 'metadata'), 'labels');
  if (typeof labels === 'object' && labels !== null) delete (labels as Record<string, unknown>)[HASH_LABEL];
  return stableJson(plain);
}

export function templateOf(owner: JsonObject): JsonObject {
  const template = own(own(owner, 'spec'), 'template');
  return typeof template === 'object' && template !== null && !Array.isArray(template) ? (template as JsonObject) : {};
}
