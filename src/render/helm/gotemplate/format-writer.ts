import { decodeRune, encodeRune, isAscii, runeCount } from './byte-string.ts';
import { formatFloat, type FloatFormat } from './number-text.ts';
import { canBackquote, quote } from './quote.ts';
import { isPrint } from './unicode.ts';

/** Told how many bytes are about to be made, so that a budget can stop a bomb before it is built. */
export type SizeWatcher = (bytes: number) => void;

/** Go's fmt/format.go: the flags of one verb, and numbers and texts padded as they say. All strings are byte strings. */
export class FormatWriter {
  out = '';
  private readonly watch: SizeWatcher | undefined;

  minus = false;
  plus = false;
  sharp = false;
  space = false;
  zero = false;
  plusV = false;
  sharpV = false;
  width: number | undefined;
  precision: number | undefined;

  constructor(watch?: SizeWatcher) {
    this.watch = watch;
  }

  clearFlags(): void {
    this.minus = this.plus = this.sharp = this.space = this.zero = this.plusV = this.sharpV = false;
    this.width = undefined;
    this.precision = undefined;
  }

  protected write(text: string): void {
    this.watch?.(text.length);
    this.out += text;
  }

  protected padding(count: number): string {
    if (count <= 0) return '';
    this.watch?.(count);
    return (this.zero && !this.minus ? '0' : ' ').repeat(count);
  }

  protected pad(text: string): void {
    if (!this.width) {
      this.write(text);
      return;
    }
    const padding = this.padding(this.width - runeCount(text));
    this.write(this.minus ? text + padding : padding + text);
  }

  protected padWithoutZeros(text: string): void {
    const zero = this.zero;
    this.zero = false;
    this.pad(text);
    this.zero = zero;
  }

  protected truncate(text: string): string {
    if (this.precision === undefined) return text;
    if (isAscii(text)) return text.slice(0, this.precision);
    let at = 0;
    for (let left = this.precision; left > 0 && at < text.length; left--) at += decodeRune(text, at).size;
    return text.slice(0, at);
  }

  protected formatInteger(value: bigint, base: 2 | 8 | 10 | 16, verb: string, isSigned: boolean): void {
    const negative = isSigned && value < 0n;
    const magnitude = negative ? -value : value;
    let precision = 0;
    if (this.precision !== undefined) {
      precision = this.precision;
      if (precision === 0 && magnitude === 0n) {
        const zero = this.zero;
        this.zero = false;
        this.write(this.padding(this.width ?? 0));
        this.zero = zero;
        return;
      }
    } else if (this.zero && !this.minus && this.width !== undefined) {
      precision = this.width;
      if (negative || this.plus || this.space) precision--;
    }
    let digits = magnitude.toString(base);
    if (verb === 'X') digits = digits.toUpperCase();
    if (precision > digits.length) this.watch?.(precision);
    digits = digits.padStart(precision, '0');
    if (this.sharp) {
      if (base === 2) digits = `0b${digits}`;
      else if (base === 8 && !digits.startsWith('0')) digits = `0${digits}`;
      else if (base === 16) digits = (verb === 'X' ? '0X' : '0x') + digits;
    }
    if (verb === 'O') digits = `0o${digits}`;
    const sign = negative ? '-' : this.plus ? '+' : this.space ? ' ' : '';
    this.padWithoutZeros(sign + digits);
  }

  protected formatHexAddress(value: bigint, leading: boolean): void {
    const sharp = this.sharp;
    this.sharp = leading;
    this.formatInteger(value, 16, 'v', false);
    this.sharp = sharp;
  }

  protected formatUnicode(bits: bigint): void {
    const precision = Math.max(4, this.precision ?? 0);
    this.watch?.(precision);
    let text = `U+${bits.toString(16).toUpperCase().padStart(precision, '0')}`;
    if (this.sharp && bits <= 0x10ffffn && isPrint(Number(bits))) text += ` '${encodeRune(Number(bits))}'`;
    this.padWithoutZeros(text);
  }

  protected formatFloatValue(value: number, format: FloatFormat, verb: string, standard: number): void {
    const precision = this.precision ?? standard;
    if (precision > 0) this.watch?.(precision);
    let digits = formatFloat(value, format, precision);
    let sign = '+';
    if (digits.startsWith('-') || digits.startsWith('+')) {
      sign = digits.charAt(0);
      digits = digits.slice(1);
    }
    if (this.space && sign === '+' && !this.plus) sign = ' ';
    if (digits === 'Inf' || digits === 'NaN') {
      const bare = digits === 'NaN' && !this.space && !this.plus;
      // The positive sign of +Inf is shown only when asked for… except that fmt always shows it.
      this.padWithoutZeros(bare ? digits : sign + digits);
      return;
    }
    if (this.sharp && format !== 'b') digits = withPoint(digits, verb, precision);
    if (this.plus || sign !== '+') {
      if (this.zero && !this.minus && this.width !== undefined && this.width > digits.length + 1) {
        this.write(sign + this.padding(this.width - digits.length - 1) + digits);
        return;
      }
      this.pad(sign + digits);
      return;
    }
    this.pad(digits);
  }

  protected formatQuoted(value: string): void {
    const text = this.truncate(value);
    if (this.sharp && canBackquote(text)) this.pad(`\`${text}\``);
    else this.pad(quote(text, this.plus));
  }

  protected formatHexString(value: string, upper: boolean): void {
    const length = Math.min(this.precision ?? value.length, value.length);
    const prefix = this.sharp ? (upper ? '0X' : '0x') : '';
    let body = '';
    for (let i = 0; i < length; i++) {
      if (this.space && i > 0) body += ` ${prefix}`;
      const digits = value.charCodeAt(i).toString(16).padStart(2, '0');
      body += upper ? digits.toUpperCase() : digits;
    }
    if (length === 0) {
      this.write(this.padding(this.width ?? 0));
      return;
    }
    const text = prefix + body;
    const padding = this.padding((this.width ?? 0) - text.length);
    this.write(this.minus ? text + padding : padding + text);
  }
}

/** `#`: the decimal point stays, and %g keeps its zeros. */
function withPoint(digits: string, verb: string, precision: number): string {
  let wanted = 0;
  if (verb === 'v' || verb === 'g' || verb === 'G' || verb === 'x') wanted = precision === -1 ? 6 : precision;
  let body = digits;
  let tail = '';
  let hasPoint = false;
  let sawNonzero = false;
  for (let i = 0; i < body.length; i++) {
    const char = body.charAt(i);
    if (char === '.') hasPoint = true;
    else if (char === 'p' || char === 'P' || ((char === 'e' || char === 'E') && verb !== 'x' && verb !== 'X')) {
      tail = body.slice(i);
      body = body.slice(0, i);
    } else {
      if (char !== '0') sawNonzero = true;
      if (sawNonzero) wanted--;
    }
  }
  if (!hasPoint) {
    if (body === '0') wanted--;
    body += '.';
  }
  return body + '0'.repeat(Math.max(wanted, 0)) + tail;
}
