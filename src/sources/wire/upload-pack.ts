import { EngineError } from '../../core/errors.ts';
import { printable } from '../printable.ts';
import type { RemoteRefs } from '../remote.ts';
import { readRefList } from './advertisement.ts';
import { checkStatus, type Session } from './discovery.ts';
import { type GitHttp, hostOf, unreachable } from './git-http.ts';
import { DELIMITER, encodePacket, FLUSH, lineOf, readPackets } from './pkt-line.ts';

const AGENT = 'agent=evenkeel';

/**
 * Lists refs that begin with one of the prefixes: one request of protocol 2.
 * @throws EngineError SourceUnreachable, SourceDenied, SourceRefused
 */
export async function listRefs(
  http: GitHttp,
  session: Session,
  prefixes: readonly string[],
  signal: AbortSignal,
): Promise<RemoteRefs> {
  const lines = ['peel\n', 'symrefs\n', ...prefixes.map((prefix) => `ref-prefix ${prefix}\n`)];
  const body = [
    encodePacket('command=ls-refs\n'),
    encodePacket(AGENT),
    ...objectFormat(session),
    DELIMITER,
    ...lines.map(encodePacket),
    FLUSH,
  ].join('');
  return readRefList(await post(http, session, body, signal), hostOf(session.base));
}

/** What is asked of a host: objects of `wants` without those of `haves`. */
export interface PackRequest {
  readonly wants: readonly string[];
  readonly haves: readonly string[];
  /** Commits whose parents we do not have. */
  readonly shallow: readonly string[];
  /** So many commits of history; all of it when left out. */
  readonly depth?: number;
}

export interface PackAnswer {
  readonly shallow: readonly string[];
  readonly unshallow: readonly string[];
}

/**
 * Fetches a pack in one request (no negotiation: we say what we have and that we are done) and hands its bytes to `write` as they come.
 * @throws EngineError SourceUnreachable; SourceRefNotFound when the host does not give one of the wanted commits
 */
export async function fetchPack(
  http: GitHttp,
  session: Session,
  request: PackRequest,
  write: (bytes: Uint8Array) => void,
  signal: AbortSignal,
): Promise<PackAnswer> {
  const body = session.version === 2 ? requestOfVersion2(session, request) : requestOfVersion0(session, request);
  const answer = await post(http, session, body, signal);
  return session.version === 2
    ? readVersion2(answer, session, write)
    : readVersion0(answer, session, write, request.depth !== undefined && session.capabilities.includes('shallow'));
}

async function post(
  http: GitHttp,
  session: Session,
  body: string,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const response = await http.send({
    method: 'POST',
    url: `${session.base}/git-upload-pack`,
    headers: {
      'content-type': 'application/x-git-upload-pack-request',
      accept: 'application/x-git-upload-pack-result',
      ...(session.version === 2 ? { 'git-protocol': 'version=2' } : {}),
      ...(session.authorization === undefined ? {} : { authorization: session.authorization }),
    },
    body,
    signal,
  });
  await checkStatus(response, session.base, session.authorization !== undefined);
  return response.body;
}

function objectFormat(session: Session): string[] {
  return session.capabilities.includes('object-format=sha1') ? [encodePacket('object-format=sha1')] : [];
}

function requestOfVersion2(session: Session, request: PackRequest): string {
  const canShallow = session.capabilities.some(
    (one) => one.startsWith('fetch=') && one.slice(6).split(' ').includes('shallow'),
  );
  const lines = [
    'thin-pack',
    'ofs-delta',
    'no-progress',
    ...request.wants.map((id) => `want ${id}\n`),
    ...request.haves.map((id) => `have ${id}\n`),
    ...(canShallow ? request.shallow.map((id) => `shallow ${id}\n`) : []),
    ...(canShallow && request.depth !== undefined ? [`deepen ${request.depth}\n`] : []),
    'done\n',
  ];
  return [
    encodePacket('command=fetch'),
    encodePacket(AGENT),
    ...objectFormat(session),
    DELIMITER,
    ...lines.map(encodePacket),
    FLUSH,
  ].join('');
}

