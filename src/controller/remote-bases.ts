import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { EngineError, isEngineError } from '../core/errors.ts';
import { DEFAULT_RENDER_LIMITS } from '../core/manifest.ts';
import type { Clock, Logger } from '../core/ports.ts';
import type { RemoteAnswer, RemoteFetcher, RemoteRequest } from '../core/render-world.ts';
import { download } from '../render/helm/dependencies/download.ts';
import { checkHost, type HostPolicy } from '../render/helm/dependencies/host-policy.ts';
import { remoteId } from '../render/world-record.ts';
import { GitSources } from '../sources/git-sources.ts';
import { candidateRefs } from './candidate-refs.ts';

export interface RemoteBasesOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Between 0 and 1, for jitter. */
  readonly random: () => number;
  /** Where their repositories are kept, apart from those of applications. */
  readonly dataDir: string;
  /** Nothing is fetched from another host. */
  readonly allowedHosts: readonly string[];
}

const POLICY: HostPolicy = {
  what: 'base',
  setting: '--allow-base-host',
  otherwise: 'copy it into the repository',
};

/** An answer of a host that is not older than this will do: applications that name one base share its polls. */
const FRESH_MS = 60_000;
const MAX_ANSWERS = 2_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Whether it may pass by itself: then the whole pass is repeated. Everything else is told as a problem of the kustomization. */
function isPassing({ code, data }: EngineError): boolean {
  if (code === 'Cancelled') return true;
  const { status } = data;
  const isAnswer = typeof status === 'number' && status >= 400 && status < 500 && status !== 408 && status !== 429;
  return code === 'SourceUnreachable' && !isAnswer;
}

/** Bases and files that kustomizations name on other hosts, fetched with the limits of sources. A redirect leads to no other host. */
export function openRemoteBases(options: RemoteBasesOptions): RemoteFetcher {
  const { clock, allowedHosts } = options;
  const sources = new GitSources({
    clock,
    logger: options.logger,
    random: options.random,
    dataDir: options.dataDir,
    localRepositories: 'refused',
    network: { redirects: 'same-host' },
  });
  const answers = new LRUCache<string, { readonly answer: RemoteAnswer; readonly atMs: number }>({
    max: MAX_ANSWERS,
    maxSize: MAX_ANSWER_BYTES,
    sizeCalculation: ({ answer }) => 200 + (answer.kind === 'file' ? answer.text.length : 0),
  });
  const fetchNow = (request: RemoteRequest, signal: AbortSignal | undefined): Promise<RemoteAnswer> =>
    request.kind === 'git' ? commitOf(request, sources, signal) : fileOf(request.url, allowedHosts, signal);
  return {
    fetch: async (request, signal) => {
      const id = remoteId(request);
      const known = answers.get(id);
      if (known !== undefined && clock.monotonic() - known.atMs < FRESH_MS) return known.answer;
      try {
        checkHost(new URL(request.url), allowedHosts, POLICY);
        const answer = await fetchNow(request, signal);
        answers.set(id, { answer, atMs: clock.monotonic() });
        return answer;
      } catch (thrown) {
        if (!isEngineError(thrown) || isPassing(thrown)) throw thrown;
        const { message, remedy } = thrown;
        return { kind: 'failed', message, ...(remedy === undefined ? {} : { remedy }) };
      }
    },
    close: () => sources.close(),
  };
}

async function commitOf(
  { url, ref, timeoutMs }: Extract<RemoteRequest, { kind: 'git' }>,
  sources: GitSources,
  signal: AbortSignal | undefined,
): Promise<RemoteAnswer> {
  const limits = [signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)].filter(
    (one) => one !== undefined,
  );
  const options = { maxAgeMs: FRESH_MS, ...(limits.length === 0 ? {} : { signal: AbortSignal.any(limits) }) };
  let missing: unknown;
  for (const candidate of candidateRefs(ref)) {
    try {
      const { gitDir, commit } = await sources.resolve({ url, ref: candidate, path: '' }, options);
      return { kind: 'git', gitDir, commitId: commit.id };
    } catch (thrown) {
      if (timeoutMs !== undefined && signal?.aborted !== true && limits.some((one) => one.aborted))
        throw late(url, timeoutMs);
      if (!isEngineError(thrown, 'SourceRefNotFound')) throw thrown;
      missing ??= thrown;
    }
  }
  throw missing;
}

function late(url: string, timeoutMs: number): EngineError {
  return new EngineError(
    'SourceUnreachable',
    `repository ${url} cannot be read (SourceUnreachable): it did not come in the ${timeoutMs} ms that its address gives it`,
  );
}

async function fileOf(
  url: string,
  allowedHosts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<RemoteAnswer> {
  const { bytes } = await download(
    new URL(url),
    { maxBytes: DEFAULT_RENDER_LIMITS.fileBytes },
    { allowedHosts, policy: POLICY, ...(signal === undefined ? {} : { signal }) },
  );
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { kind: 'failed', message: `the file ${url.replace(/\?.*$/s, '')} is not UTF-8 text` };
  }
  return { kind: 'file', text, digest: createHash('sha256').update(bytes).digest('hex') };
}
