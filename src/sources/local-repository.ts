import type { GitRef } from '../core/application.ts';
import { EngineError } from '../core/errors.ts';
import type { Arrived } from './git-repository.ts';
import { isAncestor } from './history-walk.ts';
import { sharedObjectStore } from './objects/object-store.ts';
import { chooseRef, prefixOf, refNotFound } from './remote.ts';
import { refKey } from './ref-name.ts';
import { listLocalRefs } from './remote-local.ts';

const MAX_TRACKED = 1000;

/** A repository on this machine, read in place: nothing is polled and nothing is copied. */
export class LocalRepository {
  readonly #path: string;
  readonly #shown: string;
  readonly #tracked = new Map<string, { readonly id: string; readonly forced: boolean }>();

  constructor(path: string, shown: string) {
    this.#path = path;
    this.#shown = shown;
  }

  /** @throws EngineError Source* */
  resolve(ref: GitRef): Arrived {
    const { layout, remote } = listLocalRefs(this.#path, [prefixOf(ref)]);
    const chosen = chooseRef(ref, remote);
    if (chosen === undefined)
      throw refNotFound(ref, this.#shown, listLocalRefs(this.#path, ['refs/heads/', 'refs/tags/']).remote);
    const store = sharedObjectStore(layout.gitDir);
    if (!store.has(chosen.id))
      throw new EngineError(
        'SourceRefNotFound',
        `${chosen.description} of ${this.#shown} was not found (SourceRefNotFound): the repository has no commit ${chosen.id}`,
        { remedy: 'check the commit id; a shallow clone has only some of them' },
      );
    const key = refKey(ref);
    const before = this.#tracked.get(key);
    let forced = before?.forced ?? false;
    if (before !== undefined && before.id !== chosen.id)
      forced = ref.kind !== 'semver' && ref.kind !== 'commit' && isAncestor(store, before.id, chosen.id) === false;
    if (this.#tracked.size < MAX_TRACKED) this.#tracked.set(key, { id: chosen.id, forced });
    return { commitId: chosen.id, gitDir: layout.gitDir, description: chosen.description, forced };
  }
}
