import type { Json } from '../../core/json.ts';
import { findForbiddenCharacter } from './characters.ts';
import { type ComposedDocument, Composer, type YamlNode } from './compose.ts';
import { convertV2 } from './convert-v2.ts';
import { convertV3 } from './convert-v3.ts';
import { LineCounter } from './line-counter.ts';
import { type NodePath, positionOf } from './node-path.ts';
import { YamlFault, type YamlProblem } from './problem.ts';
import { isQuickText, readQuick } from './quick.ts';
import type { QuickOptions } from './quick-scalars.ts';

/**
 * Whose rules read the text. `helm`: sigs.k8s.io/yaml over Go's yaml.v2 (YAML 1.1 words, last duplicate wins, every number a
 * float64). `kubernetes`: the same rules, strict as the API server is (duplicate keys are problems, integers stay exact).
 * `kustomize`: kyaml over Go's yaml.v3, to the JSON that `kustomize build` makes of a resource.
 */
export type YamlDialect = 'helm' | 'kubernetes' | 'kustomize';

export interface YamlLimits {
  /** Deepest nesting of maps and lists. */
  readonly depth: number;
  /** Nodes that aliases may expand to, over the whole text. */
  readonly aliasNodes: number;
  readonly bytes: number;
  readonly documents: number;
}

export const DEFAULT_YAML_LIMITS: YamlLimits = {
  depth: 64,
  aliasNodes: 100_000,
  bytes: 16 * 1024 * 1024,
  documents: 50_000,
};

export interface YamlPlace {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly excerpt: string;
}

export interface YamlDocument {
  /** JSON of the document: objects without inherited keys; integers beyond ±2^53 are bigint (not with `helm`). */
  readonly value: Json;
  /** Which document of the text it is, from 0. */
  readonly index: number;
  /** 1-based line of the first token. */
  readonly line: number;
  /**
   * Where a path stands in the text: the key of a map's value, the item of a list; the nearest place above when the path does not exist
   * there (it came from a merge, or from a default). Reads the document again: for messages only.
   */
  locate(path: NodePath): YamlPlace;
}

export type { NodePath, YamlProblem };

export interface YamlStream {
  readonly documents: readonly YamlDocument[];
  /**
   * Empty when the text is good. Documents before a problem are still there, and those after it as far as they can be told apart: one
   * problem of syntax a document, all duplicate keys of it.
   */
  readonly problems: readonly YamlProblem[];
}

/**
 * Reads all documents of a text. Never throws on any input, in time linear in its size. A text beyond the limits (bytes, documents,
 * depth, aliases) is a problem that names the limit.
 */
export function loadYaml(text: string, dialect: YamlDialect, limits: YamlLimits = DEFAULT_YAML_LIMITS): YamlStream {
  const size = text.length > limits.bytes / 3 ? Buffer.byteLength(text) : text.length;
  if (size > limits.bytes) {
    const message = `the text has ${size} bytes, at most ${limits.bytes} are read`;
    return { documents: [], problems: [{ message, document: 0, line: 1, column: 1, excerpt: '' }] };
  }
  // Go's reader takes one byte order mark off, its scanner another at the very start.
  return new Loader(text.replace(/^\ufeff{1,2}/, ''), dialect, limits).load();
}

// More help nobody, and a hostile text could have millions.
const MAX_PROBLEMS = 1000;

const NEXT_DOCUMENT = /^---(?=[ \t\r\n\x85\u2028\u2029]|$)/gm;

class Loader {
  readonly #text: string;
  readonly #dialect: YamlDialect;
  readonly #limits: YamlLimits;
  readonly #endFault: YamlFault | undefined;
  readonly #lines: LineCounter;
  readonly #documents: YamlDocument[] = [];
  readonly #problems: YamlProblem[] = [];
  /** Undefined when the text is for the full reader alone. */
  readonly #quick: QuickOptions | undefined;
  #index = 0;

