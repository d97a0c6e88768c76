import type { RenderLimits } from '../../../core/manifest.ts';
import {
  Composer,
  type AliasNode,
  type ListNode,
  type MapNode,
  type ScalarNode,
  type YamlNode as ComposedNode,
} from '../../yaml/compose.ts';
import { findForbiddenCharacter } from '../../yaml/characters.ts';
import { LineCounter } from '../../yaml/line-counter.ts';
import { YamlFault } from '../../yaml/problem.ts';
import { DOUBLE_QUOTED, FOLDED, LITERAL, PLAIN, SINGLE_QUOTED } from '../../yaml/tokens.ts';
import { safeExcerpt } from '../../safe-excerpt.ts';
import { BuildError } from '../problems.ts';
import { setEntry } from './fields.ts';
import { STYLE, TAG, YamlNode } from './node.ts';
import { resolvePlain } from './scalar.ts';

export interface ReadDocument {
  readonly node: YamlNode;
  /** 1-based line of the document's first token. */
  readonly line: number;
}

/** Nodes that aliases stood for so far. */
export interface AliasCount {
  nodes: number;
}

const ALIAS_NODES = 100_000;
const LONG_TAG = 'tag:yaml.org,2002:';

/**
 * The first document of a text as a tree, aliases and merge keys resolved; undefined when there is none. `linesBefore` counts the
 * lines before the text in its file. @throws BuildError with line, column and excerpt
 */
export function parseFirstDocument(
  text: string,
  linesBefore: number,
  limits: RenderLimits,
  aliases: AliasCount = { nodes: 0 },
): ReadDocument | undefined {
  const hasMark = text.startsWith('\uFEFF');
  // Behind a separator the mark is not there for the reader. At the start of a file one was taken off already: a second one moves the first
  // key of a block before the others.
  const body = hasMark && linesBefore > 0 ? text.slice(1) : text;
  const start = hasMark && linesBefore === 0 ? 1 : 0;
  const lines = new LineCounter(body);
  try {
    if (body.length > limits.fileBytes) throw new YamlFault(`a text of ${body.length} characters`, 0);
    const forbidden = findForbiddenCharacter(body);
    if (forbidden >= 0) throw new YamlFault('a character is not allowed here', forbidden);
    const document = new Composer(body, start, true, { depth: limits.depth, lookahead: 2 }).next();
    if (document === undefined) return undefined;
    const node = new Converter(body, aliases).convert(document.root);
    return { node, line: lines.placeOf(document.root.position).line + linesBefore };
  } catch (error) {
    if (!(error instanceof YamlFault)) throw error;
    const { line, column, excerpt } = lines.describe(error.position);
    throw new BuildError('MalformedYaml', `not valid YAML: ${error.message}`, {
      place: { path: '', line: line + linesBefore, column },
      ...safeExcerpt(body, excerpt),
    });
  }
}

class Converter {
  readonly #open = new Set<ComposedNode>();
  readonly #text: string;
  readonly #aliases: AliasCount;
  #aliasDepth = 0;

  constructor(text: string, aliases: AliasCount) {
    this.#text = text;
    this.#aliases = aliases;
  }

  convert(node: ComposedNode): YamlNode {
    if (this.#aliasDepth > 0) {
      this.#aliases.nodes++;
      if (this.#aliases.nodes > ALIAS_NODES)
        throw new YamlFault(`aliases stand for more than ${ALIAS_NODES} nodes`, node.position);
    }
    switch (node.kind) {
      case 'scalar':
        return scalar(node);
      case 'alias':
        return this.#alias(node);
      case 'list': {
        this.#open.add(node);
        const list = new YamlNode('list', shortTag(node.tag) || TAG.list, '', this.#style(node));
        list.items = node.children.map((child) => this.convert(child));
        this.#open.delete(node);
        return list;
      }
      case 'map':
        return this.#map(node);
    }
  }

  #style(node: MapNode | ListNode): number {
    const first = this.#text[node.position];
    const flow = first === '{' || first === '[' ? STYLE.flow : 0;
    return node.tag === '' || node.tag === '!' ? flow : flow | STYLE.tagged;
  }

  #alias(node: AliasNode): YamlNode {
    if (this.#open.has(node.target)) throw new YamlFault(`anchor '${node.name}' contains itself`, node.position);
    this.#aliasDepth++;
    const result = this.convert(node.target);
    this.#aliasDepth--;
    return result;
  }

  #map(node: MapNode): YamlNode {
    this.#open.add(node);
    const map = new YamlNode('map', shortTag(node.tag) || TAG.map, '', this.#style(node));
    let merge: ComposedNode | undefined;
    let dropped = false;
    for (let index = 0; index + 1 < node.children.length; index += 2) {
      const key = node.children[index] as ComposedNode;
      const value = node.children[index + 1] as ComposedNode;
      if (isMergeKey(key)) {
        if (merge !== undefined) throw new YamlFault('duplicate merge key', key.position);
        merge = value;
        dropped = true;
      } else if (!dropped && key.kind === 'scalar' && key.value === '<<') {
        // Kustomize drops the first field of this name whether it merges or not.
        dropped = true;
      } else map.entries.push({ key: this.convert(key), value: this.convert(value) });
    }
    if (merge !== undefined) this.#merge(map, merge);
    this.#open.delete(node);
    return map;
  }

  /** Lays the merged maps over the map, the first one named last, and the map's own entries over them. */
  #merge(map: YamlNode, source: ComposedNode): void {
    const own = [...map.entries];
    for (const from of this.#sources(source)) for (const entry of from.entries) setEntry(map, entry.key, entry.value);
    for (const entry of own) setEntry(map, entry.key, entry.value);
  }

  #sources(source: ComposedNode): YamlNode[] {
    if (source.kind === 'list') {
      return source.children
        .flatMap((child) => {
          if (child.kind === 'list')
            throw new YamlFault('invalid map merge: received a nested sequence', child.position);
          return this.#sources(child);
        })
        .reverse();
    }
    const target = source.kind === 'alias' ? source.target : source;
    if (target.kind !== 'map')
      throw new YamlFault('map merge requires map or sequence of maps as the value', source.position);
    return [this.convert(source)];
  }
}

const STYLES: Readonly<Record<number, number>> = {
  [PLAIN]: 0,
  [SINGLE_QUOTED]: STYLE.single,
  [DOUBLE_QUOTED]: STYLE.double,
  [LITERAL]: STYLE.literal,
  [FOLDED]: STYLE.folded,
};

function scalar(node: ScalarNode): YamlNode {
  let style = STYLES[node.style] ?? 0;
  if (node.inFlow) style |= STYLE.inFlow;
  if (node.commented === true) style |= STYLE.commented;
  if (node.tag !== '' && node.tag !== '!')
    return new YamlNode('scalar', shortTag(node.tag), node.value, style | STYLE.tagged);
  if (node.style !== PLAIN) return new YamlNode('scalar', TAG.string, node.value, style);
  return new YamlNode('scalar', node.value === '<<' ? TAG.merge : resolvePlain(node.value), node.value, style);
}

function shortTag(tag: string): string {
  if (tag === '!') return '';
  return tag.startsWith(LONG_TAG) ? `!!${tag.slice(LONG_TAG.length)}` : tag;
}

function isMergeKey(key: ComposedNode): boolean {
  if (key.kind !== 'scalar') return false;
  const tag = shortTag(key.tag);
  return tag === TAG.merge || (tag === '' && key.style === PLAIN && key.value === '<<');
}
