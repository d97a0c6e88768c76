import { fromBytes, isValidUtf8 } from '../gotemplate/byte-string.ts';

export interface Utf8Fault {
  /** Of the first byte of the sequence that is wrong. */
  readonly at: number;
  /** In the words of Go's yaml.v2. */
  readonly message: string;
}

/** The first place of a byte string that Go's yaml.v2 refuses as UTF-8. */
export function utf8Fault(bytes: string): Utf8Fault | undefined {
  if (isValidUtf8(bytes)) return undefined;
  for (let at = 0; at < bytes.length; ) {
    const width = widthOf(bytes.charCodeAt(at));
    const message = faultAt(bytes, at, width);
    if (message !== undefined) return { at, message };
    at += width;
  }
  return undefined;
}

/** Bytes of the sequence that a byte begins; 0 when it begins none. */
function widthOf(first: number): number {
  if (first < 0x80) return 1;
  if ((first & 0xe0) === 0xc0) return 2;
  if ((first & 0xf0) === 0xe0) return 3;
  return (first & 0xf8) === 0xf0 ? 4 : 0;
}

const SMALLEST = [0, 0, 0x80, 0x800, 0x10000] as const;

function faultAt(bytes: string, at: number, width: number): string | undefined {
  if (width === 0) return 'invalid leading UTF-8 octet';
  if (at + width > bytes.length) return 'incomplete UTF-8 octet sequence';
  let rune = bytes.charCodeAt(at) & (width === 1 ? 0x7f : 0xff >> (width + 1));
  for (let i = at + 1; i < at + width; i++) {
    const octet = bytes.charCodeAt(i);
    if ((octet & 0xc0) !== 0x80) return 'invalid trailing UTF-8 octet';
    rune = rune * 64 + (octet & 0x3f);
  }
  if (rune < (SMALLEST[width] ?? 0)) return 'invalid length of a UTF-8 sequence';
  return (rune >= 0xd800 && rune <= 0xdfff) || rune > 0x10ffff ? 'invalid Unicode character' : undefined;
}

/** What YAML allows in no text. */
const FORBIDDEN = '\ufffe';

/** The text up to a fault, which is a character there that no reader takes: what comes behind it is never looked at. */
export function untilFault(bytes: string, fault: Utf8Fault): string {
  return fromBytes(bytes.slice(0, fault.at)) + FORBIDDEN;
}
