import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What a file of a test commit is: text, bytes, a symbolic link, or null to remove it. */
export type FileContent = string | Uint8Array | { readonly link: string } | null;
export type Files = Readonly<Record<string, FileContent>>;

const ENVIRONMENT = {
  PATH: process.env.PATH ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};

/** Runs the system's git; times of commits are fixed unless `timeSeconds` says otherwise. */
export function git(
  folder: string,
  args: readonly string[],
  options: { readonly input?: string | Uint8Array; readonly timeSeconds?: number } = {},
): string {
  const date = `${options.timeSeconds ?? 1_700_000_000} +0000`;
  return execFileSync('git', ['-c', 'protocol.file.allow=always', '-c', 'init.defaultBranch=main', ...args], {
    cwd: folder,
    env: { ...ENVIRONMENT, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.input === undefined ? {} : { input: options.input }),
  })
    .toString('utf8')
    .trimEnd();
}

/** A folder that is removed by `remove()`. */
export function makeFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'evenkeel-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    rmSync(path, { recursive: true, force: true });
    if (content === null) continue;
    mkdirSync(dirname(path), { recursive: true });
    if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(path, content);
    else symlinkSync(content.link, path);
  }
}

/** A repository with a working folder, for tests. */
export interface TestRepository {
  readonly path: string;
  readonly gitDir: string;
  /** Writes the files and commits everything; the new commit's id. */
  commit(files: Files, message?: string): string;
  git(...args: string[]): string;
  remove(): void;
}

export function makeRepository(files: Files = {}): TestRepository {
  const folder = makeFolder();
  git(folder.path, ['init', '--quiet']);
  let commits = 0;
  const repository: TestRepository = {
    path: folder.path,
    gitDir: join(folder.path, '.git'),
    commit(changed, message = `commit ${commits}`) {
      writeFiles(folder.path, changed);
      git(folder.path, ['add', '--all']);
      git(folder.path, ['commit', '--quiet', '--allow-empty', '-m', message], {
        timeSeconds: 1_700_000_000 + commits++,
      });
      return git(folder.path, ['rev-parse', 'HEAD']);
    },
    git: (...args) => git(folder.path, args),
    remove: () => folder.remove(),
  };
  if (Object.keys(files).length > 0) repository.commit(files);
  return repository;
}
