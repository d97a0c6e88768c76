import { EngineError } from '../../core/errors.ts';
import { isRefName } from '../ref-name.ts';
import type { RemoteRef, RemoteRefs } from '../remote.ts';
import { unreachable } from './git-http.ts';
import { lineOf, readPackets } from './pkt-line.ts';

export interface Advertisement {
  readonly version: 0 | 2;
  readonly capabilities: readonly string[];
  readonly refs?: RemoteRefs;
}

const MAX_REFS = 500_000;
const MAX_LIST_BYTES = 64 * 1024 * 1024;

/**
 * Reads the first answer of a host: its capabilities (protocol 2), or capabilities and all refs (protocol 0 and 1).
 * @throws EngineError SourceUnreachable, SourceRefused (SHA-256, more refs than the limit)
 */
export async function readAdvertisement(body: AsyncIterable<Uint8Array>, host: string): Promise<Advertisement> {
  const collector = new RefCollector(host);
  let version: 0 | 2 = 0;
  let capabilities: readonly string[] | undefined;
  for await (const packet of readPackets(body)) {
    if (packet.kind !== 'data') continue;
    const line = lineOf(packet.data);
    if (line.startsWith('# service=') || line === 'version 1') continue;
    if (line.startsWith('ERR ')) throw unreachable(host, `it answers with an error`);
    if (line === 'version 2') {
      version = 2;
      capabilities = [];
    } else if (version === 2) capabilities = [...(capabilities ?? []), line].slice(0, 200);
    else {
      const zero = line.indexOf('\0');
      if (zero >= 0)
        capabilities ??= line
          .slice(zero + 1)
          .split(' ')
          .slice(0, 200);
      collector.add(zero >= 0 ? line.slice(0, zero) : line);
    }
  }
  const known = capabilities ?? [];
  const format = known.find((one) => one.startsWith('object-format='))?.slice('object-format='.length);
  if (format !== undefined && format !== 'sha1')
    throw new EngineError(
      'SourceRefused',
      `the repository of ${host} is refused (SourceRefused): its object format is ${JSON.stringify(format.slice(0, 20))}`,
      {
        remedy: 'only SHA-1 repositories are supported',
      },
    );
  if (version === 2) return { version, capabilities: known };
  const head = known.find((one) => one.startsWith('symref=HEAD:'))?.slice('symref=HEAD:'.length);
  return { version, capabilities: known, refs: collector.finish(head) };
}

/**
 * Reads the answer to `ls-refs` of protocol 2.
 * @throws EngineError SourceUnreachable, SourceRefused
 */
export async function readRefList(body: AsyncIterable<Uint8Array>, host: string): Promise<RemoteRefs> {
  const collector = new RefCollector(host);
  let head: string | undefined;
  for await (const packet of readPackets(body)) {
    if (packet.kind !== 'data') continue;
    const line = lineOf(packet.data);
    if (line.startsWith('ERR ')) throw unreachable(host, 'it answers with an error');
    const [id = '', name = '', ...attributes] = line.split(' ');
    collector.add(`${id} ${name}`);
    for (const attribute of attributes) {
      if (attribute.startsWith('peeled:')) collector.add(`${attribute.slice('peeled:'.length)} ${name}^{}`);
      else if (attribute.startsWith('symref-target:') && name === 'HEAD')
        head = attribute.slice('symref-target:'.length);
    }
  }
  return collector.finish(head);
}

/**
 * Reads the lines of `git ls-remote --symref`.
 * @throws EngineError SourceUnreachable, SourceRefused
 */
export function readAdvertisedLines(text: string, host: string): RemoteRefs {
  const collector = new RefCollector(host);
  let head: string | undefined;
  for (const line of text.split('\n')) {
    const symbolic = /^ref: (\S+)\tHEAD$/.exec(line);
    if (symbolic !== null) head = symbolic[1];
    else if (line !== '' && !line.startsWith('ref: ')) collector.add(line.replace('\t', ' '));
  }
  return collector.finish(head);
}

/** Gathers refs within limits; names that Git forbids are left out, so that none can be mistaken for a path or an option. */
class RefCollector {
  readonly #host: string;
  readonly #refs = new Map<string, RemoteRef>();
  #bytes = 0;

  constructor(host: string) {
    this.#host = host;
  }

  add(line: string): void {
    this.#bytes += line.length;
    if (this.#refs.size > MAX_REFS || this.#bytes > MAX_LIST_BYTES)
      throw new EngineError(
        'SourceRefused',
        `the repository of ${this.#host} is refused (SourceRefused): it has more than ${MAX_REFS} refs`,
      );
    const id = line.slice(0, 40);
    if (!/^[0-9a-f]{40}$/.test(id) || line[40] !== ' ') {
      // `unborn HEAD …` of an empty repository.
      if (line.startsWith('unborn ')) return;
      throw unreachable(this.#host, 'its list of refs cannot be read');
    }
    const full = line.slice(41);
    const isPeeled = full.endsWith('^{}');
    const name = isPeeled ? full.slice(0, -3) : full;
    if (name === 'capabilities') return;
    if (name !== 'HEAD' && !(name.startsWith('refs/') && isRefName(name.replace(/^refs\/(?:heads|tags)\//, ''))))
      return;
    const before = this.#refs.get(name);
    if (isPeeled && before !== undefined) this.#refs.set(name, { id: before.id, peeled: id });
    else if (!isPeeled) this.#refs.set(name, { id });
  }

  finish(head: string | undefined): RemoteRefs {
    return head !== undefined && isRefName(head) ? { refs: this.#refs, head } : { refs: this.#refs };
  }
}
