/** Bytes that are no text: which encoding they claim, and where it breaks. */
export interface UndecodableText {
  readonly message: string;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const UTF16_LE = new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true });

/**
 * The text of a YAML or JSON file. One rule for all: UTF-8, with or without a byte order mark; UTF-16 with its mark, in both orders, as
 * Go's YAML reader takes it. Everything else is refused: nothing is replaced silently.
 */
export function decodeText(bytes: Uint8Array): string | UndecodableText {
  const utf16 = bytes.length >= 2 && (bytes[0] === 0xff ? bytes[1] === 0xfe : bytes[0] === 0xfe && bytes[1] === 0xff);
  try {
    if (!utf16) return withoutMark(UTF8.decode(bytes));
    return withoutMark(UTF16_LE.decode(bytes[0] === 0xff ? bytes : swapped(bytes)));
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown;
    return {
      message: utf16 ? 'the file is not valid UTF-16' : `the file is not UTF-8: ${describeFirstBadByte(bytes)}`,
    };
  }
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function swapped(bytes: Uint8Array): Uint8Array {
  if (bytes.length % 2 === 1) return bytes;
  return Buffer.from(bytes).swap16();
}

/** Line and byte of the first byte that is no UTF-8, found by halving. */
function describeFirstBadByte(bytes: Uint8Array): string {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isPrefixOfUtf8(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  let line = 1;
  for (let index = 0; index < good; index++) if (bytes[index] === 10) line++;
  // What is cut off in the middle of a character still counts as good: go back to where that one begins.
  while (good > 0 && ((bytes[good] ?? 0) < 0x80 || ((bytes[good] ?? 0) & 0xc0) === 0x80)) good--;
  return `byte 0x${(bytes[good] ?? 0).toString(16).padStart(2, '0')} in line ${line}`;
}

function isPrefixOfUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
