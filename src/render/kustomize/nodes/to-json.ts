import type { MutableJson, MutableJsonObject } from '../../../core/json.ts';
import { decodeBinary } from '../../yaml/binary.ts';
import { newObject } from '../../yaml/json-object.ts';
import { refold } from '../../yaml/fold.ts';
import { shapeOf } from '../../yaml/scalar-style.ts';
import { BuildError } from '../problems.ts';
import { QUOTED, STYLE, TAG, type YamlNode } from './node.ts';
import { resolvePlain, resolveScalar, type ScalarValue } from './scalar.ts';

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * The value that a node has once it is printed and read again: what `kustomize build` prints and what JSON patches and hashes see.
 * Map keys below the top must be strings, no key may stand twice, numbers must be finite.
 */
export function nodeToJson(node: YamlNode | undefined, depth = 0, aroundFlow = false): MutableJson {
  if (node === undefined) return null;
  const inFlow = aroundFlow || (node.style & STYLE.flow) !== 0;
  switch (node.kind) {
    case 'none':
      return null;
    case 'scalar':
      return scalarToJson(node, inFlow);
    case 'list':
      return node.items.map((item) => nodeToJson(item, depth + 1, inFlow));
    case 'map':
      return mapToJson(node, depth, inFlow);
  }
}

function mapToJson(node: YamlNode, depth: number, inFlow: boolean): MutableJsonObject {
  const result = newObject();
  for (const entry of node.entries) {
    const key = keyText(entry.key, depth, inFlow);
    if (Object.hasOwn(result, key))
      throw new BuildError('DuplicateKey', `mapping key ${JSON.stringify(key)} is defined twice`);
    result[key] = nodeToJson(entry.value, depth + 1, inFlow);
  }
  return result;
}

function keyText(key: YamlNode, depth: number, inFlow: boolean): string {
  if (key.kind !== 'scalar') throw new BuildError('InvalidKey', 'a map key is not a scalar');
  if (key.tag === TAG.string && (key.style & STYLE.tagged) === 0) return key.text;
  const found = printedValue(key, inFlow || (key.style & STYLE.inFlow) !== 0);
  if (found === undefined || (depth > 0 && found.tag !== TAG.string))
    throw new BuildError('InvalidKey', `map key ${JSON.stringify(key.text)} is not a string`);
  return key.text;
}

function scalarToJson(node: YamlNode, inFlow: boolean): MutableJson {
  if (node.tag === TAG.string) return rewritten(node);
  const found = printedValue(node, inFlow);
  if (found === undefined)
    throw new BuildError('InvalidScalar', `a value is marked ${node.tag} but does not read as one`);
  // A text that a step wrote over a block is written as a block too.
  if (found.tag === TAG.string && found.value === node.text) return rewritten(node);
  return scalarValueToJson(found);
}

function scalarValueToJson(found: ScalarValue): MutableJson {
  if (typeof found.value === 'bigint') {
    return found.value <= MAX_SAFE && found.value >= -MAX_SAFE ? Number(found.value) : found.value;
  }
  if (typeof found.value === 'number' && !Number.isFinite(found.value))
    throw new BuildError('InvalidNumber', 'infinity and NaN cannot be printed');
  if (found.tag === TAG.binary && typeof found.value === 'string') {
    const text = decodeBinary(found.value);
    if (text === undefined) throw new BuildError('InvalidBinary', 'a !!binary value is not valid base64');
    return text;
  }
  return found.value;
}

/** What a scalar reads as after it was written: its tag is written only where the text alone would not say it. */
function printedValue(node: YamlNode, inFlow: boolean): ScalarValue | undefined {
  const quoted = (node.style & QUOTED) !== 0;
  const ownTag = node.tag === TAG.none || resolvePlain(node.text) === node.tag;
  if (!quoted && ownTag && inFlow && (node.style & STYLE.tagged) === 0) {
    if (node.text === '' || (node.tag === TAG.timestamp && node.text.includes(':')))
      return { tag: TAG.string, value: node.text };
  }
  if ((node.style & STYLE.tagged) !== 0) return resolveScalar(node.tag, node.text);
  if (node.tag === TAG.none) {
    if (quoted || node.text.includes('\n')) return { tag: TAG.string, value: node.text };
    return resolveScalar('', node.text);
  }
  if (node.tag === TAG.string) return { tag: TAG.string, value: node.text };
  if (resolvePlain(node.text) === node.tag && quoted) return { tag: TAG.string, value: node.text };
  return resolveScalar(node.tag, node.text);
}

/** A string after it was written and read again: blocks do not always come back as they were. */
function rewritten(node: YamlNode): string {
  const { text } = node;
  if ((node.style & (STYLE.folded | STYLE.literal)) === 0) return text;
  if (text.startsWith('\t') && shapeOf(text, 'block').block)
    throw new BuildError('InvalidText', 'a block of text that begins with a tab cannot be written');
  const kept = (node.style & STYLE.folded) !== 0 ? refold(text) : text;
  return (node.style & STYLE.commented) !== 0 && /[\n\u2028\u2029]{2}$|^\n$/.test(text) ? `${kept}\n` : kept;
}
