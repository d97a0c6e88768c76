import { readFileSync } from 'node:fs';
import { EngineError, messageOf } from '../core/errors.ts';
import { isJsonObject, own, stringAt } from '../core/json.ts';
import type { Credentials } from '../core/credentials.ts';

/**
 * Credentials by host from a file as `helm registry login` and `docker login` write it (`{"auths": {"HOST": {"auth": …}}}`). No credential
 * helper is ever run.
 * @throws EngineError UsageInvalid
 */
export function readRegistryConfig(path: string): Readonly<Record<string, Credentials>> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (thrown) {
    const cause = thrown instanceof SyntaxError ? 'it is no JSON' : messageOf(thrown);
    throw new EngineError('UsageInvalid', `registry configuration ${path} cannot be read (UsageInvalid): ${cause}`);
  }
  const found: Record<string, Credentials> = Object.create(null) as Record<string, Credentials>;
  const auths = own(value, 'auths');
  if (!isJsonObject(auths)) return found;
  for (const [address, entry] of Object.entries(auths)) {
    const host = address.replace(/^https?:\/\//, '').split('/')[0] ?? '';
    const [username, password] = loginOf(entry);
    if (host !== '' && username !== undefined && password !== undefined) found[host] = { username, password };
  }
  return found;
}

function loginOf(entry: unknown): readonly [string | undefined, string | undefined] {
  const coded = stringAt(entry, 'auth');
  if (coded === undefined) return [stringAt(entry, 'username'), stringAt(entry, 'password')];
  const text = Buffer.from(coded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? [undefined, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
}
