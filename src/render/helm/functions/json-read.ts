import { decodeRune, encodeRune } from '../gotemplate/byte-string.ts';
import { GoError } from '../gotemplate/errors.ts';
import { quoteRune } from '../gotemplate/quote.ts';
import { LIST } from '../gotemplate/types.ts';
import { GoMap, GoSlice, type GoValue, grownCapacity } from '../gotemplate/values.ts';

/** encoding/json.Unmarshal into an interface: every number a float64, the last of equal keys wins, errors in Go's words. */

/** Deeper than this is refused; Go's own limit is 10,000, which no text in a chart comes near. */
const DEEPEST = 1_000;

const WHERE = {
  value: 'looking for beginning of value',
  key: 'looking for beginning of object key string',
  afterKey: 'after object key',
  afterPair: 'after object key:value pair',
  afterItem: 'after array element',
  top: 'after top-level value',
  string: 'in string literal',
  escape: 'in string escape code',
  hex: 'in \\u hexadecimal character escape',
  number: 'in numeric literal',
} as const;

/** Places where even a blank is wrong. */
const ENDS_BADLY = /^in literal|^in numeric|^after decimal|^in exponent|^in string escape|^in \\u/;

/** @throws GoError */
export function readJson(text: string): GoValue {
  const { value, error } = decodeJson(text);
  if (error !== undefined) throw error;
  return value;
}

/** A value with the error that Go's reader goes on after: a number beyond a float64, which is null in the value. */
export interface DecodedJson {
  readonly value: GoValue;
  readonly error: GoError | undefined;
}

/** @throws GoError when the text is no JSON */
export function decodeJson(text: string): DecodedJson {
  return new JsonReader(text).document();
}

class JsonReader {
  private readonly text: string;
  private at = 0;
  private depth = 0;
  private tooLarge: string | undefined;

  constructor(text: string) {
    this.text = text;
  }

