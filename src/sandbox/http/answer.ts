import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../../core/json.ts';

/** What a request is answered with: a body, or a stream that lasts. */
export type Answer =
  | {
      readonly code: number;
      readonly contentType: string;
      readonly body: JsonObject | string;
      readonly warnings?: readonly string[];
    }
  | { readonly watch: (response: ServerResponse) => void };

export const JSON_TYPE = 'application/json';

/** An answer in JSON; a text is JSON already. */
export function json(body: JsonObject | string, code = 200, warnings: readonly string[] = []): Answer {
  return { code, contentType: JSON_TYPE, body, warnings };
}
