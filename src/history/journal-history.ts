import { createHash, randomUUID } from 'node:crypto';
import { appendFile, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { formatApplicationName, type ApplicationName } from '../core/application.ts';
import { EngineError, isEngineError, messageOf } from '../core/errors.ts';
import type { KubeObject } from '../core/object-key.ts';
import type { Clock, HistoryStore } from '../core/ports.ts';
import type { Revision } from '../core/revision.ts';
import { digestHex, packRendered, unpackRendered } from './rendered-set.ts';
import { keptCount, readRevision, writeRevision } from './revision-record.ts';

export interface JournalOptions {
  readonly folder: string;
  readonly clock: Clock;
  /** Revisions that ended longer ago go with the next trim; absent: only their number counts. */
  readonly maxAgeMs?: number;
}

/** One application's journal as it was read; `stamp` tells whether the file is still the same. */
interface Journal {
  readonly stamp: string;
  /** Oldest first. */
  readonly revisions: Revision[];
  readonly ids: Set<string>;
}

/** A stored set that no line speaks of yet is kept this long: its line may be about to be written. */
const UNREFERENCED_MS = 3_600_000;

/**
 * History in a folder: `applications/*.jsonl`, one line a revision, only ever appended to or replaced as a whole, and `rendered/<hex>.br`.
 * A crash at any point leaves at most one torn line (skipped when read) or a stray temporary file. Several processes may read;
 * two that trim at once may lose each other's last line, which loses no correctness.
 */
export function openJournalHistory(options: JournalOptions): HistoryStore {
  return new JournalHistory(options);
}

class JournalHistory implements HistoryStore {
  readonly #clock: Clock;
  readonly #maxAgeMs: number | undefined;
  readonly #applications: string;
  readonly #rendered: string;
  readonly #journals = new Map<string, Journal>();
  /** Writes to one folder happen one after the other. */
  #tail: Promise<unknown> = Promise.resolve();

  constructor(options: JournalOptions) {
    this.#clock = options.clock;
    this.#maxAgeMs = options.maxAgeMs;
    this.#applications = join(options.folder, 'applications');
    this.#rendered = join(options.folder, 'rendered');
  }

  async append(revision: Revision): Promise<void> {
    await this.#write('append', async () => {
      const path = this.#journalPath(revision.application);
      const journal = await this.#load(path);
      if (journal.ids.has(revision.id)) return;
      await mkdir(this.#applications, { recursive: true, mode: 0o700 });
      // A torn last line gets its end first, so that it spoils nothing but itself.
      const torn = await endsTorn(path);
      await appendFile(path, `${torn ? '\n' : ''}${writeRevision(revision)}\n`, { mode: 0o600 });
      journal.revisions.push(revision);
      journal.ids.add(revision.id);
      this.#journals.set(path, { ...journal, stamp: await stampOf(path) });
    });
  }

  async list(application: ApplicationName, limit: number): Promise<readonly Revision[]> {
    return this.#guard('read', async () => {
      const name = formatApplicationName(application);
      const journal = await this.#load(this.#journalPath(name));
      return journal.revisions
        .filter((revision) => revision.application === name)
        .toReversed()
        .slice(0, Math.max(0, limit));
    });
  }

  async putRendered(digest: string, objects: readonly KubeObject[]): Promise<void> {
    const path = this.#renderedPath(digest);
    await this.#guard('write', async () => {
      if ((await stampOf(path)) !== '') return;
      const bytes = await packRendered(objects);
      await mkdir(this.#rendered, { recursive: true, mode: 0o700 });
      await replaceFile(path, bytes);
    });
  }

  async getRendered(digest: string): Promise<readonly KubeObject[] | undefined> {
    const path = this.#renderedPath(digest);
    return this.#guard('read', async () => {
      const bytes = await readIfThere(path);
      return bytes === undefined ? undefined : unpackRendered(bytes);
    });
  }

  async trim(application: ApplicationName, keep: number): Promise<void> {
    await this.#write('trim', async () => {
      const path = this.#journalPath(formatApplicationName(application));
      const journal = await this.#load(path);
      const oldestMs = this.#maxAgeMs === undefined ? undefined : this.#clock.now() - this.#maxAgeMs;
      const kept = keptCount(journal.revisions.toReversed(), keep, oldestMs);
      const gone = journal.revisions.slice(0, journal.revisions.length - kept);
      if (gone.length === 0) return;
      const revisions = journal.revisions.slice(gone.length);
      await replaceFile(path, Buffer.from(revisions.map((revision) => `${writeRevision(revision)}\n`).join('')));
      this.#journals.set(path, {
        stamp: await stampOf(path),
        revisions,
        ids: new Set(revisions.map((revision) => revision.id)),
      });
      await this.#collect(gone.map((revision) => revision.renderedDigest));
    });
  }

  async close(): Promise<void> {
    await this.#tail.catch(() => undefined);
  }

  /** Removes the sets that trimmed revisions pointed to and no other revision does, and what never got a revision. */
  async #collect(digests: readonly string[]): Promise<void> {
    const used = new Set<string>();
    for (const file of await filesOf(this.#applications)) {
      if (!file.endsWith('.jsonl')) continue;
      const journal = await this.#load(join(this.#applications, file));
      for (const revision of journal.revisions) used.add(revision.renderedDigest);
    }
    const unused = new Set(digests.filter((digest) => !used.has(digest)));
    const usedFiles = new Set([...used].map((digest) => `${digest.slice('sha256:'.length)}.br`));
    for (const file of await filesOf(this.#rendered)) {
      const path = join(this.#rendered, file);
      if (unused.has(`sha256:${file.replace(/\.br$/, '')}`)) await rm(path, { force: true });
      else if (!usedFiles.has(file)) {
        const found = await stat(path).catch(() => undefined);
        if (found !== undefined && this.#clock.now() - found.mtimeMs > UNREFERENCED_MS) await rm(path, { force: true });
      }
    }
  }

  async #load(path: string): Promise<Journal> {
    const stamp = await stampOf(path);
    const kept = this.#journals.get(path);
    if (kept?.stamp === stamp) return kept;
    const text = (await readIfThere(path))?.toString('utf8') ?? '';
    const revisions: Revision[] = [];
    const ids = new Set<string>();
    for (const line of text.split('\n')) {
      const revision = line === '' ? undefined : readRevision(line);
      if (revision === undefined || ids.has(revision.id)) continue;
      ids.add(revision.id);
      revisions.push(revision);
    }
    const journal = { stamp, revisions, ids };
    this.#journals.set(path, journal);
    return journal;
  }

  #journalPath(application: string): string {
    // `_` is in no Kubernetes name; long names are hashed, because file names end at 255 bytes.
    const name = encodeURIComponent(application.replace('/', '_'));
    const file =
      name.length <= 200
        ? name
        : `${name.slice(0, 150)}-${createHash('sha256').update(application).digest('hex').slice(0, 32)}`;
    return join(this.#applications, `${file}.jsonl`);
  }

  #renderedPath(digest: string): string {
    return join(this.#rendered, `${digestHex(digest)}.br`);
  }

  async #write(what: string, run: () => Promise<void>): Promise<void> {
    const next = this.#tail.catch(() => undefined).then(async () => this.#guard(what, run));
    this.#tail = next;
    await next;
  }

  async #guard<T>(what: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (thrown) {
      if (isEngineError(thrown)) throw thrown;
      throw new EngineError(
        'HistoryUnavailable',
        `history could not be ${what === 'read' ? 'read' : 'written'} (JournalFailed): ${messageOf(thrown)}`,
        {
          cause: thrown,
          remedy: 'check the folder of the history: rights and free space',
        },
      );
    }
  }
}

/** Size and time of a file; '' when there is none. */
async function stampOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeNs}`;
}

async function endsTorn(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return false;
  try {
    const { size } = await file.stat();
    if (size === 0) return false;
    const last = Buffer.alloc(1);
    await file.read(last, 0, 1, size - 1);
    return last[0] !== 0x0a;
  } finally {
    await file.close();
  }
}

async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const aside = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(aside, bytes, { mode: 0o600 });
    await rename(aside, path);
  } catch (thrown) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw thrown;
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (thrown) {
    if ((thrown as { readonly code?: unknown }).code === 'ENOENT') return undefined;
    throw thrown;
  }
}

async function filesOf(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
