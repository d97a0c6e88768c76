import { createCipheriv, createDecipheriv } from 'node:crypto';
import { bufferOf, bytesOf } from '../gotemplate/byte-string.ts';
import { fail, fn, type FunctionGroup, str } from './define.ts';
import { decodeBase64 } from './encoding.ts';
import type { EntropySource } from './entropy.ts';
import { purposeOf } from './random.ts';

/** encryptAES and decryptAES: AES-256-CBC, the password padded with zeros to the key, the initial vector in front. */

const KEY_BYTES = 32;
const BLOCK_BYTES = 16;

function keyOf(password: string): Buffer {
  const key = Buffer.alloc(KEY_BYTES);
  bufferOf(password).copy(key);
  return key;
}

function decrypt(password: string, encoded: string): string {
  if (encoded === '') return '';
  const decoded = decodeBase64(encoded);
  if (!('bytes' in decoded)) return fail(`illegal base64 data at input byte ${decoded.corruptAt}`);
  const data = bufferOf(decoded.bytes);
  if (data.length < BLOCK_BYTES)
    return fail(`runtime error: slice bounds out of range [:${BLOCK_BYTES}] with capacity ${data.length}`);
  const body = data.subarray(BLOCK_BYTES);
  if (body.length % BLOCK_BYTES !== 0) return fail('crypto/cipher: input not full blocks');
  if (body.length === 0) return fail('runtime error: index out of range [-1]');
  const decipher = createDecipheriv('aes-256-cbc', keyOf(password), data.subarray(0, BLOCK_BYTES)).setAutoPadding(
    false,
  );
  const plain = bytesOf(Buffer.concat([decipher.update(body), decipher.final()]));
  const padding = plain.charCodeAt(plain.length - 1);
  if (padding > plain.length) return fail(`runtime error: slice bounds out of range [:${plain.length - padding}]`);
  return plain.slice(0, plain.length - padding);
}

export function aesFunctions(entropy: EntropySource): FunctionGroup {
  return {
    encryptAES: fn([str, str], (password, text, context) => {
      if (text === '') return '';
      const vector = entropy.randomBytes(purposeOf('encryptAES', context, text), BLOCK_BYTES);
      const cipher = createCipheriv('aes-256-cbc', keyOf(password), vector);
      return Buffer.concat([vector, cipher.update(bufferOf(text)), cipher.final()]).toString('base64');
    }),
    decryptAES: fn([str, str], decrypt),
  };
}
