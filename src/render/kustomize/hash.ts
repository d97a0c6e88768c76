import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../../core/json.ts';
import { fieldOf } from './nodes/fields.ts';
import { formatFloat } from './nodes/from-json.ts';
import { nodeToJson } from './nodes/to-json.ts';
import type { YamlNode } from './nodes/node.ts';
import { NOTE } from './notes.ts';
import type { Resource } from './resource.ts';

/** Appends the hash of their content to the names of generated objects that ask for it. */
export function appendHashes(resources: readonly Resource[]): void {
  for (const resource of resources) {
    if (!resource.isEnabled(NOTE.needsHash)) continue;
    const hash = contentHash(resource.view);
    resource.storePreviousId();
    resource.setName(`${resource.name}-${hash}`);
  }
}

/** The ten characters that stand for an object's content. The name is not part of it. */
function contentHash(tree: YamlNode): string {
  const kind = fieldOf(tree, 'kind')?.text ?? '';
  if (kind === 'ConfigMap') return encode(configMapText(tree));
  if (kind === 'Secret') return encode(secretText(tree));
  return encode(goJson(nodeToJson(tree) as Json));
}

function configMapText(tree: YamlNode): string {
  const content = Object.create(null) as Record<string, Json>;
  const binary = fieldValue(tree, 'binaryData');
  if (typeof binary === 'object') content.binaryData = binary;
  content.data = fieldValue(tree, 'data');
  content.kind = 'ConfigMap';
  content.name = '';
  return goJson(content);
}

function secretText(tree: YamlNode): string {
  const content = Object.create(null) as Record<string, Json>;
  content.data = fieldValue(tree, 'data');
  content.kind = 'Secret';
  content.name = '';
  const text = fieldValue(tree, 'stringData');
  if (typeof text === 'object') content.stringData = text;
  content.type = fieldValue(tree, 'type');
  return goJson(content);
}

function fieldValue(tree: YamlNode, name: string): Json {
  const node = fieldOf(tree, name);
  if (node === undefined) return '';
  return node.kind === 'scalar' ? node.text : (nodeToJson(node, 0) as Json);
}

const LETTERS: Readonly<Record<string, string>> = { 0: 'g', 1: 'h', 3: 'k', a: 'm', e: 't' };

function encode(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex').slice(0, 10);
  return hex.replaceAll(/[013ae]/g, (letter) => LETTERS[letter] ?? letter);
}

/** JSON as Go writes it: keys sorted, `<`, `>`, `&` and the line separators escaped. */
export function goJson(value: Json | undefined, indent = ''): string {
  return write(value, indent, '\n');
}

function write(value: Json | undefined, indent: string, newline: string): string {
  if (value === null || value === undefined) return 'null';
  switch (typeof value) {
    case 'string':
      return goString(value);
    case 'number':
      return goNumber(value);
    case 'boolean':
    case 'bigint':
      return String(value);
    default:
      break;
  }
  const below = newline + indent;
  const [open, parts, close] = Array.isArray(value)
    ? ['[', value.map((item: Json) => write(item, indent, below)), ']']
    : ['{', members(value as JsonObject, indent, below), '}'];
  if (parts.length === 0) return open + close;
  return indent === '' ? open + parts.join(',') + close : open + below + parts.join(`,${below}`) + newline + close;
}

function members(object: JsonObject, indent: string, below: string): string[] {
  return Object.keys(object)
    .sort()
    .map((key) => `${goString(key)}:${indent === '' ? '' : ' '}${write(object[key], indent, below)}`);
}

function goString(text: string): string {
  return JSON.stringify(text)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

function goNumber(value: number): string {
  const text = formatFloat(value, 21);
  return text.replace(/e-0(\d)$/, 'e-$1');
}
