import { createHash } from 'node:crypto';
import { EngineError, isEngineError } from '../../src/core/errors.ts';
import type { Entry, EntryKind, Snapshot, Trace } from '../../src/core/snapshot.ts';

/** A file's text or bytes, or a symbolic link. */
export type MemoryFile = string | Uint8Array | { readonly link: string };

export interface MemorySnapshotOptions {
  readonly commitId?: string;
  readonly timeSeconds?: number;
  /** Largest file that may be read. */
  readonly fileBytes?: number;
}

type Node =
  | { readonly kind: 'file'; readonly bytes: Uint8Array; readonly oid: string }
  | { readonly kind: 'link'; readonly target: string; readonly oid: string }
  | Directory;

interface Directory {
  readonly kind: 'directory';
  readonly children: Map<string, Node>;
  oid: string;
}

const MAX_HOPS = 10;

/** A {@link Snapshot} from a map path → content: the same rules for paths, links and traces as the one that reads Git. */
export class MemorySnapshot implements Snapshot {
  readonly commitId: string;
  readonly timeSeconds: number;
  readonly #root: Directory;
  readonly #fileBytes: number;
  readonly #trace = new Map<string, string>();

  constructor(files: Readonly<Record<string, MemoryFile>>, options: MemorySnapshotOptions = {}) {
    this.#root = { kind: 'directory', children: new Map(), oid: '' };
    for (const [path, content] of Object.entries(files)) place(this.#root, path, content);
    const id = seal(this.#root);
    this.commitId = options.commitId ?? id;
    this.timeSeconds = options.timeSeconds ?? 1_700_000_000;
    this.#fileBytes = options.fileBytes ?? 16 * 1024 * 1024;
  }

  read(path: string): Uint8Array | undefined {
    const node = this.#find(path);
    if (node?.kind !== 'file') {
      this.#note(path, node === undefined ? 'absent' : `stat:${node.kind}`);
      return undefined;
    }
    if (node.bytes.length > this.#fileBytes) {
      throw new EngineError(
        'RenderLimit',
        `file ${path} is too large (RenderLimit): ${node.bytes.length} bytes, at most ${this.#fileBytes}`,
      );
    }
    this.#note(path, `file:${node.oid}`);
    return node.bytes;
  }

  list(path: string): readonly Entry[] | undefined {
    const node = this.#find(path);
    if (node?.kind !== 'directory') {
      this.#note(path, node === undefined ? 'absent' : `file:${node.oid}`);
      return undefined;
    }
    this.#note(path, `directory:${node.oid}`);
    const entries: Entry[] = [];
    for (const [name, child] of node.children) {
      entries.push({ name, kind: child.kind === 'link' ? this.#linkedKind(path, name) : child.kind });
    }
    return entries.sort((left, right) => Buffer.compare(Buffer.from(left.name), Buffer.from(right.name)));
  }

  /** What may not be read is listed all the same: reading it says why. */
  #linkedKind(folder: string, name: string): EntryKind {
    try {
      return this.#find(folder === '' ? name : `${normalise(folder)}/${name}`)?.kind ?? 'file';
    } catch (thrown) {
      if (isEngineError(thrown, 'SourceRefused')) return 'file';
      throw thrown;
    }
  }

  stat(path: string): EntryKind | undefined {
    const node = this.#find(path);
    if (node === undefined) this.#note(path, 'absent');
    return node?.kind;
  }

  realPath(path: string): string | undefined {
    const found = this.#resolve(path);
    if (found === undefined) this.#note(path, 'absent');
    return found?.path;
  }

  oid(path: string): string | undefined {
    const node = this.#find(path);
    this.#note(path, node === undefined ? 'absent' : `${node.kind}:${node.oid}`);
    return node?.oid;
  }

  trace(): Trace {
    const trace = Object.create(null) as Record<string, string>;
    for (const path of [...this.#trace.keys()].sort()) trace[path] = this.#trace.get(path) ?? '';
    return trace;
  }

  #note(path: string, what: string): void {
    const normal = normalise(path);
    if (what.startsWith('stat:')) return;
    this.#trace.set(normal, what);
  }

  /** Follows links inside the tree; undefined when nothing is there. */
  #find(path: string): Exclude<Node, { kind: 'link' }> | undefined {
    return this.#resolve(path)?.node;
  }

  #resolve(path: string): { readonly node: Exclude<Node, { kind: 'link' }>; readonly path: string } | undefined {
    let names = normalise(path)
      .split('/')
      .filter((name) => name !== '');
    let hops = 0;
    let current: Exclude<Node, { kind: 'link' }> = this.#root;
    let done: string[] = [];
    while (names.length > 0) {
      const [name = '', ...rest] = names;
      if (current.kind !== 'directory') return undefined;
      const child: Node | undefined = current.children.get(name);
      if (child === undefined) return undefined;
      if (child.kind === 'link') {
        hops++;
        if (hops > MAX_HOPS) throw refused(path, 'too many symbolic links');
        if (child.target.startsWith('/')) throw refused(path, 'a symbolic link leaves the repository');
        const target = climb([...done, ...child.target.split('/')]);
        if (target === undefined) throw refused(path, 'a symbolic link leaves the repository');
        names = [...target, ...rest];
        current = this.#root;
        done = [];
        continue;
      }
      done.push(name);
      names = rest;
      current = child;
    }
    return { node: current, path: done.join('/') };
  }
}

function refused(path: string, cause: string): EngineError {
  return new EngineError('SourceRefused', `path ${JSON.stringify(path)} cannot be read (SourceRefused): ${cause}`);
}

/** Resolves `.` and `..`; undefined when the path climbs out. */
function climb(names: readonly string[]): string[] | undefined {
  const out: string[] = [];
  for (const name of names) {
    if (name === '' || name === '.') continue;
    if (name !== '..') out.push(name);
    else if (out.pop() === undefined) return undefined;
  }
  return out;
}

function normalise(path: string): string {
  if (path.startsWith('/') || path.includes('\0')) throw refused(path, 'the path is not relative to the repository');
  const names = climb(path.split('/'));
  if (names === undefined) throw refused(path, 'the path climbs out of the repository');
  return names.join('/');
}

function place(root: Directory, path: string, content: MemoryFile): void {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  let directory = root;
  for (const name of names.slice(0, -1)) {
    let next = directory.children.get(name);
    if (next?.kind !== 'directory') {
      next = { kind: 'directory', children: new Map(), oid: '' };
      directory.children.set(name, next);
    }
    directory = next;
  }
  const name = names.at(-1);
  if (name === undefined) throw new Error(`not a file path: ${path}`);
  if (typeof content === 'object' && 'link' in content) {
    directory.children.set(name, { kind: 'link', target: content.link, oid: hash('blob', content.link) });
  } else {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    directory.children.set(name, { kind: 'file', bytes, oid: hash('blob', bytes) });
  }
}

/** Gives every directory its id, from below. */
function seal(directory: Directory): string {
  const parts: string[] = [];
  for (const name of [...directory.children.keys()].sort()) {
    const child = directory.children.get(name);
    if (child !== undefined)
      parts.push(`${child.kind} ${name} ${child.kind === 'directory' ? seal(child) : child.oid}`);
  }
  directory.oid = hash('tree', parts.join('\n'));
  return directory.oid;
}

function hash(kind: string, content: string | Uint8Array): string {
  return createHash('sha1').update(`${kind}\0`).update(content).digest('hex');
}
