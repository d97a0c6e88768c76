import { isEngineError } from '../core/errors.ts';
import type { Credentials } from '../core/credentials.ts';
import type { FetchRunner } from './fetch-job.ts';
import type { PackLimits } from './objects/pack-indexer.ts';
import type { RemoteRefs } from './remote.ts';
import type { FetchOrder, Transport } from './transport.ts';
import { discover, type Session } from './wire/discovery.ts';
import { type GitHttp, hostOf, type NetworkOptions } from './wire/git-http.ts';
import { listRefs } from './wire/upload-pack.ts';

export interface HttpTransportOptions {
  readonly url: string;
  readonly credentials: Credentials | undefined;
  readonly http: GitHttp;
  readonly network: NetworkOptions;
  readonly fetches: FetchRunner;
  readonly limits: PackLimits;
  readonly fetchTimeoutMs: number;
}

/**
 * A repository over http or https. What the host speaks is learnt once: from then on a poll is one request. After an error everything is
 * learnt anew (the repository may have moved, the credentials may have another scheme).
 */
export class HttpTransport implements Transport {
  readonly host: string;
  readonly #options: HttpTransportOptions;
  #session: Session | undefined;

  constructor(options: HttpTransportOptions) {
    this.#options = options;
    this.host = hostOf(options.url);
  }

  async list(prefixes: readonly string[], signal: AbortSignal): Promise<RemoteRefs> {
    const known = this.#session;
    if (known?.version === 2) {
      try {
        return await listRefs(this.#options.http, known, prefixes, signal);
      } catch (thrown) {
        this.#session = undefined;
        // A status that is no answer of Git (a redirect, a changed login) may mean that the repository moved: ask once from the start.
        const status = isEngineError(thrown) ? thrown.data.status : undefined;
        if (typeof status !== 'number' || status === 429 || status >= 500) throw thrown;
      }
    }
    const { http, url, credentials } = this.#options;
    const found = await discover(http, url, credentials, signal);
    const refs = found.refs ?? (await listRefs(http, found.session, prefixes, signal));
    this.#session = found.session;
    return refs;
  }

  async fetch(order: FetchOrder, signal: AbortSignal): Promise<void> {
    const { http, url, credentials, network, limits, fetchTimeoutMs, fetches } = this.#options;
    this.#session ??= (await discover(http, url, credentials, signal)).session;
    try {
      await fetches.run({ ...order, session: this.#session, network, limits, timeoutMs: fetchTimeoutMs }, signal);
    } catch (thrown) {
      this.#session = undefined;
      throw thrown;
    }
  }
}
