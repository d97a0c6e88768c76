import { createHash } from 'node:crypto';
import { stableJson, type Json } from './json.ts';

/** `sha256:<hex>` of a text. */
export function digestText(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** `sha256:<hex>` of a value, whatever the order of its keys. */
export function digestJson(value: Json): string {
  return digestText(stableJson(value));
}
