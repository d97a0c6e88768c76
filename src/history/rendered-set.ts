import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';

import { EngineError } from '../core/errors.ts';
import { own, stableJson, type Json } from '../core/json.ts';
import { readJson } from '../core/json-text.ts';
import { isKubeObject, type KubeObject } from '../core/object-key.ts';
import { stripSecrets } from './strip-secrets.ts';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** No rendered set is larger (the render's own limit is 64 MiB of text). */
const MAX_BYTES = 256 * 1024 * 1024;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Compressed bytes of a rendered set; the same objects always give the same bytes. Secret data is taken out. */
export async function packRendered(objects: readonly KubeObject[]): Promise<Buffer> {
  const text = stableJson({ version: 1, objects: stripSecrets(objects) });
  // Quality 4 packs manifests about as small as gzip 9 in a tenth of its time.
  return compress(text, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
  });
}

/** The objects of a packed set; undefined when the bytes are damaged or hold something else: then the set is simply gone. */
export async function unpackRendered(bytes: Uint8Array): Promise<readonly KubeObject[] | undefined> {
  let value: Json;
  try {
    value = readJson((await decompress(bytes, { maxOutputLength: MAX_BYTES })).toString('utf8'));
  } catch {
    return undefined;
  }
  const objects = own(value, 'objects');
  if (own(value, 'version') !== 1 || !Array.isArray(objects) || !objects.every((item) => isKubeObject(item)))
    return undefined;
  return objects as unknown as readonly KubeObject[];
}

/** The hexadecimal part of a digest, safe in file names and keys. @throws EngineError StateCorrupt */
export function digestHex(digest: string): string {
  if (!DIGEST.test(digest)) {
    throw new EngineError(
      'StateCorrupt',
      'rendered set has no valid digest (DigestInvalid): it is not sha256:<64 hexadecimal digits>',
    );
  }
  return digest.slice('sha256:'.length);
}
