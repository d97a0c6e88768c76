import type { Json, MutableJson, MutableJsonObject } from '../../core/json.ts';
import { decodeBinary } from './binary.ts';
import type { AliasNode, MapNode, ScalarNode, YamlNode } from './compose.ts';
import { DecodeBudget } from './decode-budget.ts';
import { formatGoFloat32, type GoInteger } from './go-number.ts';
import { newObject } from './json-object.ts';
import { YamlFault } from './problem.ts';
import { BINARY_TAG, MERGE_TAG, MISMATCH, resolvePlain, resolveTagged, type Scalar } from './resolve.ts';
import { PLAIN } from './tokens.ts';

export interface V2Options {
  /** Every integer becomes a float64, as it does when JSON is read into a Go interface. */
  readonly floatsOnly: boolean;
  /** A key that is set twice is a fault. */
  readonly strict: boolean;
  readonly aliasNodes: number;
}

/**
 * A document as sigs.k8s.io/yaml gives it: read by yaml.v2, keys made strings, and what JSON cannot say refused. Keys of two types that
 * read the same (`1` and `"1"`) are two keys to yaml.v2; here, as there at random, the later one stays.
 */
export function convertV2(
  root: YamlNode,
  options: V2Options,
): { readonly value: Json; readonly faults: readonly YamlFault[] } {
  const converter = new Converter(options);
  const value = converter.value(root);
  return { value, faults: [...converter.faults, ...converter.unfit(value)] };
}

class Converter {
  readonly faults: YamlFault[] = [];
  readonly #options: V2Options;
  readonly #budget: DecodeBudget;
  readonly #open = new Set<AliasNode>();
  /** What JSON cannot say. It only counts when it stays: a later duplicate may take its place. */
  readonly #unfit = new Map<MutableJson, YamlFault>();

  constructor(options: V2Options) {
    this.#options = options;
    this.#budget = new DecodeBudget(options.aliasNodes);
  }

  value(node: YamlNode): MutableJson {
    this.#budget.count(node, this.#open.size > 0);
    switch (node.kind) {
      case 'scalar':
        return this.#scalarValue(this.#scalar(node), node);
      case 'list':
        return node.children.map((child) => this.value(child));
      case 'map': {
        const object = newObject();
        this.#fill(node, object, new Map());
        return object;
      }
      default:
        return this.#follow(node, () => this.value(node.target));
    }
  }

  /** The faults that are left in the finished value. */
  unfit(value: MutableJson): YamlFault[] {
    if (this.#unfit.size === 0) return [];
    const fault = this.#unfit.get(value);
    if (fault !== undefined) return [fault];
    if (typeof value !== 'object' || value === null) return [];
    return Object.values(value).flatMap((item) => (item === undefined ? [] : this.unfit(item as MutableJson)));
  }

  #follow<T>(node: AliasNode, read: () => T): T {
    if (this.#open.has(node)) throw new YamlFault(`anchor '${node.name}' value contains itself`, node.position);
    this.#open.add(node);
    const result = read();
    this.#open.delete(node);
    return result;
  }

  #scalar(node: ScalarNode): Scalar {
    if (node.tag === '') {
      return node.style === PLAIN ? resolvePlain(node.value, 'v2') : { type: 'string', value: node.value };
    }
    if (node.tag === BINARY_TAG) {
      const text = decodeBinary(node.value);
      if (text === undefined) throw new YamlFault('!!binary value contains invalid base64 data', node.position);
      return { type: 'string', value: text };
    }
    const found = resolveTagged(node.tag, node.value, 'v2');
    if (found === MISMATCH) throw new YamlFault(`cannot read the value as ${node.tag}`, node.position);
    return found;
  }

