import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { corrupt } from './objects/corrupt.ts';
import { parseTag } from './objects/commit.ts';
import { isObjectId } from './objects/git-object.ts';
import { locateRepository, readSmallFile, type RepositoryLayout } from './objects/layout.ts';
import { type ObjectStore, sharedObjectStore } from './objects/object-store.ts';
import type { RemoteRef, RemoteRefs } from './remote.ts';
import { isRefName } from './ref-name.ts';

const MAX_REFS = 500_000;
const MAX_DEPTH = 32;

/**
 * Lists the refs (those that begin with one of the prefixes) of a repository on this machine: HEAD, loose refs, packed refs. It is read in
 * place; nothing is copied.
 * @throws EngineError SourceUnreachable, SourceRefused, SourceCorrupt
 */
export function listLocalRefs(
  path: string,
  prefixes: readonly string[],
): { readonly layout: RepositoryLayout; readonly remote: RemoteRefs } {
  const layout = locateRepository(path);
  const store = sharedObjectStore(layout.gitDir);
  const ids = new Map<string, string>();
  // Loose refs first: `git pack-refs` writes the packed file before it removes them, so none is missed.
  readLooseRefs(layout.gitDir, ids);
  readPackedRefs(layout.gitDir, ids);
  const refs = new Map<string, RemoteRef>();
  for (const [name, id] of ids)
    if (prefixes.some((prefix) => name.startsWith(prefix)))
      refs.set(name, name.startsWith('refs/tags/') ? peel(store, id) : { id });
  const head = readSmallFile(join(layout.headDir, 'HEAD'))?.trim() ?? '';
  const target = /^ref: (\S+)$/.exec(head)?.[1];
  const headId = target === undefined ? head : ids.get(target);
  if (headId !== undefined && isObjectId(headId)) refs.set('HEAD', { id: headId });
  return { layout, remote: target !== undefined && isRefName(target) ? { refs, head: target } : { refs } };
}

function readPackedRefs(gitDir: string, ids: Map<string, string>): void {
  for (const line of (readSmallFile(join(gitDir, 'packed-refs'), 256 * 1024 * 1024) ?? '').split('\n')) {
    const match = /^([0-9a-f]{40}) (refs\/\S+)$/.exec(line);
    const name = match?.[2] ?? '';
    if (match !== null && !ids.has(name) && isRefName(name) && ids.size < MAX_REFS) ids.set(name, match[1] ?? '');
  }
}

function readLooseRefs(gitDir: string, ids: Map<string, string>): void {
  const symbolic = new Map<string, string>();
  const pending = [
    { name: 'refs/heads', depth: 1 },
    { name: 'refs/tags', depth: 1 },
  ];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    let entries: { readonly name: string; isDirectory(): boolean; isFile(): boolean }[];
    try {
      entries = readdirSync(join(gitDir, folder.name), { withFileTypes: true });
    } catch {
      continue;
    }
    for (const entry of entries) {
      const name = `${folder.name}/${entry.name}`;
      if (entry.isDirectory() && folder.depth < MAX_DEPTH) pending.push({ name, depth: folder.depth + 1 });
      if (!entry.isFile() || !isRefName(name) || ids.size >= MAX_REFS) continue;
      const text = readSmallFile(join(gitDir, name))?.trim() ?? '';
      const target = /^ref: (\S+)$/.exec(text)?.[1];
      if (isObjectId(text)) ids.set(name, text);
      else if (target !== undefined) symbolic.set(name, target);
    }
  }
  for (const [name, target] of symbolic) {
    const id = ids.get(target);
    if (id !== undefined) ids.set(name, id);
  }
}

function peel(store: ObjectStore, id: string): RemoteRef {
  let current = id;
  for (let hops = 0; hops < 10; hops++) {
    const object = store.find(current);
    if (object?.type !== 'tag') return current === id ? { id } : { id, peeled: current };
    current = parseTag(object.data, current).object;
  }
  throw corrupt(`tag ${id}`, 'it points to tags of tags without end');
}
