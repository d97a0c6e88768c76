import { YamlFault } from './problem.ts';
import { Scanner, type ScannerOptions } from './scanner.ts';
import * as T from './tokens.ts';

/** A node of a document as it was written; what it means is the dialect's matter. */
export type YamlNode = ScalarNode | MapNode | ListNode | AliasNode;

interface NodeBase {
  /** Where its first token starts. */
  readonly position: number;
  /** The tag in full (`tag:yaml.org,2002:str`, `!foo`, `!`), '' when there is none. */
  readonly tag: string;
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly value: string;
  /** PLAIN, SINGLE_QUOTED, DOUBLE_QUOTED, LITERAL, FOLDED. */
  readonly style: number;
  /** It stands inside `[…]` or `{…}`; also set for an empty key, which has to be written like there. */
  inFlow: boolean;
  readonly anchored: boolean;
  /** A block scalar is the last thing of its document and a comment follows it. */
  commented?: boolean;
}

export interface MapNode extends NodeBase {
  readonly kind: 'map';
  /** Key, value, key, value … */
  readonly children: YamlNode[];
}

export interface ListNode extends NodeBase {
  readonly kind: 'list';
  readonly children: YamlNode[];
}

export interface AliasNode extends NodeBase {
  readonly kind: 'alias';
  readonly name: string;
  readonly target: YamlNode;
}

export interface ComposedDocument {
  readonly root: YamlNode;
  /** Where the document ends in the text. */
  readonly end: number;
}

const DEFAULT_TAGS: readonly (readonly [string, string])[] = [
  ['!', '!'],
  ['!!', 'tag:yaml.org,2002:'],
];

/** Tokens → documents of nodes. Recursive, so the depth is limited before it descends. */
export class Composer {
  readonly #scanner: Scanner;
  readonly #limit: number;
  readonly #tags = new Map<string, string>();
  #anchors = new Map<string, YamlNode>();
  #first: boolean;
  #lastScalar: { readonly node: ScalarNode; readonly end: number } | undefined;
  #depth = 0;
  #flowDepth = 0;

  /** `first`: the text before `start` holds no document, so that one may begin here without `---`. */
  constructor(text: string, start: number, first: boolean, options: ScannerOptions) {
    this.#first = first;
    this.#scanner = new Scanner(text, start, options);
    this.#limit = options.depth;
  }

  /** The next document, or undefined at the end of the text. @throws YamlFault */
  next(): ComposedDocument | undefined {
    const scanner = this.#scanner;
    const first = this.#first;
    this.#first = false;
    let token = scanner.peek();
    while (!first && token.type === T.DOCUMENT_END) token = this.#advance();
    if (token.type === T.STREAM_END) return undefined;
    let root: YamlNode;
    this.#anchors = new Map();
    this.#tags.clear();
    const explicit =
      !first || token.type === T.VERSION_DIRECTIVE || token.type === T.TAG_DIRECTIVE || token.type === T.DOCUMENT_START;
    if (explicit) {
      token = this.#directives();
      if (token.type !== T.DOCUMENT_START)
        throw new YamlFault('did not find expected <document start>', token.position);
      const { position } = token;
      token = this.#advance();
      const empty = token.type <= T.DOCUMENT_END; // a directive, a document marker or the end of the text
      root = empty ? this.#empty(position + 3) : this.#node(true, false);
    } else {
      this.#directives();
      root = this.#node(true, false);
    }
    const after = scanner.peek();
    this.#noteComment(after.position);
    if (after.type === T.DOCUMENT_END) scanner.skip();
    return { root, end: after.position };
  }

