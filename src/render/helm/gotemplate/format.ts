import { behaviourOf } from './behaviour.ts';
import { decodeRune, encodeRune, isAscii, runeCount } from './byte-string.ts';
import { formatFloat, type FloatFormat } from './number-text.ts';
import { canBackquote, quote, quoteRune } from './quote.ts';
import { type GoType, isUnsigned } from './types.ts';
import { isPrint } from './unicode.ts';
import { GoBytes, GoComplex, GoInt, GoMap, GoObject, GoSlice, type GoValue, typeOf } from './values.ts';

/** Go's package fmt for template values: Sprint, Sprintln and Sprintf with every verb and flag. All strings are byte strings. */

const NIL = '<nil>';
/** Widths and precisions beyond this are refused by fmt itself. */
const LARGEST_WIDTH = 1_000_000;

/** Told how many bytes are about to be made, so that a budget can stop a bomb before it is built. */
export type SizeWatcher = (bytes: number) => void;

class Printer {
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
  private erroring = false;

  constructor(watch?: SizeWatcher) {
    this.watch = watch;
  }

  clearFlags(): void {
    this.minus = this.plus = this.sharp = this.space = this.zero = this.plusV = this.sharpV = false;
    this.width = undefined;
    this.precision = undefined;
  }

  private write(text: string): void {
    this.watch?.(text.length);
    this.out += text;
  }

  private padding(count: number): string {
    if (count <= 0) return '';
    this.watch?.(count);
    return (this.zero && !this.minus ? '0' : ' ').repeat(count);
  }

  private pad(text: string): void {
    if (!this.width) {
      this.write(text);
      return;
    }
    const padding = this.padding(this.width - runeCount(text));
    this.write(this.minus ? text + padding : padding + text);
  }

  private padWithoutZeros(text: string): void {
    const zero = this.zero;
    this.zero = false;
    this.pad(text);
    this.zero = zero;
  }

  private truncate(text: string): string {
    if (this.precision === undefined) return text;
    if (isAscii(text)) return text.slice(0, this.precision);
    let at = 0;
    for (let left = this.precision; left > 0 && at < text.length; left--) at += decodeRune(text, at).size;
    return text.slice(0, at);
  }

  private badVerb(verb: number, value: GoValue): void {
    this.erroring = true;
    this.write(`%!${encodeRune(verb)}(`);
    const type = typeOf(value);
    if (type === undefined) this.write(NIL);
    else {
      this.write(`${type.name}=`);
      this.printArg(value, 0x76);
    }
    this.write(')');
    this.erroring = false;
  }

