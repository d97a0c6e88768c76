import { encodeRune, runesOf } from '../gotemplate/byte-string.ts';
import type { CallContext, GoFunction } from '../gotemplate/function.ts';
import { goInt } from '../gotemplate/values.ts';
import { fail, fn, type FunctionGroup, int, str } from './define.ts';
import type { EntropySource } from './entropy.ts';

/** Random strings and numbers from the source that the render was given. */

const DIGITS = '0123456789';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ASCII = Array.from({ length: 95 }, (_unused, i) => String.fromCharCode(32 + i)).join('');

/** What a random value is for: function, place in the templates, arguments. */
export function purposeOf(name: string, context: CallContext, ...args: readonly (string | number)[]): string {
  return JSON.stringify([name, context.position(), ...args]);
}

/** Uniform numbers below `bound`, by leaving out what would favour some. */
class Uniform {
  private readonly entropy: EntropySource;
  private readonly purpose: string;
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;

  constructor(entropy: EntropySource, purpose: string) {
    this.entropy = entropy;
    this.purpose = purpose;
  }

  below(bound: number): number {
    const range = 2 ** 48;
    const limit = range - (range % bound);
    for (;;) {
      const value = this.next();
      if (value < limit) return value % bound;
    }
  }

  private next(): number {
    if (this.at + 6 > this.bytes.length) {
      this.bytes = this.entropy.randomBytes(this.purpose, 384);
      this.at = 0;
    }
    const value = Buffer.from(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length).readUIntBE(this.at, 6);
    this.at += 6;
    return value;
  }
}

export function randomFunctions(entropy: EntropySource): FunctionGroup {
  const characters = (name: string, alphabet: string): GoFunction =>
    fn([int], (count, context) => {
      if (count <= 0) return '';
      context.budget.write(count);
      context.budget.step(count);
      const uniform = new Uniform(entropy, purposeOf(name, context, count));
      let out = '';
      for (let i = 0; i < count; i++) out += alphabet.charAt(uniform.below(alphabet.length));
      return out;
    });

  const shuffle = (text: string, context: CallContext): string => {
    const runes = runesOf(text);
    const uniform = new Uniform(entropy, purposeOf('shuffle', context, text));
    context.budget.step(runes.length);
    for (let i = runes.length - 1; i > 0; i--) {
      const other = uniform.below(i + 1);
      const swapped = runes[i] ?? 0;
      runes[i] = runes[other] ?? 0;
      runes[other] = swapped;
    }
    return runes.map(encodeRune).join('');
  };

  const uuid = (context: CallContext): string => {
    const bytes = Buffer.from(entropy.randomBytes(purposeOf('uuidv4', context), 16));
    bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
    const hex = bytes.toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  };

  return {
    randAlphaNum: characters('randAlphaNum', DIGITS + LETTERS),
    randAlpha: characters('randAlpha', LETTERS),
    randAscii: characters('randAscii', ASCII),
    randNumeric: characters('randNumeric', DIGITS),
    randInt: fn([int, int], (low, high, context) => {
      if (high <= low) return fail('invalid argument to Intn');
      return goInt(low + new Uniform(entropy, purposeOf('randInt', context, low, high)).below(high - low));
    }),
    randBytes: fn([int], (count, context) => {
      if (count < 0) return fail('runtime error: makeslice: len out of range');
      context.budget.write(count * 2);
      return Buffer.from(entropy.randomBytes(purposeOf('randBytes', context, count), count)).toString('base64');
    }),
    shuffle: fn([str], shuffle),
    uuidv4: fn([], uuid),
  };
}
