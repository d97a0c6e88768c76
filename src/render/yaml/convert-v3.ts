import type { Json, MutableJson, MutableJsonObject } from '../../core/json.ts';
import { decodeBinary } from './binary.ts';
import type { AliasNode, MapNode, ScalarNode, YamlNode } from './compose.ts';
import { DecodeBudget } from './decode-budget.ts';
import { refold } from './fold.ts';
import { newObject } from './json-object.ts';
import { YamlFault } from './problem.ts';
import { BINARY_TAG, MERGE_TAG, MISMATCH, resolvePlain, resolveTagged, type Scalar, STRING_TAG } from './resolve.ts';
import { shapeOf } from './scalar-style.ts';
import { FOLDED, LITERAL, PLAIN } from './tokens.ts';

/**
 * A document as kyaml gives it to `kustomize build`: a tree of yaml.v3, written as text and read again into a map of strings to JSON.
 * That way in detail: keys of the topmost map become strings as they are written, a key further down that is not a string is refused;
 * keys are unique as written (`1` and `"1"` are the same); a timestamp becomes RFC 3339; and a folded block whose lines are indented
 * gains the line breaks that yaml.v3 adds when it writes it; an empty value inside flow collections becomes an empty string.
 */
export function convertV3(
  root: YamlNode,
  options: { readonly aliasNodes: number },
): { readonly value: Json; readonly faults: readonly YamlFault[] } {
  const converter = new Converter(options.aliasNodes);
  const value = converter.root(root);
  return { value, faults: converter.faults };
}

class Converter {
  readonly faults: YamlFault[] = [];
  readonly #budget: DecodeBudget;
  readonly #open = new Set<AliasNode>();
  readonly #reported = new Set<MapNode>();

  constructor(aliasNodes: number) {
    this.#budget = new DecodeBudget(aliasNodes);
  }

  root(node: YamlNode): MutableJson {
    if (node.kind === 'map') {
      this.#budget.count(node, false);
      const object = newObject();
      this.#fill(node, object, true, undefined);
      return object;
    }
    if (node.kind === 'scalar' && !node.anchored && isEmptyText(node)) return newObject();
    if (node.kind === 'scalar' && this.#scalar(node).type !== 'null') {
      throw new YamlFault('a document must be a map or a list', node.position);
    }
    return this.#value(node);
  }

  #value(node: YamlNode): MutableJson {
    this.#budget.count(node, this.#open.size > 0);
    switch (node.kind) {
      case 'scalar':
        return scalarValue(this.#scalar(node), node);
      case 'list':
        return node.children.map((child) => this.#value(child));
      case 'map': {
        for (let index = 0; index < node.children.length; index += 2) {
          const key = node.children[index] as YamlNode;
          if (!this.#isStringKey(key)) {
            throw new YamlFault('a key below the top of the document must be a string', key.position);
          }
        }
        const object = newObject();
        this.#fill(node, object, false, undefined);
        return object;
      }
      default:
        return this.#follow(node, () => this.#value(node.target));
    }
  }

  #follow<T>(node: AliasNode, read: () => T): T {
    if (this.#open.has(node)) throw new YamlFault(`anchor '${node.name}' value contains itself`, node.position);
    this.#open.add(node);
    const result = read();
    this.#open.delete(node);
    return result;
  }

  #isStringKey(node: YamlNode): boolean {
    if (node.kind === 'alias') return this.#isStringKey(node.target);
    if (node.kind !== 'scalar') return false;
    const tag = fullTag(node.tag);
    if (tag === '' || tag === '!') {
      return node.style !== PLAIN || node.value === '<<' || node.value === '' || plainScalar(node).type === 'string';
    }
    return tag === STRING_TAG || tag === MERGE_TAG;
  }

