import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkComplete } from './history-walk.ts';
import { isObjectId } from './objects/git-object.ts';
import { ObjectStore } from './objects/object-store.ts';
import type { PackLimits } from './objects/pack-indexer.ts';
import { PackReceiver } from './objects/pack-receiver.ts';
import type { Session } from './wire/discovery.ts';
import { GitHttp, type NetworkOptions } from './wire/git-http.ts';
import { fetchPack } from './wire/upload-pack.ts';

/** One download into a repository on disk. Plain data, so that a worker can do it. */
export interface FetchJob {
  readonly gitDir: string;
  readonly session: Session;
  readonly wants: readonly string[];
  readonly haves: readonly string[];
  readonly depth?: number;
  /** Commits that must be complete afterwards. */
  readonly expected: readonly string[];
  readonly network: NetworkOptions;
  readonly limits: PackLimits;
  readonly timeoutMs: number;
}

export interface FetchOutcome {
  readonly packBytes: number;
  readonly objects: number;
}

/** Runs downloads, somewhere. */
export interface FetchRunner {
  /** @throws EngineError Source*, RenderLimit */
  run(job: FetchJob, signal: AbortSignal): Promise<FetchOutcome>;
  close(): Promise<void>;
}

/**
 * Downloads a pack, indexes it and checks that the wanted commits are complete. Before that nothing of it is visible.
 * @throws EngineError SourceUnreachable, SourceDenied, SourceRefNotFound, SourceCorrupt, RenderLimit (a size limit)
 */
export async function runFetchJob(job: FetchJob, signal: AbortSignal): Promise<FetchOutcome> {
  const http = new GitHttp(job.network);
  const store = new ObjectStore(job.gitDir, { maxObjectBytes: job.limits.objectBytes });
  const receiver = new PackReceiver(job.gitDir, job.limits, (id) => store.find(id));
  try {
    const shallow = readShallow(job.gitDir);
    const answer = await fetchPack(
      http,
      job.session,
      {
        wants: job.wants,
        haves: job.haves,
        shallow: [...shallow],
        ...(job.depth === undefined ? {} : { depth: job.depth }),
      },
      (bytes) => receiver.write(bytes),
      AbortSignal.any([signal, AbortSignal.timeout(job.timeoutMs)]),
    );
    const pack = receiver.finish();
    for (const id of answer.shallow) shallow.add(id);
    for (const id of answer.unshallow) shallow.delete(id);
    writeShallow(job.gitDir, shallow);
    const checked = job.haves.find((id) => store.has(id));
    for (const id of job.expected) checkComplete(store, id, checked);
    return { packBytes: pack.sizeBytes, objects: pack.objects };
  } finally {
    receiver.discard();
    store.close();
    await http.close();
  }
}

/** Downloads in this process: for tests, and where no worker can be started. */
export function createInProcessRunner(): FetchRunner {
  return { run: runFetchJob, close: async () => {} };
}

/** Makes the folders and files of an empty bare repository; one that is there stays as it is. */
export function initBareRepository(gitDir: string): void {
  mkdirSync(join(gitDir, 'objects', 'pack'), { recursive: true, mode: 0o700 });
  mkdirSync(join(gitDir, 'refs', 'heads'), { recursive: true });
  const write = (name: string, text: string): void => {
    try {
      writeFileSync(join(gitDir, name), text, { flag: 'wx' });
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    }
  };
  write('config', '[core]\n\trepositoryformatversion = 0\n\tbare = true\n[gc]\n\tauto = 0\n');
  write('HEAD', 'ref: refs/heads/main\n');
}

function readShallow(gitDir: string): Set<string> {
  try {
    return new Set(readFileSync(join(gitDir, 'shallow'), 'utf8').split('\n').filter(isObjectId));
  } catch {
    return new Set();
  }
}

function writeShallow(gitDir: string, ids: ReadonlySet<string>): void {
  const path = join(gitDir, 'shallow');
  writeFileSync(`${path}.new`, [...ids].map((id) => `${id}\n`).join(''));
  renameSync(`${path}.new`, path);
}