  constructor(text: string, dialect: YamlDialect, limits: YamlLimits) {
    this.#dialect = dialect;
    this.#limits = limits;
    const forbidden = findForbiddenCharacter(text);
    this.#endFault = forbidden < 0 ? undefined : new YamlFault(describeForbidden(text, forbidden), forbidden);
    this.#text = forbidden < 0 ? text : text.slice(0, readableLength(text, forbidden));
    this.#lines = new LineCounter(text);
    const quick = {
      rules: dialect === 'kustomize' ? 'v3' : 'v2',
      floatsOnly: dialect === 'helm',
      unique: dialect !== 'helm',
    } as const;
    this.#quick = forbidden < 0 && isQuickText(text) ? { ...quick, depth: limits.depth } : undefined;
  }

  load(): YamlStream {
    let start: number | undefined = 0;
    while (start !== undefined) start = this.#read(start);
    return { documents: this.#documents, problems: this.#problems };
  }

  /** Reads one document; returns where the next one begins, undefined at the end. */
  #read(start: number): number | undefined {
    const quick = this.#quick === undefined ? undefined : readQuick(this.#text, start, this.#index === 0, this.#quick);
    if (quick !== undefined) {
      if (this.#tooMany(quick.position)) return undefined;
      this.#keep(quick.value, quick.position, start);
      this.#index++;
      return quick.end;
    }
    try {
      const document = this.#composer(start, this.#index === 0).next();
      if (document === undefined || this.#tooMany(document.root.position)) return undefined;
      this.#take(document, start);
      this.#index++;
      return document.end;
    } catch (thrown) {
      if (!(thrown instanceof YamlFault)) throw thrown;
      this.#report(thrown);
      this.#index++;
      if (thrown === this.#endFault || this.#problems.length >= MAX_PROBLEMS) return undefined;
      NEXT_DOCUMENT.lastIndex = Math.max(thrown.position, start + 1);
      return NEXT_DOCUMENT.exec(this.#text)?.index;
    }
  }

  #tooMany(position: number): boolean {
    if (this.#documents.length < this.#limits.documents) return false;
    this.#report(new YamlFault(`the text has more than ${this.#limits.documents} documents`, position));
    return true;
  }

  #composer(start: number, first: boolean): Composer {
    return new Composer(this.#text, start, first, {
      depth: this.#limits.depth,
      lookahead: this.#dialect === 'kustomize' ? 2 : 0,
      endFault: this.#endFault,
    });
  }

  #take(document: ComposedDocument, start: number): void {
    try {
      const { value, faults } = this.#convert(document.root);
      for (const fault of faults) this.#report(fault);
      if (faults.length > 0) return;
      this.#keep(value, document.root.position, start);
    } catch (thrown) {
      if (!(thrown instanceof YamlFault)) throw thrown;
      this.#report(thrown);
    }
  }

  #keep(value: Json, position: number, start: number): void {
    const { line } = this.#lines.placeOf(position);
    const index = this.#index;
    this.#documents.push({ value, index, line, locate: (path) => this.#locate(start, index === 0, path) });
  }

  #convert(root: YamlNode): { readonly value: Json; readonly faults: readonly YamlFault[] } {
    const { aliasNodes } = this.#limits;
    if (this.#dialect === 'kustomize') return convertV3(root, { aliasNodes });
    const strict = this.#dialect === 'kubernetes';
    return convertV2(root, { floatsOnly: !strict, strict, aliasNodes });
  }

  #locate(start: number, first: boolean, path: NodePath): YamlPlace {
    const document = this.#composer(start, first).next();
    return this.#lines.describe(document === undefined ? start : positionOf(document.root, path));
  }

  #report(fault: YamlFault): void {
    if (this.#problems.length >= MAX_PROBLEMS) return;
    this.#problems.push({ message: fault.message, document: this.#index, ...this.#lines.describe(fault.position) });
  }
}

function describeForbidden(text: string, index: number): string {
  const code = text.charCodeAt(index).toString(16).toUpperCase().padStart(4, '0');
  return `character U+${code} is not allowed`;
}

/** Go reads in blocks of 512 bytes and minds a character as soon as its block is read: that much of the text comes before it. */
function readableLength(text: string, forbidden: number): number {
  const bytes = Buffer.from(text.slice(0, forbidden));
  return bytes.subarray(0, bytes.length - (bytes.length % 512)).toString('utf8').length;
}
