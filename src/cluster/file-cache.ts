import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Texts on disk under hashed names, for documents that a server identifies by hash. Only a short cut: what cannot be read or written is
 * as if it were not there. Files appear whole (written aside, then renamed).
 */
export class FileCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(key: string): Promise<string | undefined> {
    try {
      return await readFile(this.#path(key), 'utf8');
    } catch {
      return undefined;
    }
  }

  async write(key: string, text: string): Promise<void> {
    const path = this.#path(key);
    const aside = `${path}.${randomUUID()}`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(aside, text, { mode: 0o600 });
      await rename(aside, path);
    } catch {
      await rm(aside, { force: true }).catch(() => undefined);
    }
  }

  #path(key: string): string {
    return join(this.#folder, `${createHash('sha256').update(key).digest('hex').slice(0, 40)}.json`);
  }
}
