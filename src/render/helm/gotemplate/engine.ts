import { fromBytes, bytesOf, toBytes } from './byte-string.ts';
import { Budget, stackLimitError } from './budget.ts';
import { executeTree, type MissingKey, type RunningSet } from './exec.ts';
import type { FunctionMap } from './function.ts';
import { usesKnownFunctions } from './known-functions.ts';
import { type ParsedText, parseText, type Tree } from './parser.ts';
import type { GoValue } from './values.ts';
import { LRUCache } from 'lru-cache';
import { isEmptyTree } from './nodes.ts';

export interface TemplateSetOptions {
  /** What a key that is not in a map gives: no value, the zero value (Helm), or an error (Helm's strict mode). */
  readonly missingKey?: MissingKey;
}

/** Parse results by template name and text, shared by all renders of the process; trees are never changed. */
const parsed = new LRUCache<string, ParsedText>({
  maxSize: 64 * 1024 * 1024,
  sizeCalculation: (_value, key) => key.length * 8 + 512,
});

/** The keys of files that are parsed again in every render: a text that was hashed once is found without another look at it. */
const fileKeys = new WeakMap<Uint8Array, { readonly name: string; readonly key: string }>();

function keyOf(name: string, text: string): string {
  return `${name}\u0000${text}`;
}

function keyOfFile(name: string, data: Uint8Array): string {
  let known = fileKeys.get(data);
  if (known?.name !== name) {
    known = { name, key: keyOf(name, bytesOf(data)) };
    fileKeys.set(data, known);
  }
  return known.key;
}

/**
 * A set of templates that can call each other: text/template's `Template` with everything associated to it. Names and texts are
 * ordinary text at this border, data are {@link GoValue}s (see goValueOf and goMap).
 */
export class TemplateSet implements RunningSet {
  /** The name of the set itself (`gotpl` in Helm); it stands in the error of an unknown template. */
  readonly name: string;
  readonly functions: FunctionMap;
  readonly missingKey: MissingKey;
  private readonly trees: Map<string, Tree>;

  constructor(
    name: string,
    functions: FunctionMap,
    options: TemplateSetOptions = {},
    trees: Map<string, Tree> = new Map(),
  ) {
    this.name = toBytes(name);
    this.functions = functions;
    this.missingKey = options.missingKey ?? 'default';
    this.trees = trees;
  }

  /**
   * Parses `text` as the body of the template `name`; `define`s and `block`s in it define further templates. Later definitions
   * replace earlier ones, except that an empty body replaces nothing.
   * @param text ordinary text, or the bytes of a file (which must not change)
   * @throws ParseError (nothing is defined then)
   */
  parse(name: string, text: string | Uint8Array): void {
    const own = toBytes(name);
    this.#parseKey(own, typeof text === 'string' ? keyOf(own, toBytes(text)) : keyOfFile(own, text));
  }

  /** {@link parse} with byte strings. */
  parseBytes(name: string, text: string): Tree | undefined {
    return this.#parseKey(name, keyOf(name, text));
  }

  #parseKey(name: string, key: string): Tree | undefined {
    let result = parsed.get(key);
    if (result === undefined || !usesKnownFunctions(result, this.functions)) {
      result = parseText(name, key.slice(name.length + 1), this.functions);
      parsed.set(key, result);
    }
    for (const [defined, tree] of result.trees) {
      if (this.trees.has(defined) && isEmptyTree(tree.root)) continue;
      this.trees.set(defined, tree);
    }
    return result.trees.get(name);
  }

  /** Whether a template of that name is defined. */
  has(name: string): boolean {
    return this.trees.has(toBytes(name));
  }

  /** Names of all defined templates, in the order in which they were first defined. */
  names(): string[] {
    return [...this.trees.keys()].map(fromBytes);
  }

  /** A copy that can be added to without changing this one. */
  clone(): TemplateSet {
    return new TemplateSet(fromBytes(this.name), this.functions, { missingKey: this.missingKey }, new Map(this.trees));
  }

  lookup(name: string): Tree | undefined {
    return this.trees.get(name);
  }

  /**
   * Executes a template and gives its output as ordinary text.
   * @throws ExecError as Go words it; GoError when there is no such template; EngineError RenderLimit
   */
  execute(name: string, data: GoValue, budget: Budget = new Budget()): string {
    return fromBytes(this.executeBytes(toBytes(name), data, budget));
  }

  /** {@link execute} with byte strings. */
  executeBytes(name: string, data: GoValue, budget: Budget): string {
    try {
      return executeTree(this, name, data, budget, 0);
    } catch (thrown) {
      // The JavaScript stack is the last of the depth limits.
      if (thrown instanceof RangeError && /call stack/i.test(thrown.message)) throw stackLimitError();
      throw thrown;
    }
  }
}
