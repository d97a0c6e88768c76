import * as fs from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import git from 'isomorphic-git';
import { candidateRefs } from '../../controller/candidate-refs.ts';
import { renderRequest } from '../../controller/render-request.ts';
import type { GitRef } from '../../core/application.ts';
import { EngineError, isEngineError } from '../../core/errors.ts';
import { DEFAULT_RENDER_LIMITS, type RenderRequest } from '../../core/manifest.ts';
import type { FetchedCommit, SourceReader } from '../../core/ports.ts';
import type { Engine } from '../../controller/engine.ts';
import { parseRepositoryUrl } from '../../sources/repository-url.ts';
import { openApplication, type CommandContext } from '../context.ts';

/** What two revisions are compared of: a folder of a repository, rendered in one way. */
export interface RevisionSubject {
  /** For people: the folder, or the application's name. */
  readonly title: string;
  readonly request: RenderRequest;
  /** @throws EngineError Source* */
  at(revision: string): Promise<FetchedCommit>;
}

/** A folder on this machine, with the commits of the repository that it lies in. @throws EngineError UsageInvalid */
export function folderSubject(path: string, context: CommandContext, sources: SourceReader): RevisionSubject {
  const { root, inside } = locate(path);
  const url = pathToFileURL(root).href;
  return {
    title: inside === '' ? '.' : inside,
    request: {
      path: inside,
      settings: { kind: 'auto' },
      namespace: context.namespace ?? 'default',
      application: 'diff',
      limits: DEFAULT_RENDER_LIMITS,
    },
    at: async (revision) =>
      sources.resolve(
        { url, ref: { kind: 'commit', id: await commitIdOf(root, revision) }, path: inside },
        { signal: context.signal },
      ),
  };
}

/** An application as it is declared: its repository, folder and render settings. @throws EngineError UsageInvalid */
export async function applicationSubject(
  name: string,
  file: string | undefined,
  context: CommandContext,
  engine: Engine,
): Promise<RevisionSubject> {
  const { application, stored } = await openApplication(context, name, file);
  const source = application.source.git;
  const credentials = await engine.credentialsOf(application, context.signal);
  const options = { signal: context.signal, ...(credentials === undefined ? {} : { credentials }) };
  const repository = parseRepositoryUrl(source.url);
  const candidates = async (revision: string): Promise<readonly GitRef[]> =>
    repository.kind === 'local'
      ? [{ kind: 'commit', id: await commitIdOf(repository.path, revision) }]
      : candidateRefs(revision);
  return {
    title: `${application.name.namespace}/${application.name.name}`,
    request: renderRequest(application, stored.state),
    at: async (revision) => {
      for (const ref of await candidates(revision)) {
        try {
          return await engine.sources.resolve({ ...source, ref }, options);
        } catch (thrown) {
          if (!isEngineError(thrown, 'SourceRefNotFound')) throw thrown;
        }
      }
      throw new EngineError(
        'SourceRefNotFound',
        `revision ${revision} of ${repository.shown} was not found (NotFound)`,
        {
          remedy: 'name a branch, a tag, or a full commit id; short ids and ~N need a clone (evenkeel diff PATH)',
        },
      );
    },
  };
}

/** The repository that a folder lies in, and where. @throws EngineError UsageInvalid */
function locate(path: string): { readonly root: string; readonly inside: string } {
  const real = fs.realpathSync(resolve(path));
  for (let current = real; ; current = dirname(current)) {
    if (fs.existsSync(join(current, '.git')))
      return { root: current, inside: relative(current, real).split('\\').join('/') };
    if (current === dirname(current)) break;
  }
  throw new EngineError('UsageInvalid', `path ${path} is in no Git repository (NoRepository)`, {
    remedy: 'run it inside a clone',
  });
}

/** A branch, tag, full or short commit id, with `~N` and `^` for first parents, as git reads them. @throws EngineError SourceRefNotFound */
async function commitIdOf(root: string, revision: string): Promise<string> {
  const match = /^([^~^]+)((?:~\d{0,4}|\^){0,16})$/.exec(revision);
  const unknown = (cause?: unknown): EngineError =>
    new EngineError('SourceRefNotFound', `revision ${revision} of ${root} was not found (NotFound)`, {
      cause,
      remedy: 'name a branch, a tag, or a commit id; ~N goes N commits back',
    });
  const base = match?.[1];
  if (base === undefined) throw unknown();
  let back = 0;
  for (const [, number] of (match?.[2] ?? '').matchAll(/[~^](\d*)/g))
    back += number === undefined || number === '' ? 1 : Number(number);
  const repository = fs.existsSync(join(root, '.git')) ? { dir: root } : { gitdir: root };
  try {
    const named = await git
      .resolveRef({ fs, ...repository, ref: base })
      .catch(() => git.expandOid({ fs, ...repository, oid: base }));
    const commits = await git.log({ fs, ...repository, ref: named, depth: back + 1 });
    const found = commits[back];
    if (found !== undefined) return found.oid;
  } catch (thrown) {
    throw unknown(thrown);
  }
  throw unknown();
}
