import type { TraceChecker } from '../core/ports.ts';
import type { Trace } from '../core/snapshot.ts';
import { type ObjectStore, sharedObjectStore } from './objects/object-store.ts';

/**
 * Whether a trace holds in a commit: every path has the same id there, every path that was missing is missing. Reads trees only, each
 * once, and no file.
 * @throws EngineError SourceCorrupt
 */
export function traceHolds(gitDir: string, commitId: string, trace: Trace): boolean {
  const store = sharedObjectStore(gitDir);
  const root = store.commit(commitId).tree;
  for (const [path, expected] of Object.entries(trace)) {
    const found = idAt(store, root, path);
    // A path that was only looked at has its kind alone.
    if (found !== expected && !(found.startsWith(`${expected}:`) && (expected === 'file' || expected === 'directory')))
      return false;
  }
  return true;
}

/** `file:<oid>`, `directory:<oid>`, `link:<oid>`, `submodule:<oid>` or `absent`; links are not followed. */
function idAt(store: ObjectStore, root: string, path: string): string {
  if (path === '') return `directory:${root}`;
  const names = path.split('/');
  let directory = root;
  for (let index = 0; index < names.length; index++) {
    const entry = store.tree(directory).get(names[index] ?? '');
    if (entry === undefined) return 'absent';
    if (index === names.length - 1) return `${entry.kind}:${entry.id}`;
    if (entry.kind === 'file') return 'absent';
    // A link or a submodule on the way was not there when the trace was taken: what lies behind it is another question.
    if (entry.kind !== 'directory') return 'behind';
    directory = entry.id;
  }
  return 'absent';
}

export const gitTraceChecker: TraceChecker = {
  holds: async ({ gitDir, commit }, trace) => traceHolds(gitDir, commit.id, trace),
};
