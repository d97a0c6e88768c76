import type { Json, JsonObject } from '../../../core/json.ts';
import { listNode, mapNode, scalarNode, STYLE, TAG, type YamlNode } from './node.ts';
import { resolvePlain } from './scalar.ts';

/**
 * Whose text the tree is as if read from. `yaml`: yaml.v3's writer over float64 numbers (what a JSON patch leaves behind).
 * `json`: JSON text, all strings in quotes, integers exact (what an unwrapped list's items are).
 */
export type WrittenBy = 'yaml' | 'json';

/** A value as a tree, as if it had been written with sorted keys and read again. */
export function jsonToNode(value: Json | undefined, by: WrittenBy): YamlNode {
  if (value === null || value === undefined) return scalarNode('null', TAG.null);
  switch (typeof value) {
    case 'boolean':
      return scalarNode(String(value), TAG.bool);
    case 'bigint':
      return by === 'yaml' ? numberNode(Number(value), by) : scalarNode(value.toString(), TAG.int);
    case 'number':
      return numberNode(value, by);
    case 'string':
      return stringOf(value, by);
    default:
      return Array.isArray(value) ? listOf(value, by) : mapOf(value as JsonObject, by);
  }
}

function listOf(items: readonly Json[], by: WrittenBy): YamlNode {
  const node = listNode(TAG.list);
  node.items = items.map((item) => jsonToNode(item, by));
  return node;
}

function mapOf(object: JsonObject, by: WrittenBy): YamlNode {
  const node = mapNode(TAG.map);
  for (const key of Object.keys(object).sort(compareKeys)) {
    node.entries.push({ key: stringOf(key, by), value: jsonToNode(object[key], by) });
  }
  return node;
}

function stringOf(text: string, by: WrittenBy): YamlNode {
  return by === 'json' ? scalarNode(text, TAG.string, STYLE.double) : writtenString(text);
}

function compareKeys(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function numberNode(value: number, by: WrittenBy): YamlNode {
  const text = formatFloat(value, by === 'yaml' ? 6 : 21);
  return scalarNode(text, resolvePlain(text));
}

/** Go's `strconv.FormatFloat(value, 'g', -1, 64)` (an exponent from 1e6 on), or with a limit of 21 as Go's JSON has it. */
export function formatFloat(value: number, limit = 6): string {
  if (Object.is(value, -0)) return '-0';
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const exponential = value.toExponential();
  const at = exponential.indexOf('e');
  const exponent = Number(exponential.slice(at + 1));
  if (value !== 0 && (exponent < (limit === 6 ? -4 : -6) || exponent >= limit)) {
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${exponential.slice(0, at)}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  return plainDecimal(value, exponential.slice(0, at), exponent);
}

function plainDecimal(value: number, mantissa: string, exponent: number): string {
  const digits = mantissa.replace('-', '').replace('.', '');
  const sign = value < 0 ? '-' : '';
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return sign + digits.padEnd(exponent + 1, '0');
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** A string with the quotes that a YAML writer gives it. */
export function writtenString(text: string): YamlNode {
  if (text.includes('\n')) return scalarNode(text, TAG.string, STYLE.literal);
  const plain =
    resolvePlain(text) === TAG.string && text !== '' && !/^[\s\-?:,[\]{}#&*!|>'"%@`]|: |\s#|[:\s]$/.test(text);
  return scalarNode(text, TAG.string, plain ? 0 : STYLE.double);
}
