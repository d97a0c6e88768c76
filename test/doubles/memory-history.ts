import { formatApplicationName, type ApplicationName } from '../../src/core/application.ts';
import type { KubeObject } from '../../src/core/object-key.ts';
import type { HistoryStore } from '../../src/core/ports.ts';
import type { Revision } from '../../src/core/revision.ts';

/** A history in memory, with the contract of the real ones. */
export class MemoryHistory implements HistoryStore {
  readonly #revisions: Revision[] = [];
  readonly #rendered = new Map<string, readonly KubeObject[]>();

  append(revision: Revision): Promise<void> {
    if (!this.#revisions.some((entry) => entry.id === revision.id)) this.#revisions.push(revision);
    return Promise.resolve();
  }

  list(application: ApplicationName, limit: number): Promise<readonly Revision[]> {
    const name = formatApplicationName(application);
    return Promise.resolve(
      this.#revisions
        .filter((entry) => entry.application === name)
        .toReversed()
        .slice(0, limit),
    );
  }

  putRendered(digest: string, objects: readonly KubeObject[]): Promise<void> {
    this.#rendered.set(digest, structuredClone(objects));
    return Promise.resolve();
  }

  getRendered(digest: string): Promise<readonly KubeObject[] | undefined> {
    return Promise.resolve(this.#rendered.get(digest));
  }

  trim(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
