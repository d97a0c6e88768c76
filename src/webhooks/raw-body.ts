import type { Clock } from '../core/ports.ts';

/** Ends a request with a status of its own; fastify reads `statusCode`. */
class BodyError extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/**
 * The bytes of a body exactly as they came, because a signature covers nothing else.
 * @throws an error with `statusCode` 413 (too large), 408 (too slow), 400 (cut off)
 */
export async function readRawBody(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  timeoutMs: number,
  clock: Clock,
): Promise<Buffer> {
  const done = new AbortController();
  const late = clock.sleep(timeoutMs, done.signal).then(
    () => {
      throw new BodyError(408, `the body did not come within ${timeoutMs} ms`);
    },
    () => undefined,
  );
  try {
    const read = collect(body, maxBytes);
    // When the time is over the reading goes on until the connection is closed; what it ends with is of no interest.
    read.catch(() => {});
    const bytes = await Promise.race([read, late]);
    if (bytes === undefined) throw new BodyError(400, 'the body was cut off');
    return bytes;
  } finally {
    done.abort();
  }
}

async function collect(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const part of body) {
      sizeBytes += part.byteLength;
      if (sizeBytes > maxBytes) throw new BodyError(413, `the body is larger than ${maxBytes} bytes`);
      parts.push(part);
    }
  } catch (thrown) {
    throw thrown instanceof BodyError ? thrown : new BodyError(400, 'the body was cut off');
  }
  return Buffer.concat(parts);
}
