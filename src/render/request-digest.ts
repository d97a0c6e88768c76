import { createHash } from 'node:crypto';
import { type Json, stableJson } from '../core/json.ts';
import type { RenderRequest } from '../core/manifest.ts';

/** Changes whenever a render may come out differently from the same input: results kept on disk by another version are not used. */
const RENDER_VERSION = '1';

/** `sha256:<hex>` of everything that a render depends on beside the snapshot. */
export function digestRequest(request: RenderRequest): string {
  const text = stableJson({ version: RENDER_VERSION, request: request as unknown as Json });
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
