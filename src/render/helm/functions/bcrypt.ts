/** bcrypt (`$2a$`) as golang.org/x/crypto writes it. */

const ROUNDS = 16;
const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** "OrpheanBeholderScryDoubt" */
const MAGIC = [0x4f727068, 0x65616e42, 0x65686f6c, 0x64657253, 0x63727944, 0x6f756274];

interface Boxes {
  readonly p: Uint32Array;
  readonly s: Uint32Array;
}

let initial: Boxes | undefined;

/** Blowfish starts from the fraction of pi; its 1,042 words are computed once. */
function initialBoxes(): Boxes {
  if (initial === undefined) {
    const words = piFraction(18 + 4 * 256);
    initial = { p: words.slice(0, 18), s: words.slice(18) };
  }
  return { p: initial.p.slice(), s: initial.s.slice() };
}

/** The first words of the fraction of pi in binary, by Machin's formula. */
function piFraction(count: number): Uint32Array {
  const guard = 64n;
  const bits = BigInt(count * 32) + guard;
  const one = 1n << bits;
  const arctanOfInverse = (x: bigint): bigint => {
    let power = one / x;
    let sum = power;
    const square = x * x;
    for (let n = 3n, sign = -1n; power > 0n; n += 2n, sign = -sign) {
      power /= square;
      sum += (sign * power) / n;
    }
    return sum;
  };
  const pi = 4n * (4n * arctanOfInverse(5n) - arctanOfInverse(239n));
  const fraction = (pi - 3n * one) >> guard;
  const hex = fraction.toString(16).padStart(count * 8, '0');
  return Uint32Array.from({ length: count }, (_unused, i) => Number.parseInt(hex.slice(i * 8, i * 8 + 8), 16));
}

class Blowfish {
  private readonly p: Uint32Array;
  private readonly s: Uint32Array;
  left = 0;
  right = 0;

  constructor() {
    const { p, s } = initialBoxes();
    this.p = p;
    this.s = s;
  }

  encrypt(): void {
    const { p, s } = this;
    let left = this.left;
    let right = this.right;
    for (let i = 0; i < ROUNDS; i += 2) {
      left ^= p[i] ?? 0;
      right ^= mix(s, left);
      right ^= p[i + 1] ?? 0;
      left ^= mix(s, right);
    }
    this.left = right ^ (p[ROUNDS + 1] ?? 0);
    this.right = left ^ (p[ROUNDS] ?? 0);
  }

  /** Mixes the key in and replaces the boxes; with a salt its halves are mixed in turn. */
  expand(key: Uint8Array, salt: Uint8Array | undefined): void {
    const { p, s } = this;
    const keyReader = new WordReader(key);
    for (let i = 0; i < p.length; i++) p[i] = (p[i] ?? 0) ^ keyReader.next();
    const saltReader = salt === undefined ? undefined : new WordReader(salt);
    this.left = 0;
    this.right = 0;
    for (const box of [p, s])
      for (let i = 0; i < box.length; i += 2) {
        if (saltReader !== undefined) {
          this.left ^= saltReader.next();
          this.right ^= saltReader.next();
        }
        this.encrypt();
        box[i] = this.left;
        box[i + 1] = this.right;
      }
  }
}

function mix(s: Uint32Array, x: number): number {
  const sum = ((s[x >>> 24] ?? 0) + (s[256 + ((x >>> 16) & 0xff)] ?? 0)) | 0;
  return ((sum ^ (s[512 + ((x >>> 8) & 0xff)] ?? 0)) + (s[768 + (x & 0xff)] ?? 0)) | 0;
}

/** Words of a key, from its start again and again. */
class WordReader {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  next(): number {
    let word = 0;
    for (let i = 0; i < 4; i++) {
      word = (word << 8) | (this.bytes[this.at] ?? 0);
      this.at = (this.at + 1) % this.bytes.length;
    }
    return word;
  }
}

function encode(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3);
    const word = (a << 16) | (b << 8) | c;
    const count = Math.min(bytes.length - i, 3) + 1;
    for (let k = 0; k < count; k++) out += ALPHABET.charAt((word >> (18 - 6 * k)) & 63);
  }
  return out;
}

/** Hashes a password (at most 72 bytes) with 16 bytes of salt. */
export function bcryptHash(password: Uint8Array, salt: Uint8Array, cost: number): string {
  const key = new Uint8Array(password.length + 1);
  key.set(password);
  const cipher = new Blowfish();
  cipher.expand(key, salt);
  for (let i = 0; i < 2 ** cost; i++) {
    cipher.expand(key, undefined);
    cipher.expand(salt, undefined);
  }
  const words = Uint32Array.from(MAGIC);
  for (let i = 0; i < 64; i++)
    for (let k = 0; k < words.length; k += 2) {
      cipher.left = words[k] ?? 0;
      cipher.right = words[k + 1] ?? 0;
      cipher.encrypt();
      words[k] = cipher.left;
      words[k + 1] = cipher.right;
    }
  const digest = Buffer.alloc(24);
  words.forEach((word, i) => digest.writeUInt32BE(word, i * 4));
  return `$2a$${String(cost).padStart(2, '0')}$${encode(salt)}${encode(digest.subarray(0, 23))}`;
}
