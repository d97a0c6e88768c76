import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, parseDigest } from './chart-archive.ts';

/** Which archive is meant: a repository, a chart and one version. */
export interface ArchiveName {
  readonly repository: string;
  readonly name: string;
  readonly version: string;
}

/**
 * Chart archives in a folder, by their content: `archives/<hex>.tgz`, and for each name that was fetched a file that says which
 * content it had. Names of charts never become names of files. What was changed on disk is not used.
 */
export class ArchiveCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The archive that was stored under a name; undefined when there is none, or it was damaged. */
  async find(name: ArchiveName): Promise<{ readonly bytes: Uint8Array; readonly digest: string } | undefined> {
    const digest = parseDigest((await readIfThere(this.#namePath(name)))?.toString('utf8') ?? '');
    if (digest === undefined) return undefined;
    const bytes = await this.read(digest);
    return bytes === undefined ? undefined : { bytes, digest };
  }

  /** The archive of a digest. */
  async read(digest: string): Promise<Uint8Array | undefined> {
    const bytes = await readIfThere(this.#archivePath(digest));
    return bytes !== undefined && digestOf(bytes) === digest ? bytes : undefined;
  }

  async store(name: ArchiveName, bytes: Uint8Array): Promise<void> {
    const digest = digestOf(bytes);
    await this.#write(this.#archivePath(digest), bytes);
    await this.#write(this.#namePath(name), Buffer.from(digest));
  }

  /** Readers see all of a file or nothing. */
  async #write(path: string, bytes: Uint8Array): Promise<void> {
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
    const draft = `${path}.${randomUUID()}`;
    await writeFile(draft, bytes, { mode: 0o600, flag: 'wx' });
    await rename(draft, path);
  }

  #archivePath(digest: string): string {
    return join(this.#folder, 'archives', `${digest.slice('sha256:'.length)}.tgz`);
  }

  #namePath(name: ArchiveName): string {
    const key = JSON.stringify([name.repository, name.name, name.version]);
    return join(this.#folder, 'names', createHash('sha256').update(key).digest('hex'));
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
}
