import { EngineError, messageOf } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Clock } from '../core/ports.ts';
import type { AuthMaterial, CredentialSource } from './connection.ts';

/** What a refresh brought, and until when it may be used (on the monotonic clock; undefined: until the server refuses it). */
export interface FreshMaterial {
  readonly material: AuthMaterial;
  readonly validForMs: number | undefined;
}

/**
 * Credentials that are fetched (a file, a plug-in, a provider): kept until they run out or the server refuses them, and fetched once for
 * all who wait. A refresh that fails while the old ones are still valid keeps the old ones.
 */
export class RefreshedCredentials implements CredentialSource {
  readonly #clock: Clock;
  readonly #fetch: () => Promise<FreshMaterial>;
  #kept: { readonly material: AuthMaterial; readonly untilMs: number } | undefined;
  #fetching: Promise<AuthMaterial> | undefined;

  constructor(clock: Clock, fetch: () => Promise<FreshMaterial>) {
    this.#clock = clock;
    this.#fetch = fetch;
  }

  current(): AuthMaterial | Promise<AuthMaterial> {
    const kept = this.#kept;
    if (kept !== undefined && this.#clock.monotonic() < kept.untilMs) return kept.material;
    this.#fetching ??= this.#refresh().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  reject(seen: AuthMaterial): boolean {
    // Another request may have refreshed them already.
    if (this.#kept?.material === seen) this.#kept = undefined;
    return true;
  }

  async #refresh(): Promise<AuthMaterial> {
    const { material, validForMs } = await this.#fetch();
    const untilMs = validForMs === undefined ? Number.POSITIVE_INFINITY : this.#clock.monotonic() + validForMs;
    this.#kept = { material, untilMs };
    return material;
  }
}

/** How long a token file's content is used before the file is read again; kubelet renews projected tokens well before they expire. */
const TOKEN_FILE_MS = 60_000;

export function tokenFileCredentials(
  path: string,
  options: {
    readonly clock: Clock;
    readonly readFile: (path: string) => Promise<string>;
    readonly headers: AuthMaterial['headers'];
  },
): CredentialSource {
  return new RefreshedCredentials(options.clock, async () => {
    let token: string;
    try {
      token = (await options.readFile(path)).trim();
    } catch (thrown) {
      throw new EngineError(
        'ClusterDenied',
        `token file ${path} could not be read (CredentialsFailed): ${messageOf(thrown)}`,
        { cause: thrown },
      );
    }
    if (token === '') throw new EngineError('ClusterDenied', `token file ${path} is empty (CredentialsFailed)`);
    return {
      material: { headers: { ...options.headers, authorization: `Bearer ${token}` } },
      validForMs: TOKEN_FILE_MS,
    };
  });
}

/** Providers keep their own tokens; asking once a minute lets them renew in time. */
const PROVIDER_MS = 60_000;

/** `auth-provider` users (oidc, azure, gcp) through @kubernetes/client-node, which is loaded only here: it takes a third of a second. */
export function providerCredentials(
  authProvider: JsonObject,
  options: { readonly clock: Clock; readonly userName: string; readonly headers: AuthMaterial['headers'] },
): CredentialSource {
  let loaded: Promise<{ authorization(): Promise<string | undefined> }> | undefined;
  return new RefreshedCredentials(options.clock, async () => {
    loaded ??= loadProvider(authProvider, options.userName);
    let authorization: string | undefined;
    try {
      authorization = await (await loaded).authorization();
    } catch (thrown) {
      loaded = undefined;
      throw new EngineError(
        'ClusterDenied',
        `auth-provider of user ${options.userName} failed (CredentialsFailed): ${messageOf(thrown).slice(0, 200)}`,
        {
          remedy: 'log in again with the tool of this provider',
        },
      );
    }
    if (authorization === undefined) {
      throw new EngineError(
        'ClusterDenied',
        `auth-provider of user ${options.userName} gave no token (CredentialsFailed)`,
      );
    }
    return { material: { headers: { ...options.headers, authorization } }, validForMs: PROVIDER_MS };
  });
}

async function loadProvider(
  authProvider: JsonObject,
  userName: string,
): Promise<{ authorization(): Promise<string | undefined> }> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  // The server is never contacted through it; a TLS-less placeholder would be refused.
  config.loadFromClusterAndUser(
    { name: 'cluster', server: 'https://cluster.invalid', skipTLSVerify: false },
    { name: userName, authProvider },
  );
  return {
    async authorization() {
      const options: { headers?: Record<string, unknown> } = {};
      await config.applyToHTTPSOptions(options as Parameters<typeof config.applyToHTTPSOptions>[0]);
      const value = options.headers?.['Authorization'];
      return typeof value === 'string' ? value : undefined;
    },
  };
}
