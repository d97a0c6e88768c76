import { decodeRune, encodeRune } from './byte-string.ts';
import type { SizeWatcher } from './format-writer.ts';
import { GoInt, type GoValue, typeOf } from './values.ts';
import { NIL, ValuePrinter } from './value-printer.ts';

/** Go's package fmt for template values: Sprint, Sprintln and Sprintf with every verb and flag. All strings are byte strings. */

/** Widths and precisions beyond this are refused by fmt itself. */
const LARGEST_WIDTH = 1_000_000;

/** fmt.Sprint: a space between two operands when neither is a string. */
export function sprint(values: readonly GoValue[], watch?: SizeWatcher): string {
  const only = values[0];
  if (values.length === 1 && typeof only === 'string') return only;
  const printer = new ValuePrinter(watch);
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
  const printer = new ValuePrinter(watch);
  values.forEach((value, i) => {
    if (i > 0) printer.out += ' ';
    printer.printArg(value, 0x76);
  });
  return `${printer.out}\n`;
}

/** What `%v` prints: the text of a value wherever Go turns one into a string. */
export function textOf(value: GoValue, watch?: SizeWatcher): string {
  if (typeof value === 'string') return value;
  const printer = new ValuePrinter(watch);
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
  const printer = new ValuePrinter(watch);
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
