import type { Commit, Snapshot } from '../core/snapshot.ts';
import { type ObjectStore, sharedObjectStore } from './objects/object-store.ts';
import { type Node, type Tree, TreeSnapshot } from './tree-snapshot.ts';

/** The tree of a commit: directories and files are object ids. */
class CommitTree implements Tree<string, string> {
  readonly commitId: string;
  readonly timeSeconds: number;
  readonly root: string;
  readonly #store: ObjectStore;

  constructor(store: ObjectStore, commitId: string) {
    const commit = store.commit(commitId);
    this.commitId = commitId;
    this.timeSeconds = commit.timeSeconds;
    this.root = commit.tree;
    this.#store = store;
  }

  node(directory: string, name: string): Node<string, string> | undefined {
    const entry = this.#store.tree(directory).get(name);
    switch (entry?.kind) {
      case 'file':
        return { kind: 'file', file: entry.id };
      case 'directory':
        return { kind: 'directory', directory: entry.id };
      case 'link':
        return { kind: 'link', id: entry.id, target: this.#store.readTyped(entry.id, 'blob').toString('utf8') };
      case 'submodule':
        return { kind: 'submodule', id: entry.id };
      case undefined:
        return undefined;
    }
  }

  *names(directory: string): Iterable<{ readonly name: string; readonly kind: Node<string, string>['kind'] }> {
    for (const [name, { kind }] of this.#store.tree(directory)) yield { name, kind };
  }

  fileId(file: string): string {
    return file;
  }

  directoryId(directory: string): string {
    return directory;
  }

  content(file: string): Uint8Array {
    return this.#store.readTyped(file, 'blob');
  }
}

/**
 * The tree of one commit, read from the repository's packs and loose objects; nothing is checked out. Opening costs one object.
 * @param gitDir a folder that holds `objects` (bare repository or `.git`)
 * @throws EngineError SourceCorrupt (no such commit, damage), SourceRefused (SHA-256, alternates)
 */
export function openSnapshot(gitDir: string, commitId: string): Snapshot {
  return new TreeSnapshot(new CommitTree(sharedObjectStore(gitDir), commitId));
}

/** What people are shown of a commit. @throws EngineError SourceCorrupt */
export function describeCommit(gitDir: string, commitId: string, ref: string): Commit {
  const { author, timeSeconds, subject } = sharedObjectStore(gitDir).commit(commitId);
  return { id: commitId, author, timeSeconds, subject, ref };
}