  document(): DecodedJson {
    this.skipSpace();
    const value = this.value();
    this.skipSpace();
    if (this.at < this.text.length) this.invalid(WHERE.top);
    return { value, error: this.tooLarge === undefined ? undefined : new GoError(this.tooLarge) };
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at++;
    }
  }

  /** Complains about the byte at hand, or about the end. */
  private invalid(context: string): never {
    // Go ends a text with a blank of its own, which some places take amiss.
    if (this.at >= this.text.length)
      throw new GoError(ENDS_BADLY.test(context) ? `invalid character ' ' ${context}` : 'unexpected end of JSON input');
    const code = this.text.charCodeAt(this.at);
    const char = code === 0x27 ? `'\\''` : code === 0x22 ? `'"'` : quoteRune(code);
    throw new GoError(`invalid character ${char} ${context}`);
  }

  private value(): GoValue {
    switch (this.text.charAt(this.at)) {
      case '{':
        return this.nested(() => this.object());
      case '[':
        return this.nested(() => this.array());
      case '"':
        return this.string();
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'n':
        return this.word('null', null);
      default:
        return /[-0-9]/.test(this.text.charAt(this.at)) ? this.number() : this.invalid(WHERE.value);
    }
  }

  private nested(read: () => GoValue): GoValue {
    if (++this.depth > DEEPEST) throw new GoError('exceeded max depth');
    this.at++;
    this.skipSpace();
    const value = read();
    this.depth--;
    return value;
  }

  private object(): GoValue {
    const entries = new Map<string, GoValue>();
    if (this.text.charAt(this.at) === '}') {
      this.at++;
      return new GoMap(entries);
    }
    for (;;) {
      if (this.text.charAt(this.at) !== '"') this.invalid(WHERE.key);
      const key = this.string();
      this.skipSpace();
      if (this.text.charAt(this.at) !== ':') this.invalid(WHERE.afterKey);
      this.at++;
      this.skipSpace();
      entries.set(key, this.value());
      this.skipSpace();
      const next = this.text.charAt(this.at);
      if (next !== ',' && next !== '}') this.invalid(WHERE.afterPair);
      this.at++;
      if (next === '}') return new GoMap(entries);
      this.skipSpace();
    }
  }

  private array(): GoValue {
    const items: GoValue[] = [];
    if (this.text.charAt(this.at) === ']') this.at++;
    else
      for (;;) {
        items.push(this.value());
        this.skipSpace();
        const next = this.text.charAt(this.at);
        if (next !== ',' && next !== ']') this.invalid(WHERE.afterItem);
        this.at++;
        if (next === ']') break;
        this.skipSpace();
      }
    return new GoSlice(items, LIST, { capacity: grownCapacity(items.length) });
  }

  private word<T extends GoValue>(word: string, value: T): T {
    for (const [i, char] of Array.from(word).entries()) {
      if (this.text.charAt(this.at) !== char) {
        this.invalid(i === 0 ? WHERE.value : `in literal ${word} (expecting ${quoteRune(char.charCodeAt(0))})`);
      }
      this.at++;
    }
    return value;
  }

  private digits(): void {
    while (/[0-9]/.test(this.text.charAt(this.at))) this.at++;
  }

  private number(): GoValue {
    const start = this.at;
    if (this.text.charAt(this.at) === '-') this.at++;
    if (this.text.charAt(this.at) === '0') this.at++;
    else if (/[1-9]/.test(this.text.charAt(this.at))) this.digits();
    else this.invalid(WHERE.number);
    if (this.text.charAt(this.at) === '.') {
      this.at++;
      if (!/[0-9]/.test(this.text.charAt(this.at))) this.invalid('after decimal point in numeric literal');
      this.digits();
    }
    if (/[eE]/.test(this.text.charAt(this.at))) {
      this.at++;
      if (/[-+]/.test(this.text.charAt(this.at))) this.at++;
      if (!/[0-9]/.test(this.text.charAt(this.at))) this.invalid('in exponent of numeric literal');
      this.digits();
    }
    const literal = this.text.slice(start, this.at);
    const value = Number(literal);
    if (Number.isFinite(value)) return value;
    // Told only when the whole text is well-formed.
    this.tooLarge ??= `json: cannot unmarshal number ${literal} into Go value of type float64`;
    return null;
  }

  private string(): string {
    this.at++;
    const end = /["\\\u0000-\u001f\u0080-\u00ff]/g;
    let out = '';
    for (;;) {
      end.lastIndex = this.at;
      const stop = end.exec(this.text)?.index ?? this.text.length;
      out += this.text.slice(this.at, stop);
      this.at = stop;
      const char = this.text.charAt(this.at);
      if (char === '"') {
        this.at++;
        return out;
      }
      if (char === '\\') out += this.escape();
      else if (this.text.charCodeAt(this.at) >= 0x80) {
        // Bytes that are not UTF-8 become U+FFFD.
        const { rune, size } = decodeRune(this.text, this.at);
        out += encodeRune(rune);
        this.at += size;
      } else this.invalid(WHERE.string);
    }
  }

  private escape(): string {
    this.at++;
    const char = this.text.charAt(this.at);
    const plain = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', '/': '/' }[char];
    if (plain !== undefined && char.length === 1) {
      this.at++;
      return plain;
    }
    if (char !== 'u') this.invalid(WHERE.escape);
    this.at++;
    const high = this.hexadecimal();
    if (high < 0xd800 || high > 0xdfff) return encodeRune(high);
    // A surrogate counts only together with its other half.
    if (high < 0xdc00 && /^\\u[dD][c-fC-F][0-9a-fA-F]{2}/.test(this.text.slice(this.at, this.at + 6))) {
      this.at += 2;
      const low = this.hexadecimal();
      return encodeRune(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
    }
    return encodeRune(0xfffd);
  }

  private hexadecimal(): number {
    let value = 0;
    for (let i = 0; i < 4; i++) {
      const digit = this.text.charAt(this.at);
      if (!/^[0-9a-fA-F]$/.test(digit)) this.invalid(WHERE.hex);
      value = value * 16 + Number.parseInt(digit, 16);
      this.at++;
    }
    return value;
  }
}
