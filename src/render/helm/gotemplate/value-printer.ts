import { behaviourOf } from './behaviour.ts';
import { encodeRune } from './byte-string.ts';
import { FormatWriter } from './format-writer.ts';
import type { FloatFormat } from './number-text.ts';
import { quoteRune } from './quote.ts';
import { type GoType, isUnsigned } from './types.ts';
import { GoBytes, GoComplex, GoInt, GoMap, GoObject, GoSlice, type GoValue, typeOf } from './values.ts';

export const NIL = '<nil>';

/** Go's fmt/print.go: any value under any verb. */
export class ValuePrinter extends FormatWriter {
  private erroring = false;

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
    const behaviour = behaviourOf(type);
    if (this.sharpV) {
      if (behaviour?.goSyntax === undefined) return false;
      this.pad(behaviour.goSyntax(value));
      return true;
    }
    const stringer = behaviour?.stringer;
    if (stringer === undefined) return false;
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
