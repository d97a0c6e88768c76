import type { GitRef, GitSource } from '../../src/core/application.ts';
import { isEngineError } from '../../src/core/errors.ts';
import { createInProcessRunner } from '../../src/sources/fetch-job.ts';
import { GitSources, type GitSourcesDeps } from '../../src/sources/git-sources.ts';
import { openSnapshot } from '../../src/sources/snapshot.ts';
import { FakeClock } from './fake-clock.ts';
import { makeFolder } from './git-repository.ts';
import { MemoryLogger } from './memory-logger.ts';

/** Git sources with a fake clock and a data folder of their own; downloads run in this process. */
export interface TestSources {
  readonly sources: GitSources;
  readonly clock: FakeClock;
  readonly dataDir: string;
  readonly logger: MemoryLogger;
  close(): Promise<void>;
}

export function makeSources(deps: Partial<GitSourcesDeps> = {}): TestSources {
  const folder = makeFolder();
  const clock = new FakeClock();
  const logger = new MemoryLogger();
  const sources = new GitSources({
    clock,
    logger,
    random: () => 0.5,
    dataDir: folder.path,
    localRepositories: 'refused',
    fetches: createInProcessRunner(),
    ...deps,
  });
  return {
    sources,
    clock,
    logger,
    dataDir: deps.dataDir ?? folder.path,
    async close() {
      await sources.close();
      folder.remove();
    },
  };
}

export const MAIN: GitRef = { kind: 'branch', name: 'main' };

export function sourceOf(url: string, ref: GitRef = MAIN, path = ''): GitSource {
  return { url, ref, path };
}

export function textAt(
  fetched: { readonly gitDir: string; readonly commit: { readonly id: string } },
  path: string,
): string {
  return Buffer.from(openSnapshot(fetched.gitDir, fetched.commit.id).read(path) ?? []).toString();
}

/** The typed error that an action ends with; anything else fails the test. */
export async function failureOf(action: Promise<unknown>): Promise<{
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly data: Record<string, unknown>;
}> {
  try {
    await action;
  } catch (thrown) {
    if (isEngineError(thrown))
      return { code: thrown.code, message: thrown.message, remedy: thrown.remedy ?? '', data: { ...thrown.data } };
    throw thrown;
  }
  throw new Error('expected an error');
}
