import { EngineError } from '../core/errors.ts';
import type { RenderProblem } from '../core/manifest.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { joinPath } from './paths.ts';

const MANIFEST = /\.(?:ya?ml|json)$/i;

/** Folders inside folders. */
const MAX_FOLDER_DEPTH = 64;

export interface FoundManifests {
  /** Sorted by path, byte order, a folder's own files and folders mixed. */
  readonly paths: readonly string[];
  readonly problems: readonly RenderProblem[];
  readonly warnings: readonly string[];
}

/**
 * The manifest files at or below a path: `.yaml`, `.yml` and `.json` in any case. Folders whose name begins with a dot are not entered (they
 * belong to tools, like `.github`), which is said in a warning. A folder that leads back to itself is a problem.
 * @throws EngineError SourcePathNotFound
 */
export function findManifests(snapshot: Snapshot, path: string, recurse: boolean): FoundManifests {
  const kind = snapshot.stat(path);
  if (kind === undefined) {
    throw new EngineError(
      'SourcePathNotFound',
      `path ${JSON.stringify(path)} was not found (SourcePathNotFound): commit ${snapshot.commitId} has no such file or folder`,
      {
        remedy: 'set source.git.path to a folder of the repository',
      },
    );
  }
  if (kind === 'file') return { paths: [path], problems: [], warnings: [] };
  const paths: string[] = [];
  const problems: RenderProblem[] = [];
  const warnings: string[] = [];
  const visit = (folder: string, above: readonly string[]): void => {
    const id = snapshot.oid(folder) ?? '';
    if (above.includes(id)) {
      problems.push({ path: folder, message: 'the folder leads back to itself by a symbolic link' });
      return;
    }
    if (above.length >= MAX_FOLDER_DEPTH) {
      problems.push({ path: folder, message: `folders are nested deeper than ${MAX_FOLDER_DEPTH} levels` });
      return;
    }
    for (const entry of snapshot.list(folder) ?? []) {
      const child = joinPath(folder, entry.name);
      if (entry.kind === 'file') {
        if (MANIFEST.test(entry.name)) paths.push(child);
      } else if (recurse) {
        if (entry.name.startsWith('.')) warnings.push(`${child}: not read, since its name begins with a dot`);
        else visit(child, [...above, id]);
      }
    }
  };
  visit(path, []);
  return { paths, problems, warnings };
}