  #scalar(node: ScalarNode): Scalar {
    const tag = fullTag(node.tag);
    if (tag === '' || tag === '!') {
      if (node.style === PLAIN) return plainScalar(node);
      return { type: 'string', value: rewritten(node) };
    }
    if (tag === STRING_TAG) return { type: 'string', value: rewritten(node) };
    if (tag === BINARY_TAG) {
      const text = decodeBinary(node.value);
      if (text === undefined) throw new YamlFault('!!binary value contains invalid base64 data', node.position);
      return { type: 'string', value: text };
    }
    const found = resolveTagged(tag, node.value, 'v3');
    if (found === MISMATCH) throw new YamlFault(`cannot read the value as ${node.tag}`, node.position);
    // A text under a tag of the repository's own.
    return found.type === 'string' && found.value === node.value ? { type: 'string', value: rewritten(node) } : found;
  }

  /**
   * `top`: keys are taken as text. `merged`: the keys that a merge may not set any more.
   */
  #fill(node: MapNode, object: MutableJsonObject, top: boolean, merged: Set<string> | undefined): void {
    if (!this.#checkUnique(node)) return;
    const { children } = node;
    let merge: YamlNode | undefined;
    for (let index = 0; index < children.length; index += 2) {
      const key = children[index] as YamlNode;
      const value = children[index + 1] as YamlNode;
      if (isMerge(key)) {
        merge = value;
        continue;
      }
      this.#budget.count(key, this.#open.size > 0);
      const text = this.#keyText(key, top);
      if (text === undefined) {
        checkWritten(value);
        continue;
      }
      if (merged !== undefined) {
        if (merged.has(`string ${text}`)) continue;
        merged.add(`string ${text}`);
      }
      object[text] = this.#value(value);
    }
    if (merge !== undefined) this.#merge(node, merge, object, top, merged);
  }

  /** A key as text; undefined for a null key, which is left out. */
  #keyText(key: YamlNode, top: boolean): string | undefined {
    if (key.kind === 'alias') return this.#follow(key, () => this.#keyText(key.target, top));
    if (key.kind !== 'scalar') throw new YamlFault('a map or a list cannot be a key', key.position);
    if (isEmptyText(key)) return '';
    const scalar = this.#scalar(key);
    if (scalar.type === 'null') return undefined;
    return scalar.type === 'string' ? scalar.value : key.value;
  }

  #merge(
    parent: MapNode,
    source: YamlNode,
    object: MutableJsonObject,
    top: boolean,
    merged: Set<string> | undefined,
  ): void {
    const taken = merged ?? this.#typedKeys(parent);
    for (const item of source.kind === 'list' ? source.children : [source]) {
      const target = item.kind === 'alias' ? item.target : item;
      if (target.kind !== 'map') {
        throw new YamlFault('map merge requires map or sequence of maps as the value', item.position);
      }
      this.#budget.count(item, this.#open.size > 0);
      if (item.kind === 'alias') this.#follow(item, () => this.#fill(target, object, top, taken));
      else this.#fill(target, object, top, taken);
    }
  }

  /** The keys of a map with their types: a merge is kept from setting those that are strings. */
  #typedKeys(node: MapNode): Set<string> {
    const keys = new Set<string>();
    for (let index = 0; index < node.children.length; index += 2) {
      let key = node.children[index] as YamlNode;
      if (key.kind === 'alias') key = key.target;
      if (key.kind !== 'scalar') throw new YamlFault('a map or a list cannot be a key', key.position);
      const scalar = this.#scalar(key);
      keys.add(`${scalar.type} ${scalar.type === 'string' ? scalar.value : key.value}`);
    }
    return keys;
  }

  #checkUnique(node: MapNode): boolean {
    const seen = new Set<string>();
    let good = true;
    for (let index = 0; index < node.children.length; index += 2) {
      const key = node.children[index] as YamlNode;
      const text = key.kind === 'scalar' ? key.value : key.kind === 'alias' ? key.name : '';
      const id = `${key.kind} ${text}`;
      if (seen.has(id)) {
        good = false;
        if (!this.#reported.has(node)) {
          this.faults.push(new YamlFault(`key ${JSON.stringify(text)} is set twice`, key.position));
        }
      }
      seen.add(id);
    }
    if (!good) this.#reported.add(node);
    return good;
  }
}

function scalarValue(scalar: Scalar, node: ScalarNode): MutableJson {
  switch (scalar.type) {
    case 'null':
      return null;
    case 'int': {
      const number = Number(scalar.value.value);
      return Number.isSafeInteger(number) ? number : scalar.value.value;
    }
    case 'float':
      if (!Number.isFinite(scalar.value)) {
        throw new YamlFault(`${node.value} cannot be written as JSON`, node.position);
      }
      return scalar.value;
    default:
      return scalar.value;
  }
}

/** Nothing, written plainly: a null that yaml.v3 writes as nothing again, but as `''` for a key and inside flow collections. */
function isEmptyText(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === '' && node.style === PLAIN && (node.tag === '' || node.tag === '!');
}

// Of what is no string, only a timestamp holds a character that has to be quoted inside flow collections.
function plainScalar(node: ScalarNode): Scalar {
  const scalar = resolvePlain(node.value, 'v3');
  if (!node.inFlow || scalar.type === 'string') return scalar;
  const quoted = scalar.type === 'timestamp' ? node.value.includes(':') : node.value === '';
  return quoted ? { type: 'string', value: node.value } : scalar;
}

/** The value of a string after it was written by yaml.v3 and read again. */
function rewritten(node: ScalarNode): string {
  const { value } = node;
  if (node.style !== FOLDED && node.style !== LITERAL) return value;
  // Not a block any more when it is written.
  if (!shapeOf(value, 'block').block) return value;
  // Written without an indentation indicator, since that only comes before spaces.
  if (value.startsWith('\t')) {
    throw new YamlFault('a block scalar that begins with a tab cannot be written', node.position);
  }
  const kept = node.style === FOLDED ? refold(value) : value;
  // A comment at the end of the document is set off by an empty line, which becomes part of a text that keeps its end.
  return node.commented === true && /[\n\u2028\u2029]{2}$|^\n$/.test(value) ? `${kept}\n` : kept;
}

/** What is left out is written all the same before it is. @throws YamlFault for what cannot be */
function checkWritten(node: YamlNode): void {
  if (node.kind === 'scalar') rewritten(node);
  else if (node.kind !== 'alias') for (const child of node.children) checkWritten(child);
}

function fullTag(tag: string): string {
  return tag.startsWith('!!') ? `tag:yaml.org,2002:${tag.slice(2)}` : tag;
}

function isMerge(node: YamlNode): boolean {
  if (node.kind !== 'scalar' || node.value !== '<<') return false;
  const tag = fullTag(node.tag);
  return tag === '' || tag === '!' ? node.style === PLAIN : tag === MERGE_TAG;
}
