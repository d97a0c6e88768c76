import { EngineError } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { BlockWriter } from './block-writer.ts';
import { goFloatText, sigsNumberText } from './number-text.ts';
import { throughGoJson } from './go-json-string.ts';
import { sortKeys } from './key-order.ts';
import { needsQuotes } from './quoting.ts';

/**
 * Whose hand writes. `sigs`: sigs.k8s.io/yaml.Marshal (Helm's toYaml, `kubectl -o yaml`): JSON that yaml.v2 reads and writes again:
 * sorted keys, lists not indented, folding at 80 columns. `kustomize`: as `kustomize build` prints: its resources end as JSON and go
 * the same way, so the bytes are those of `sigs`. `pretty`: yaml.v3 with two-space lists (Helm's toYamlPretty).
 */
export type YamlForm = 'sigs' | 'kustomize' | 'pretty';

/** Deeper values than this are refused: the tools recurse, and a reader would refuse the result. */
const MAX_DEPTH = 1000;

/**
 * One document as text, ending in a newline. Numbers: with `sigs` and `kustomize` a whole number prints as an integer (JSON does not tell
 * 1 from 1.0); with `pretty` a number is a float64 (1000000 prints `1e+06`) and a bigint is an integer.
 * @throws EngineError RenderFailed for what the tools cannot write either (control characters that YAML does not allow, keys beyond 1024
 * characters, NaN and infinity in JSON), RenderLimit for a value nested too deeply
 */
export function emitYaml(value: Json, form: YamlForm): string {
  const writer = new BlockWriter(form === 'pretty' ? 'v3' : 'v2');
  const emitter = form === 'pretty' ? new PrettyEmitter(writer) : new SigsEmitter(writer);
  emitter.node(value, 'root', 0);
  return writer.finish();
}

type Context = 'root' | 'item' | 'value' | 'complexKey';

abstract class Emitter {
  protected readonly writer: BlockWriter;

  constructor(writer: BlockWriter) {
    this.writer = writer;
  }

  protected abstract numberText(value: number | bigint): string;
  /** The text that is written for a string; another than the string itself where the tool's way changes it. */
  protected abstract stringText(value: string): string;
  protected abstract sorted(keys: string[]): string[];
  protected abstract readonly rules: 'v2' | 'v3';

  node(value: Json | undefined, context: Context, depth: number): void {
    if (depth > MAX_DEPTH) {
      throw new EngineError(
        'RenderLimit',
        `value cannot be written as YAML (RenderLimit): nested deeper than ${MAX_DEPTH} levels`,
      );
    }
    const { writer } = this;
    if (value === null || value === undefined) writer.plain('null');
    else if (typeof value === 'string') this.#string(this.stringText(value), context);
    else if (typeof value === 'boolean') writer.plain(value ? 'true' : 'false');
    else if (typeof value === 'number' || typeof value === 'bigint') writer.plain(this.numberText(value));
    else if (Array.isArray(value)) this.#list(value as readonly Json[], context, depth);
    else this.#map(value as JsonObject, depth);
  }

  #list(items: readonly Json[], context: Context, depth: number): void {
    const { writer } = this;
    if (items.length === 0) {
      writer.indicator('[]');
      return;
    }
    writer.enterList(context === 'value' || context === 'complexKey');
    for (const item of items) {
      writer.item();
      this.node(item, 'item', depth + 1);
    }
    writer.leave();
  }

  #map(object: JsonObject, depth: number): void {
    const { writer } = this;
    const { keys, originals } = this.#keys(object);
    if (keys.length === 0) {
      writer.indicator('{}');
      return;
    }
    writer.enterMap();
    for (const key of keys) {
      writer.newLine();
      const long = key.length > 42 && Buffer.byteLength(key) > 128;
      if (long || hasBreak(key)) {
        writer.complexKey();
        this.#string(key, 'complexKey');
        writer.complexValue();
      } else {
        writer.key(key, needsQuotes(key, this.rules));
      }
      this.node(object[originals?.get(key) ?? key], 'value', depth + 1);
    }
    writer.leave();
  }

  /** The keys as written, sorted; where one is written otherwise than it is, the keys of the object by the written ones. */
  #keys(object: JsonObject): { readonly keys: readonly string[]; readonly originals?: ReadonlyMap<string, string> } {
    const keys = Object.keys(object);
    if (keys.every((key) => object[key] !== undefined && this.keyText(key) === key)) return { keys: this.sorted(keys) };
    const originals = new Map<string, string>();
    for (const key of keys) if (object[key] !== undefined) originals.set(this.keyText(key), key);
    return { keys: this.sorted([...originals.keys()]), originals };
  }

  protected keyText(key: string): string {
    return this.stringText(key);
  }

  #string(text: string, context: Context): void {
    void context;
    this.writer.scalar(text, needsQuotes(text, this.rules));
  }
}

function hasBreak(text: string): boolean {
  return /[\n\r\x85\u2028\u2029]/.test(text);
}

class SigsEmitter extends Emitter {
  protected readonly rules = 'v2';

  protected numberText(value: number | bigint): string {
    return sigsNumberText(value);
  }

  protected stringText(value: string): string {
    return throughGoJson(value);
  }

  protected override keyText(key: string): string {
    // NEL stands in the JSON as it is, and a key of a flow map is on one line.
    if (key.includes('\u0085')) {
      throw new EngineError(
        'RenderFailed',
        'value cannot be written as YAML (RenderFailed): a key holds the line break U+0085',
      );
    }
    const text = throughGoJson(key);
    // The JSON is read with yaml.v2, whose keys are at most 1024 characters long with their quotes.
    if (key.length > 150 && goJsonLength(key) > 1024) {
      throw new EngineError(
        'RenderFailed',
        'value cannot be written as YAML (RenderFailed): a key is longer than 1024 characters',
      );
    }
    return text;
  }

  protected sorted(keys: string[]): string[] {
    return sortKeys(keys, 'v2');
  }
}

/** How many characters Go's JSON needs for a string, with its quotes. */
function goJsonLength(text: string): number {
  return Array.from(JSON.stringify(text).replaceAll(/[<>&\u2028\u2029]/g, '\\u0000')).length;
}

class PrettyEmitter extends Emitter {
  protected readonly rules = 'v3';

  protected numberText(value: number | bigint): string {
    return goFloatText(value);
  }

  protected stringText(value: string): string {
    return value;
  }

  protected sorted(keys: string[]): string[] {
    return sortKeys(keys, 'v3');
  }
}
