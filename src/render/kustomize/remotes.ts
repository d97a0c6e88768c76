import type { RemoteAnswer, RemoteRequest } from '../../core/render-world.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { isAllowedHost } from '../allowed-hosts.ts';
import { BuildError, quote } from './problems.ts';
import type { RemoteAddress } from './remote-address.ts';

/** What a build may take from other hosts. */
export interface RemoteAccess {
  /** Nothing is asked for on another host. */
  readonly allowedHosts: readonly string[];
  /** What is known of a request. Undefined: it is noted, and the build is repeated once it is answered. */
  readonly ask: (request: RemoteRequest) => RemoteAnswer | undefined;
  readonly openSnapshot: (gitDir: string, commitId: string) => Snapshot;
}

/** A commit of another repository, as a place to build from. */
export interface RemoteCommit {
  readonly snapshot: Snapshot;
  /** Stands before the paths of its files in messages: `https://github.com/org/repo@1a2b3c4d5e6f`. */
  readonly label: string;
}

/** The bases and files of other hosts that a build names: refused by name unless their hosts are allowed. */
export class Remotes {
  readonly #access: RemoteAccess | undefined;
  readonly #commits = new Map<string, RemoteCommit>();
  /** Told of each question: what depends on its answer depends on more than the snapshot. */
  readonly #onAsk: () => void;

  constructor(access: RemoteAccess | undefined, onAsk: () => void) {
    this.#access = access;
    this.#onAsk = onAsk;
  }

  /** @throws BuildError when it is refused, cannot be had, or is still to be fetched */
  commit(address: Extract<RemoteAddress, { kind: 'repository' }>, field: string): RemoteCommit {
    const { url, ref, timeoutMs } = address;
    const request: RemoteRequest = { kind: 'git', url, ref, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
    const answer = this.#ask(request, field);
    if (answer.kind !== 'git') throw unfit(url, field);
    const label = `${url}@${answer.commitId.slice(0, 12)}`;
    const known = this.#commits.get(label);
    if (known !== undefined) return known;
    const { openSnapshot } = this.#access as RemoteAccess;
    const commit = { snapshot: openSnapshot(answer.gitDir, answer.commitId), label };
    this.#commits.set(label, commit);
    return commit;
  }

  /** @throws BuildError as {@link commit} */
  file(url: string, field: string): { readonly bytes: Uint8Array; readonly digest: string } {
    const answer = this.#ask({ kind: 'file', url }, field);
    if (answer.kind !== 'file') throw unfit(url, field);
    return { bytes: new TextEncoder().encode(answer.text), digest: answer.digest };
  }

  #ask(request: RemoteRequest, field: string): Exclude<RemoteAnswer, { kind: 'failed' }> {
    this.#check(request.url, field);
    this.#onAsk();
    const answer = this.#access?.ask(request);
    if (answer === undefined)
      throw new BuildError('RemotePending', `${field}: ${quote(request.url)} was not fetched yet`);
    if (answer.kind !== 'failed') return answer;
    const options = answer.remedy === undefined ? {} : { remedy: answer.remedy };
    throw new BuildError('RemoteFailed', `${field}: ${answer.message}`, options);
  }

  #check(text: string, field: string): void {
    const what = `${field}: ${quote(shown(text))} is on another host, which is refused`;
    const url = /^https?:\/\//i.test(text) ? parseUrl(text) : undefined;
    if (url === undefined)
      throw new BuildError('RemoteRefused', `${what}: bases and files are fetched over https only`, {
        remedy: 'copy it into the repository, or write its https address and allow the host',
      });
    if (url.username !== '' || url.password !== '')
      throw new BuildError('RemoteRefused', `${what}: the address holds credentials`, {
        remedy: 'take them out of the address',
      });
    if (this.#access !== undefined && isAllowedHost(url, this.#access.allowedHosts)) return;
    const entry = `${url.protocol === 'http:' ? 'http://' : ''}${url.host}`;
    throw new BuildError('RemoteRefused', what, {
      remedy:
        this.#access === undefined
          ? 'copy it into the repository'
          : `copy it into the repository, or let whoever runs the engine allow the host: --allow-base-host ${entry}`,
    });
  }
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** An address without what may be secret in it. */
function shown(text: string): string {
  return text.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1…@').replace(/\?.*$/s, '');
}

function unfit(url: string, field: string): BuildError {
  return new BuildError('RemoteFailed', `${field}: ${quote(url)} was answered with something else`);
}