  #scalarValue(scalar: Scalar, node: ScalarNode): MutableJson {
    switch (scalar.type) {
      case 'null':
        return null;
      case 'int':
        return this.#options.floatsOnly ? Number(scalar.value.value) : integerValue(scalar.value);
      case 'float':
        return Number.isFinite(scalar.value) ? scalar.value : this.#unfitValue(node);
      case 'timestamp':
        return node.value;
      default:
        return scalar.value;
    }
  }

  #unfitValue(node: ScalarNode): MutableJson {
    const marker = newObject();
    this.#unfit.set(marker, new YamlFault(`${node.value} cannot be written as JSON`, node.position));
    return marker;
  }

  /** Puts the pairs of a map into an object, merges where they stand. `seen` maps a typed key to where it was set. */
  #fill(node: MapNode, object: MutableJsonObject, seen: Map<string, string>): void {
    const { children } = node;
    for (let index = 0; index < children.length; index += 2) {
      const key = children[index] as YamlNode;
      const value = children[index + 1] as YamlNode;
      if (isMerge(key)) {
        this.#merge(value, object, seen);
        continue;
      }
      const { typed, text, fault } = this.#key(key);
      const converted = this.value(value);
      if (this.#options.strict && seen.has(typed)) {
        this.faults.push(new YamlFault(`key ${JSON.stringify(text)} is set twice`, key.position));
        continue;
      }
      if (fault !== undefined) this.#unfit.set(object, fault);
      seen.set(typed, text);
      object[text] = converted;
    }
  }

  #merge(source: YamlNode, object: MutableJsonObject, seen: Map<string, string>): void {
    if (source.kind === 'list') {
      // Backwards, since the first one wins.
      for (const item of source.children.toReversed()) this.#mergeOne(item, object, seen);
    } else {
      this.#mergeOne(source, object, seen);
    }
  }

  #mergeOne(source: YamlNode, object: MutableJsonObject, seen: Map<string, string>): void {
    const target = source.kind === 'alias' ? source.target : source;
    if (target.kind !== 'map') {
      throw new YamlFault('map merge requires map or sequence of maps as the value', source.position);
    }
    this.#budget.count(source, this.#open.size > 0);
    if (source.kind === 'alias') this.#follow(source, () => this.#fill(target, object, seen));
    else this.#fill(target, object, seen);
  }

  /** A key as text, and with its type, which tells `1` from `1.0`. */
  #key(node: YamlNode): { typed: string; text: string; fault?: YamlFault } {
    this.#budget.count(node, this.#open.size > 0);
    if (node.kind === 'alias') return this.#follow(node, () => this.#key(node.target));
    if (node.kind !== 'scalar') throw new YamlFault('a map or a list cannot be a key', node.position);
    const scalar = this.#scalar(node);
    switch (scalar.type) {
      case 'string':
        return { typed: scalar.value, text: scalar.value };
      case 'timestamp':
        return { typed: node.value, text: node.value };
      case 'bool':
        return { typed: `\0bool ${scalar.value}`, text: String(scalar.value) };
      case 'int': {
        const text = scalar.value.value.toString();
        const typed = `\0int ${text}`;
        return scalar.value.unsigned ? { typed, text, fault: unfitKey(node, text) } : { typed, text };
      }
      case 'float': {
        const text = formatGoFloat32(scalar.value);
        const shown = text === '+Inf' ? '.inf' : text === '-Inf' ? '-.inf' : text === 'NaN' ? '.nan' : text;
        return { typed: `\0float ${scalar.value}`, text: shown };
      }
      default:
        return { typed: '\0null', text: 'null', fault: unfitKey(node, 'null') };
    }
  }
}

function unfitKey(node: YamlNode, text: string): YamlFault {
  return new YamlFault(`${text} cannot be a key of a JSON object`, node.position);
}

function integerValue(integer: GoInteger): number | bigint {
  const number = Number(integer.value);
  return Number.isSafeInteger(number) ? number : integer.value;
}

function isMerge(node: YamlNode): boolean {
  if (node.kind !== 'scalar' || node.value !== '<<') return false;
  return (node.tag === '' && node.style === PLAIN) || node.tag === '!' || node.tag === MERGE_TAG;
}
