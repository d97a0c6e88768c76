import { decodeRune, encodeRune } from '../gotemplate/byte-string.ts';
import { behaviourOf } from '../gotemplate/behaviour.ts';
import { GoError } from '../gotemplate/errors.ts';
import type { Budget } from '../gotemplate/budget.ts';
import { GoBytes, GoComplex, GoInt, GoMap, GoSlice, type GoValue } from '../gotemplate/values.ts';

/** encoding/json.Marshal of template values, byte for byte. */
export interface JsonStyle {
  /** Two spaces a level, a line for each item. */
  readonly pretty?: boolean;
  /** `<`, `>` and `&` as \u escapes, as Marshal does on its own. */
  readonly escapeHtml: boolean;
}

const PLAIN = /^[\u0020\u0021\u0023-\u0025\u0027-\u003b\u003d\u003f-\u005b\u005d-\u007f]*$/;

const SHORT = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** A byte string as a JSON string. */
function jsonString(text: string, escapeHtml: boolean): string {
  if (PLAIN.test(text)) return `"${text}"`;
  let out = '"';
  for (let i = 0; i < text.length; ) {
    const char = text.charAt(i);
    const code = text.charCodeAt(i);
    if (code < 0x80) {
      const short = SHORT.get(char);
      if (short !== undefined) out += short;
      else if (code < 0x20 || (escapeHtml && (char === '<' || char === '>' || char === '&')))
        out += `\\u${code.toString(16).padStart(4, '0')}`;
      else out += char;
      i++;
      continue;
    }
    const { rune, size } = decodeRune(text, i);
    if (rune === 0xfffd && size === 1) out += '\\ufffd';
    else if (rune === 0x2028 || rune === 0x2029) out += `\\u${rune.toString(16)}`;
    else out += encodeRune(rune);
    i += size;
  }
  return `${out}"`;
}

function jsonNumber(value: number): string {
  if (!Number.isFinite(value))
    throw new GoError(`json: unsupported value: ${Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'}`);
  return Object.is(value, -0) ? '-0' : String(value);
}

/** From this depth on Go looks for maps that hold themselves. */
export const DEPTH_WITHOUT_CYCLES = 1_000;

export function cycleError(map: GoMap): GoError {
  return new GoError(`json: unsupported value: encountered a cycle via ${map.type.name}`);
}

/** @throws GoError for what JSON cannot hold */
export function writeJson(value: GoValue, style: JsonStyle, budget?: Budget): string {
  return new JsonWriter(style, budget).write(value, '\n');
}

class JsonWriter {
  private readonly style: JsonStyle;
  private readonly budget: Budget | undefined;
  private depth = 0;
  private readonly above = new Set<Map<string, GoValue>>();

  constructor(style: JsonStyle, budget: Budget | undefined) {
    this.style = style;
    this.budget = budget;
  }

  /** `newline`: a line break with the indentation of this level. */
  write(value: GoValue, newline: string): string {
    if (value === null || value === undefined) return 'null';
    switch (typeof value) {
      case 'string': {
        this.budget?.write(value.length);
        return jsonString(value, this.style.escapeHtml);
      }
      case 'number':
        return jsonNumber(value);
      case 'boolean':
        return String(value);
      default:
        break;
    }
    this.budget?.step();
    const custom = behaviourOf(value.type)?.json?.(value);
    if (custom !== undefined)
      return typeof custom === 'string' ? jsonString(custom, this.style.escapeHtml) : this.write(custom.as, newline);
    if (value instanceof GoInt) return value.value.toString();
    if (value instanceof GoMap) {
      if (value.isNil) return 'null';
      return this.map(value, newline);
    }
    if (value instanceof GoSlice) return value.isNil ? 'null' : this.array(value.items, newline);
    if (value instanceof GoBytes) return `"${Buffer.from(value.data, 'latin1').toString('base64')}"`;
    if (value instanceof GoComplex) throw new GoError(`json: unsupported type: ${value.type.name}`);
    return this.object(
      (value.type.fields ?? []).map(({ name }) => [name, value.fields.get(name)] as const),
      newline,
    );
  }

  private map(map: GoMap, newline: string): string {
    const watched = ++this.depth > DEPTH_WITHOUT_CYCLES;
    if (watched && this.above.has(map.entries)) throw cycleError(map);
    if (watched) this.above.add(map.entries);
    const text = this.object(
      map.sortedKeys().map((key) => [key, map.entries.get(key)] as const),
      newline,
    );
    if (watched) this.above.delete(map.entries);
    this.depth--;
    return text;
  }

  private object(pairs: readonly (readonly [string, GoValue])[], newline: string): string {
    if (pairs.length === 0) return '{}';
    const inner = this.style.pretty === true ? `${newline}  ` : '';
    const colon = this.style.pretty === true ? ': ' : ':';
    const parts = pairs.map(
      ([key, value]) => inner + jsonString(key, this.style.escapeHtml) + colon + this.write(value, `${newline}  `),
    );
    return `{${parts.join(',')}${this.style.pretty === true ? newline : ''}}`;
  }

  private array(items: readonly GoValue[], newline: string): string {
    if (items.length === 0) return '[]';
    const inner = this.style.pretty === true ? `${newline}  ` : '';
    const parts = items.map((item) => inner + this.write(item, `${newline}  `));
    return `[${parts.join(',')}${this.style.pretty === true ? newline : ''}]`;
  }
}