function requestOfVersion0(session: Session, request: PackRequest): string {
  if (!session.capabilities.includes('side-band-64k'))
    throw unreachable(hostOf(session.base), 'it speaks an old protocol without side-band-64k');
  const canShallow = session.capabilities.includes('shallow');
  const mine = ['side-band-64k', 'thin-pack', 'ofs-delta', 'no-progress'].filter((one) =>
    session.capabilities.includes(one),
  );
  const wants = request.wants.map((id, index) => `want ${id}${index === 0 ? ` ${[...mine, AGENT].join(' ')}` : ''}\n`);
  const limits = canShallow
    ? [
        ...request.shallow.map((id) => `shallow ${id}\n`),
        ...(request.depth === undefined ? [] : [`deepen ${request.depth}\n`]),
      ]
    : [];
  const haves = request.haves.map((id) => `have ${id}\n`);
  return [...[...wants, ...limits].map(encodePacket), FLUSH, ...haves.map(encodePacket), encodePacket('done\n')].join(
    '',
  );
}

async function readVersion2(
  body: AsyncIterable<Uint8Array>,
  session: Session,
  write: (bytes: Uint8Array) => void,
): Promise<PackAnswer> {
  const shallow: string[] = [];
  const unshallow: string[] = [];
  let section = '';
  let ended = false;
  for await (const packet of readPackets(body)) {
    if (packet.kind === 'delimiter') section = '';
    else if (packet.kind !== 'data') ended ||= packet.kind === 'flush';
    else if (section === 'packfile') sideBand(packet.data, session, write);
    else {
      const line = lineOf(packet.data);
      failOnError(line, session);
      if (section === '') section = line;
      else noteShallow(line, shallow, unshallow);
    }
  }
  if (section !== 'packfile' || !ended) throw unreachable(hostOf(session.base), 'its answer was cut off');
  return { shallow, unshallow };
}

async function readVersion0(
  body: AsyncIterable<Uint8Array>,
  session: Session,
  write: (bytes: Uint8Array) => void,
  hasShallowSection: boolean,
): Promise<PackAnswer> {
  const shallow: string[] = [];
  const unshallow: string[] = [];
  let inPack = false;
  let ended = false;
  let inShallow = hasShallowSection;
  for await (const packet of readPackets(body)) {
    if (packet.kind !== 'data') {
      if (inShallow) inShallow = false;
      else ended ||= inPack && packet.kind === 'flush';
      continue;
    }
    const line = inPack ? '' : lineOf(packet.data);
    if (inPack) sideBand(packet.data, session, write);
    else if (line.startsWith('shallow ') || line.startsWith('unshallow ')) noteShallow(line, shallow, unshallow);
    else if (line !== 'NAK' && !line.startsWith('ACK ')) {
      failOnError(line, session);
      inPack = true;
      sideBand(packet.data, session, write);
    }
  }
  if (!ended) throw unreachable(hostOf(session.base), 'its answer was cut off');
  return { shallow, unshallow };
}

function sideBand(data: Buffer, session: Session, write: (bytes: Uint8Array) => void): void {
  const band = data[0];
  if (band === 1) write(data.subarray(1));
  else if (band === 3) failOnError(`ERR ${data.toString('utf8', 1)}`, session);
  else if (band !== 2) throw unreachable(hostOf(session.base), 'its answer has an unknown channel');
}

function noteShallow(line: string, shallow: string[], unshallow: string[]): void {
  const match = /^(un)?shallow ([0-9a-f]{40})$/.exec(line);
  if (match === null) return;
  const list = match[1] === undefined ? shallow : unshallow;
  if (list.length < 100_000) list.push(match[2] ?? '');
}

function failOnError(line: string, session: Session): void {
  if (!line.startsWith('ERR ')) return;
  const text = hide(printable(line.slice(4)), session.authorization);
  if (/not our ref|unadvertised object|no such (?:ref|remote ref)|unknown (?:object|commit)/i.test(text))
    throw new EngineError(
      'SourceRefNotFound',
      `a commit of ${session.base} was not found (SourceRefNotFound): the host says ${JSON.stringify(text)}`,
      {
        remedy: 'check that the commit still exists on a branch or tag of the repository',
      },
    );
  throw unreachable(hostOf(session.base), `it says ${JSON.stringify(text)}`);
}

/** Cuts out what we sent, should a host repeat it. */
function hide(text: string, header: string | undefined): string {
  if (header === undefined) return text;
  const secret = header.slice(header.indexOf(' ') + 1);
  const plain = header.startsWith('Basic ') ? Buffer.from(secret, 'base64').toString('utf8') : secret;
  const password = header.startsWith('Basic ') ? plain.slice(plain.indexOf(':') + 1) : plain;
  return [secret, plain, password].reduce(
    (shown, part) => (part.length < 4 ? shown : shown.replaceAll(part, '…')),
    text,
  );
}
