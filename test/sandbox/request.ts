import { request as send } from 'undici';
import type { Json, JsonObject } from '../../src/core/json.ts';
import type { Sandbox } from '../../src/sandbox/start.ts';

export interface Reply {
  readonly code: number;
  readonly body: JsonObject;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Asks a sandbox; the body goes as JSON. */
export async function ask(
  sandbox: Sandbox,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: Json,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const answer = await send(`${sandbox.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${sandbox.token}`,
      ...(body === undefined
        ? {}
        : { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }),
      ...headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await answer.body.text();
  let parsed: JsonObject;
  try {
    parsed = JSON.parse(text) as JsonObject;
  } catch {
    parsed = { text };
  }
  return { code: answer.statusCode, body: parsed, headers: answer.headers };
}

/** A server-side apply. */
export async function apply(sandbox: Sandbox, path: string, object: Json, query = 'fieldManager=test'): Promise<Reply> {
  return ask(sandbox, 'PATCH', `${path}?${query}`, object, { 'content-type': 'application/apply-patch+yaml' });
}