  private formatInteger(value: bigint, base: 2 | 8 | 10 | 16, verb: string, isSigned: boolean): void {
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

  private formatHexAddress(value: bigint, leading: boolean): void {
    const sharp = this.sharp;
    this.sharp = leading;
    this.formatInteger(value, 16, 'v', false);
    this.sharp = sharp;
  }

  private printInteger(value: GoInt, verb: number): void {
    const isSigned = !isUnsigned(value.type.kind);
    const n = value.value;
    // Character verbs look at the 64 bits without their sign.
    const bits = BigInt.asUintN(64, n);
    switch (verb) {
      case 0x76: // v
        if (this.sharpV && !isSigned) this.formatHexAddress(n, true);
        else this.formatInteger(n, 10, 'v', isSigned);
        return;
      case 0x64: // d
        return this.formatInteger(n, 10, 'd', isSigned);
      case 0x62: // b
        return this.formatInteger(n, 2, 'b', isSigned);
      case 0x6f: // o
        return this.formatInteger(n, 8, 'o', isSigned);
      case 0x4f: // O
        return this.formatInteger(n, 8, 'O', isSigned);
      case 0x78: // x
        return this.formatInteger(n, 16, 'x', isSigned);
      case 0x58: // X
        return this.formatInteger(n, 16, 'X', isSigned);
      case 0x63: // c
        return this.pad(encodeRune(bits > 0x10ffffn ? 0xfffd : Number(bits)));
      case 0x71: // q
        return this.pad(quoteRune(bits > 0x10ffffn ? 0xfffd : Number(bits), this.plus));
      case 0x55: // U
        return this.formatUnicode(bits);
      default:
        return this.badVerb(verb, value);
    }
  }

  private formatUnicode(bits: bigint): void {
    const precision = Math.max(4, this.precision ?? 0);
    this.watch?.(precision);
    let text = `U+${bits.toString(16).toUpperCase().padStart(precision, '0')}`;
    if (this.sharp && bits <= 0x10ffffn && isPrint(Number(bits))) text += ` '${encodeRune(Number(bits))}'`;
    this.padWithoutZeros(text);
  }

  private formatFloatValue(value: number, format: FloatFormat, verb: string, standard: number): void {
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

  private printFloat(value: number, verb: number, whole: GoValue): void {
    switch (verb) {
      case 0x76: // v
        return this.formatFloatValue(value, 'g', 'g', -1);
      case 0x62: // b
      case 0x67: // g
      case 0x47: // G
      case 0x78: // x
      case 0x58: {
        const letter = String.fromCharCode(verb);
        return this.formatFloatValue(value, letter as FloatFormat, letter, -1);
      }
      case 0x66: // f
      case 0x65: // e
      case 0x45: {
        const letter = String.fromCharCode(verb);
        return this.formatFloatValue(value, letter as FloatFormat, letter, 6);
      }
      case 0x46: // F
        return this.formatFloatValue(value, 'f', 'f', 6);
      default:
        return this.badVerb(verb, whole);
    }
  }

  private printComplex(value: GoComplex, verb: number): void {
    if (!'vbgGxXfFeE'.includes(String.fromCodePoint(verb))) return this.badVerb(verb, value);
    const plus = this.plus;
    this.write('(');
    this.printFloat(value.real, verb, value);
    this.plus = true;
    this.printFloat(value.imaginary, verb, value);
    this.write('i)');
    this.plus = plus;
  }

  private printString(value: string, verb: number, whole: GoValue): void {
    switch (verb) {
      case 0x76: // v
        if (this.sharpV) this.formatQuoted(value);
        else this.pad(this.truncate(value));
        return;
      case 0x73: // s
        return this.pad(this.truncate(value));
      case 0x78: // x
        return this.formatHexString(value, false);
      case 0x58: // X
        return this.formatHexString(value, true);
      case 0x71: // q
        return this.formatQuoted(value);
      default:
        return this.badVerb(verb, whole);
    }
  }

  private formatQuoted(value: string): void {
    const text = this.truncate(value);
    if (this.sharp && canBackquote(text)) this.pad(`\`${text}\``);
    else this.pad(quote(text, this.plus));
  }

  private formatHexString(value: string, upper: boolean): void {
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

  private printBytes(value: GoBytes, verb: number): void {
    switch (verb) {
      case 0x76: // v
      case 0x64: {
        const open = this.sharpV ? `${value.type.name === '[]uint8' ? '[]byte' : value.type.name}{` : '[';
        this.write(open);
        for (let i = 0; i < value.data.length; i++) {
          if (i > 0) this.write(this.sharpV ? ', ' : ' ');
          const byte = BigInt(value.data.charCodeAt(i));
          if (this.sharpV) this.formatHexAddress(byte, true);
          else this.formatInteger(byte, 10, 'd', false);
        }
        this.write(this.sharpV ? '}' : ']');
        return;
      }
      case 0x73: // s
        return this.pad(this.truncate(value.data));
      case 0x78: // x
        return this.formatHexString(value.data, false);
      case 0x58: // X
        return this.formatHexString(value.data, true);
      case 0x71: // q
        return this.formatQuoted(value.data);
      default: {
        const elem = value.type.elem;
        this.write('[');
        for (let i = 0; i < value.data.length && elem !== undefined; i++) {
          if (i > 0) this.write(' ');
          this.printInteger(new GoInt(BigInt(value.data.charCodeAt(i)), elem), verb);
        }
        this.write(']');
      }
    }
  }

  /** An address: stable, because real ones would differ from run to run. */
  private printPointer(value: GoValue, type: GoType, isNil: boolean, verb: number): void {
    const address = isNil ? 0n : 0xc000010000n;
    switch (verb) {
      case 0x76: // v
        if (this.sharpV) {
          this.write(`(${type.name})(`);
          if (isNil) this.write('nil');
          else this.formatHexAddress(address, true);
          this.write(')');
        } else if (isNil) this.pad(NIL);
        else this.formatHexAddress(address, !this.sharp);
        return;
      case 0x70: // p
        return this.formatHexAddress(address, !this.sharp);
      case 0x62:
        return this.formatInteger(address, 2, 'b', false);
      case 0x6f:
        return this.formatInteger(address, 8, 'o', false);
      case 0x64:
        return this.formatInteger(address, 10, 'd', false);
      case 0x78:
        return this.formatInteger(address, 16, 'x', false);
      case 0x58:
        return this.formatInteger(address, 16, 'X', false);
      default:
        return this.badVerb(verb, value);
    }
  }

  printArg(value: GoValue, verb: number): void {
    const type = typeOf(value);
    if (type === undefined) {
      if (verb === 0x54 || verb === 0x76) this.pad(NIL);
      else this.badVerb(verb, value);
      return;
    }
    if (verb === 0x54) {
      this.pad(this.truncate(type.name));
      return;
    }
    if (verb === 0x70) {
      if (type.kind === 'map' || type.kind === 'slice' || type.kind === 'ptr' || type.kind === 'func')
        this.printPointer(value, type, (value instanceof GoMap || value instanceof GoSlice) && value.isNil, verb);
      else this.badVerb(verb, value);
      return;
    }
    this.printValue(value, verb, 0);
  }

  /** The value prints by a method of its own. */
  private printByMethod(value: GoValue, type: GoType, verb: number): boolean {
    if (this.erroring) return false;
    if (verb === 0x77) {
      this.badVerb(verb, value);
      return true;
    }
    const stringer = behaviourOf(type)?.stringer;
    if (stringer === undefined || this.sharpV) return false;
    if (verb !== 0x76 && verb !== 0x73 && verb !== 0x78 && verb !== 0x58 && verb !== 0x71) return false;
    this.printString(stringer(value), verb, value);
    return true;
  }

  private printValue(value: GoValue, verb: number, depth: number): void {
    switch (typeof value) {
      case 'string':
        if (verb === 0x77 && !this.erroring) return this.badVerb(verb, value);
        return this.printString(value, verb, value);
      case 'number':
        return this.printFloat(value, verb, value);
      case 'boolean':
        if (verb !== 0x74 && verb !== 0x76) return this.badVerb(verb, value);
        return this.pad(value ? 'true' : 'false');
      case 'undefined':
        return this.write(this.sharpV && depth > 0 ? 'interface {}(nil)' : NIL);
      default:
        break;
    }
    if (value === null) return this.write(this.sharpV ? 'interface {}(nil)' : NIL);
    if (this.printByMethod(value, value.type, verb)) return;
    if (value instanceof GoInt) return this.printInteger(value, verb);
    if (value instanceof GoMap) return this.printMap(value, verb, depth);
    if (value instanceof GoBytes) return this.printBytes(value, verb);
    if (value instanceof GoSlice) return this.printSlice(value, verb, depth);
    if (value instanceof GoComplex) return this.printComplex(value, verb);
    this.printObject(value, verb, depth);
  }

  private printMap(map: GoMap, verb: number, depth: number): void {
    if (this.sharpV) {
      this.write(map.type.name);
      if (map.isNil) return this.write('(nil)');
    }
    this.write(this.sharpV ? '{' : 'map[');
    let first = true;
    for (const key of map.sortedKeys()) {
      if (!first) this.write(this.sharpV ? ', ' : ' ');
      first = false;
      this.printValue(key, verb, depth + 1);
      this.write(':');
      this.printValue(map.entries.get(key), verb, depth + 1);
    }
    this.write(this.sharpV ? '}' : ']');
  }

  private printSlice(slice: GoSlice, verb: number, depth: number): void {
    if (this.sharpV) {
      this.write(slice.type.name);
      if (slice.isNil) return this.write('(nil)');
    }
    this.write(this.sharpV ? '{' : '[');
    for (let i = 0; i < slice.items.length; i++) {
      if (i > 0) this.write(this.sharpV ? ', ' : ' ');
      this.printValue(slice.items[i], verb, depth + 1);
    }
    this.write(this.sharpV ? '}' : ']');
  }

  private printObject(object: GoObject, verb: number, depth: number): void {
    if (object.type.kind === 'ptr') {
      if (depth > 0) return this.printPointer(object, object.type, false, verb);
      this.write('&');
    }
    if (this.sharpV) this.write(object.type.name.replace(/^\*/, ''));
    this.write('{');
    let first = true;
    for (const { name } of object.type.fields ?? []) {
      if (!first) this.write(this.sharpV ? ', ' : ' ');
      first = false;
      if (this.plusV || this.sharpV) this.write(`${name}:`);
      this.printValue(object.fields.get(name), verb, depth + 1);
    }
    this.write('}');
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

/** fmt.Sprint: a space between two operands when neither is a string. */
export function sprint(values: readonly GoValue[], watch?: SizeWatcher): string {
  const only = values[0];
  if (values.length === 1 && typeof only === 'string') return only;
  const printer = new Printer(watch);
  let previousIsString = false;
  values.forEach((value, i) => {
    const isString = typeOf(value)?.kind === 'string';
    if (i > 0 && !isString && !previousIsString) printer.out += ' ';
    printer.printArg(value, 0x76);
    previousIsString = isString;
  });
  return printer.out;
}

/** fmt.Sprintln. */
export function sprintln(values: readonly GoValue[], watch?: SizeWatcher): string {
  const printer = new Printer(watch);
  values.forEach((value, i) => {
    if (i > 0) printer.out += ' ';
    printer.printArg(value, 0x76);
  });
  return `${printer.out}\n`;
}

/** What `%v` prints: the text of a value wherever Go turns one into a string. */
export function textOf(value: GoValue, watch?: SizeWatcher): string {
  if (typeof value === 'string') return value;
  const printer = new Printer(watch);
  printer.printArg(value, 0x76);
  return printer.out;
}

interface ParsedNumber {
  readonly value: number;
  readonly isNumber: boolean;
  readonly next: number;
}

function parseNumber(text: string, start: number, end: number): ParsedNumber {
  let value = 0;
  let isNumber = false;
  let at = start;
  if (start >= end) return { value: 0, isNumber: false, next: end };
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) break;
    if (value > LARGEST_WIDTH) return { value: 0, isNumber: false, next: end };
    value = value * 10 + (code - 0x30);
    isNumber = true;
  }
  return { value, isNumber, next: at };
}

/** fmt.Sprintf. */
export function sprintf(format: string, values: readonly GoValue[], watch?: SizeWatcher): string {
  const printer = new Printer(watch);
  const end = format.length;
  let argument = 0;
  let afterIndex = false;
  let reordered = false;
  let goodIndex = true;

  /** `[n]` at `at`: which argument comes next. */
  const readIndex = (at: number): number => {
    if (format.charAt(at) !== '[') {
      afterIndex = false;
      return at;
    }
    reordered = true;
    const close = format.indexOf(']', at + 1);
    if (end - at < 3 || close < 0) {
      goodIndex = false;
      afterIndex = false;
      return at + 1;
    }
    const number = parseNumber(format, at + 1, close);
    const ok = number.isNumber && number.next === close;
    const index = number.value - 1;
    if (ok && index >= 0 && index < values.length) {
      argument = index;
      afterIndex = true;
      return close + 1;
    }
    goodIndex = false;
    afterIndex = ok;
    return close + 1;
  };

  /** `*`: a width or precision from the arguments. */
  const readStar = (): number | undefined => {
    if (argument >= values.length) return undefined;
    const value = values[argument++];
    if (!(value instanceof GoInt) || value.value > 1_000_000n || value.value < -1_000_000n) return undefined;
    return Number(value.value);
  };

  for (let i = 0; i < end; ) {
    goodIndex = true;
    const percent = format.indexOf('%', i);
    const textEnd = percent < 0 ? end : percent;
    if (textEnd > i) printer.out += format.slice(i, textEnd);
    i = textEnd;
    if (i >= end) break;
    i++;
    printer.clearFlags();
    flags: for (; i < end; i++) {
      switch (format.charAt(i)) {
        case '#':
          printer.sharp = true;
          break;
        case '0':
          printer.zero = true;
          break;
        case '+':
          printer.plus = true;
          break;
        case '-':
          printer.minus = true;
          break;
        case ' ':
          printer.space = true;
          break;
        default:
          break flags;
      }
    }
    // Index, width, precision, index again: each may be absent.
    i = readIndex(i);
    if (format.charAt(i) === '*') {
      i++;
      const width = readStar();
      if (width === undefined) printer.out += '%!(BADWIDTH)';
      else {
        printer.width = Math.abs(width);
        if (width < 0) {
          printer.minus = true;
          printer.zero = false;
        }
      }
      afterIndex = false;
    } else {
      const number = parseNumber(format, i, end);
      if (number.isNumber) printer.width = number.value;
      i = number.next;
      if (afterIndex && number.isNumber) goodIndex = false;
    }
    if (i + 1 < end && format.charAt(i) === '.') {
      i++;
      if (afterIndex) goodIndex = false;
      i = readIndex(i);
      if (format.charAt(i) === '*') {
        i++;
        const precision = readStar();
        if (precision === undefined || precision < 0) printer.out += '%!(BADPREC)';
        else printer.precision = precision;
        afterIndex = false;
      } else {
        const number = parseNumber(format, i, end);
        printer.precision = number.isNumber ? number.value : 0;
        i = number.next;
      }
    }
    if (!afterIndex) i = readIndex(i);
    if (i >= end) {
      printer.out += '%!(NOVERB)';
      break;
    }
    const { rune: verb, size } = decodeRune(format, i);
    i += size;
    if (verb === 0x25) printer.out += '%';
    else if (!goodIndex) printer.out += `%!${encodeRune(verb)}(BADINDEX)`;
    else if (argument >= values.length) printer.out += `%!${encodeRune(verb)}(MISSING)`;
    else {
      if (verb === 0x76 || verb === 0x77) {
        printer.sharpV = printer.sharp;
        printer.sharp = false;
        printer.plusV = printer.plus;
        printer.plus = false;
      }
      printer.printArg(values[argument], verb);
      argument++;
    }
  }
  if (!reordered && argument < values.length) {
    printer.clearFlags();
    printer.out += '%!(EXTRA ';
    values.slice(argument).forEach((value, i) => {
      if (i > 0) printer.out += ', ';
      const type = typeOf(value);
      if (type === undefined) printer.out += NIL;
      else {
        printer.out += `${type.name}=`;
        printer.printArg(value, 0x76);
      }
    });
    printer.out += ')';
  }
  return printer.out;
}
