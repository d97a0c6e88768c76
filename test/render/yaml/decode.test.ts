import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../src/render/yaml/decode.ts';

describe('decodeText', () => {
  const utf16 = Buffer.from('\ufeffa: é😀\n', 'utf16le');

  it('reads UTF-8 with and without a byte order mark, and UTF-16 with one', () => {
    expect(decodeText(Buffer.from('a: é'))).toBe('a: é');
    expect(decodeText(Buffer.from('\ufeffa: é'))).toBe('a: é');
    expect(decodeText(utf16)).toBe('a: é😀\n');
    expect(decodeText(Buffer.from(utf16).swap16())).toBe('a: é😀\n');
    expect(decodeText(new Uint8Array())).toBe('');
  });

  it('refuses bytes that are no text and says where', () => {
    expect(decodeText(Buffer.from([97, 10, 98, 0xe9, 10]))).toEqual({
      message: 'the file is not UTF-8: byte 0xe9 in line 2',
    });
    expect(decodeText(utf16.subarray(0, 5))).toEqual({ message: 'the file is not valid UTF-16' });
  });
});