  #advance(): T.Token {
    this.#scanner.skip();
    return this.#scanner.peek();
  }

  #directives(): T.Token {
    let token = this.#scanner.peek();
    let version = false;
    while (token.type === T.VERSION_DIRECTIVE || token.type === T.TAG_DIRECTIVE) {
      if (token.type === T.VERSION_DIRECTIVE) {
        if (version) throw new YamlFault('found duplicate %YAML directive', token.position);
        if (token.value !== '1' || token.suffix !== '1') {
          throw new YamlFault('found incompatible YAML document', token.position);
        }
        version = true;
      } else {
        if (this.#tags.has(token.value)) throw new YamlFault('found duplicate %TAG directive', token.position);
        this.#tags.set(token.value, token.suffix);
      }
      token = this.#advance();
    }
    for (const [handle, prefix] of DEFAULT_TAGS) if (!this.#tags.has(handle)) this.#tags.set(handle, prefix);
    return token;
  }

  #node(block: boolean, indentless: boolean): YamlNode {
    this.#lastScalar = undefined;
    let token = this.#scanner.peek();
    const { position } = token;
    if (token.type === T.ALIAS) {
      this.#scanner.skip();
      const target = this.#anchors.get(token.value);
      if (target === undefined) throw new YamlFault(`unknown anchor '${token.value}' referenced`, position);
      return { kind: 'alias', position, tag: '', name: token.value, target };
    }
    let anchor = '';
    let tagToken: T.Token | undefined;
    if (token.type === T.ANCHOR) {
      anchor = token.value;
      token = this.#advance();
      if (token.type === T.TAG) {
        tagToken = token;
        token = this.#advance();
      }
    } else if (token.type === T.TAG) {
      tagToken = token;
      token = this.#advance();
      if (token.type === T.ANCHOR) {
        anchor = token.value;
        token = this.#advance();
      }
    }
    const tag = tagToken === undefined ? '' : this.#resolveTag(tagToken);
    const keep = <N extends YamlNode>(node: N): N => {
      if (anchor !== '') this.#anchors.set(anchor, node);
      return node;
    };
    if (indentless && token.type === T.ENTRY) {
      const node = keep<ListNode>({ kind: 'list', position, tag, children: [] });
      this.#nested(position, () => this.#indentlessList(node.children));
      return node;
    }
    switch (token.type) {
      case T.SCALAR:
        this.#scanner.skip();
        return this.#remember(
          token.end,
          keep({
            kind: 'scalar',
            position,
            tag,
            value: token.value,
            style: token.style,
            inFlow: this.#flowDepth > 0,
            anchored: anchor !== '',
          }),
        );
      case T.FLOW_LIST_START: {
        const node = keep<ListNode>({ kind: 'list', position, tag, children: [] });
        this.#flow(position, () => this.#flowList(node.children));
        return node;
      }
      case T.FLOW_MAP_START: {
        const node = keep<MapNode>({ kind: 'map', position, tag, children: [] });
        this.#flow(position, () => this.#flowMap(node.children));
        return node;
      }
      case T.LIST_START:
        if (block) {
          const node = keep<ListNode>({ kind: 'list', position, tag, children: [] });
          this.#nested(position, () => this.#blockList(node.children));
          return node;
        }
        break;
      case T.MAP_START:
        if (block) {
          const node = keep<MapNode>({ kind: 'map', position, tag, children: [] });
          this.#nested(position, () => this.#blockMap(node.children));
          return node;
        }
        break;
      default:
    }
    if (anchor !== '' || tag !== '') return keep({ ...this.#empty(position), tag, anchored: anchor !== '' });
    throw new YamlFault('did not find expected node content', token.position);
  }

  #nested(position: number, read: () => void): void {
    if (this.#depth >= this.#limit) throw new YamlFault(`nested deeper than ${this.#limit} levels`, position);
    this.#depth++;
    read();
    this.#depth--;
  }

  #remember(end: number, node: ScalarNode): ScalarNode {
    this.#lastScalar = { node, end };
    return node;
  }

  #noteComment(end: number): void {
    const last = this.#lastScalar;
    this.#lastScalar = undefined;
    if (last === undefined || (last.node.style !== T.LITERAL && last.node.style !== T.FOLDED)) return;
    if (this.#scanner.cursor.text.slice(last.end, end).includes('#')) last.node.commented = true;
  }

  #flow(position: number, read: () => void): void {
    this.#flowDepth++;
    this.#nested(position, read);
    this.#flowDepth--;
  }

  #empty(position: number): ScalarNode {
    this.#lastScalar = undefined;
    return {
      kind: 'scalar',
      position,
      tag: '',
      value: '',
      style: T.PLAIN,
      inFlow: this.#flowDepth > 0,
      anchored: false,
    };
  }

  #resolveTag(token: T.Token): string {
    if (token.value === '') return token.suffix;
    const prefix = this.#tags.get(token.value);
    const tag = prefix === undefined ? '' : prefix + token.suffix;
    if (tag === '') throw new YamlFault('found undefined tag handle', token.position);
    return tag;
  }

  #blockList(children: YamlNode[]): void {
    let token = this.#advance();
    while (token.type === T.ENTRY) {
      const after = token.position + 1;
      token = this.#advance();
      if (token.type === T.ENTRY || token.type === T.BLOCK_END) children.push(this.#empty(after));
      else children.push(this.#node(true, false));
      token = this.#scanner.peek();
    }
    if (token.type !== T.BLOCK_END) throw new YamlFault("did not find expected '-' indicator", token.position);
    this.#scanner.skip();
  }

  #indentlessList(children: YamlNode[]): void {
    let token = this.#scanner.peek();
    while (token.type === T.ENTRY) {
      const after = token.position + 1;
      token = this.#advance();
      const empty =
        token.type === T.ENTRY || token.type === T.KEY || token.type === T.VALUE || token.type === T.BLOCK_END;
      children.push(empty ? this.#empty(after) : this.#node(true, false));
      token = this.#scanner.peek();
    }
  }

  #blockMap(children: YamlNode[]): void {
    let token = this.#advance();
    while (token.type === T.KEY) {
      token = this.#advance();
      const key = endsPair(token) ? this.#empty(token.position) : this.#node(true, true);
      if (key.kind === 'scalar' && key.value === '') key.inFlow = true;
      children.push(key);
      token = this.#scanner.peek();
      if (token.type === T.VALUE) {
        const after = token.position + 1;
        token = this.#advance();
        children.push(endsPair(token) ? this.#empty(after) : this.#node(true, true));
      } else {
        children.push(this.#empty(token.position));
      }
      token = this.#scanner.peek();
    }
    if (token.type !== T.BLOCK_END) throw new YamlFault('did not find expected key', token.position);
    this.#scanner.skip();
  }

  #flowList(children: YamlNode[]): void {
    let token = this.#advance();
    let first = true;
    while (token.type !== T.FLOW_LIST_END) {
      if (!first) {
        if (token.type !== T.FLOW_ENTRY) throw new YamlFault("did not find expected ',' or ']'", token.position);
        token = this.#advance();
      }
      first = false;
      if (token.type === T.KEY) children.push(this.#flowPair());
      else if (token.type !== T.FLOW_LIST_END) children.push(this.#node(false, false));
      else break;
      token = this.#scanner.peek();
    }
    this.#scanner.skip();
  }

  /** `[a: b]`: a list item that is a map of one pair. */
  #flowPair(): MapNode {
    const { position } = this.#scanner.peek();
    const pair: MapNode = { kind: 'map', position, tag: '', children: [] };
    this.#nested(position, () => {
      let token = this.#advance();
      const ends = (type: number): boolean => type === T.FLOW_ENTRY || type === T.FLOW_LIST_END;
      if (token.type === T.VALUE || ends(token.type)) {
        // The token itself is swallowed here, as Go's reader does it.
        pair.children.push(this.#empty(token.position));
        token = this.#advance();
      } else {
        pair.children.push(this.#node(false, false));
        token = this.#scanner.peek();
      }
      if (token.type === T.VALUE) {
        token = this.#advance();
        if (!ends(token.type)) {
          pair.children.push(this.#node(false, false));
          return;
        }
      }
      pair.children.push(this.#empty(token.position));
    });
    return pair;
  }

  #flowMap(children: YamlNode[]): void {
    let token = this.#advance();
    let first = true;
    const ends = (type: number): boolean => type === T.FLOW_ENTRY || type === T.FLOW_MAP_END;
    while (token.type !== T.FLOW_MAP_END) {
      if (!first) {
        if (token.type !== T.FLOW_ENTRY) throw new YamlFault("did not find expected ',' or '}'", token.position);
        token = this.#advance();
      }
      first = false;
      if (token.type === T.KEY) {
        token = this.#advance();
        if (token.type === T.VALUE || ends(token.type)) children.push(this.#empty(token.position));
        else children.push(this.#node(false, false));
        token = this.#scanner.peek();
        if (token.type === T.VALUE) token = this.#advance();
        else {
          children.push(this.#empty(token.position));
          continue;
        }
        children.push(ends(token.type) ? this.#empty(token.position) : this.#node(false, false));
      } else if (token.type !== T.FLOW_MAP_END) {
        children.push(this.#node(false, false));
        children.push(this.#empty(this.#scanner.peek().position));
      } else break;
      token = this.#scanner.peek();
    }
    this.#scanner.skip();
  }
}

function endsPair(token: T.Token): boolean {
  return token.type === T.KEY || token.type === T.VALUE || token.type === T.BLOCK_END;
}
