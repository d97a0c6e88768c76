import { formatApplicationName, type Application, type GitRef } from '../core/application.ts';
import { EngineError, isEngineError } from '../core/errors.ts';
import type { Manifest, RenderProblem } from '../core/manifest.ts';
import { keyOf } from '../core/object-key.ts';
import type { FetchedCommit } from '../core/ports.ts';
import type { Verification } from '../core/snapshot.ts';
import type { ApplicationState } from '../core/state.ts';
import type { Engine } from './engine.ts';
import { renderRequest } from './render-request.ts';
import { renderWorld } from './render-world.ts';
import { restoreSecrets } from './restore-secrets.ts';
import { resolveVerified } from './verify-source.ts';

/** What is desired now: the render of a commit, or the stored set that a rollback pinned. */
export interface DesiredRevision {
  readonly commitId: string;
  readonly commitSubject: string;
  readonly author: string;
  readonly manifests: readonly Manifest[];
  readonly manifestDigest: string;
  readonly pinnedNumber?: number;
  /** The commit that the source points to, when it could be asked. */
  readonly head?: string;
  /** Why the source could not be asked; the revision is then the last good one. */
  readonly sourceProblem?: EngineError;
  readonly warnings: readonly string[];
  /** Who signed the commit, when signatures are checked. */
  readonly verification?: Verification;
  /** The render was reused: nothing that it read has changed. */
  readonly reused: boolean;
}

export interface RevisionOptions {
  /** Apply a held commit again. */
  readonly retryHeld: boolean;
  /** The source is left unasked on purpose; that it gave no answer is no problem. */
  readonly offline?: boolean;
  /** Without asking the host: the newest commit that is on this machine. */
  readonly maxAgeMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Chooses what shall be in the cluster. A held commit is not applied again by itself; while a source cannot be reached, or its
 * newest commit is not signed as asked, the last good revision stays desired, so that drift is still mended.
 *
 * @throws EngineError Source* when there is no last good revision; RenderFailed with all problems; PlanRefused for a held commit without a pin
 */
export async function chooseRevision(
  application: Application,
  state: ApplicationState,
  engine: Engine,
  options: RevisionOptions,
): Promise<DesiredRevision> {
  const { fetched, problem } = await fetchCommit(application, state, engine, options);
  const held = state.held.find((entry) => entry.commitId === fetched?.commit.id);
  const pinned = state.pinned;
  if (
    pinned !== undefined &&
    !options.retryHeld &&
    (held !== undefined || fetched === undefined || problem !== undefined)
  ) {
    const stored = await storedRevision(application, state, engine, pinned, options.signal);
    return {
      ...stored,
      ...(fetched === undefined ? {} : { head: fetched.commit.id }),
      ...(problem === undefined || options.offline === true ? {} : { sourceProblem: problem }),
    };
  }
  if (fetched === undefined)
    throw (
      problem ??
      new EngineError(
        'SourceRefNotFound',
        `application ${formatApplicationName(application.name)} has no commit (NotFound)`,
      )
    );
  if (held !== undefined && !options.retryHeld) {
    throw new EngineError(
      'PlanRefused',
      `application ${formatApplicationName(application.name)} is not synced (HeldCommit): commit ${fetched.commit.id.slice(0, 12)} is held since ${held.since} (${held.reason} by ${held.by})`,
      {
        remedy: 'push a newer commit, or sync with --retry',
      },
    );
  }
  const rendered = await renderCommit(application, state, fetched, engine, options.signal);
  return { ...rendered, head: fetched.commit.id, ...(problem === undefined ? {} : { sourceProblem: problem }) };
}

async function fetchCommit(
  application: Application,
  state: ApplicationState,
  engine: Engine,
  options: RevisionOptions,
): Promise<{ readonly fetched?: FetchedCommit; readonly problem?: EngineError }> {
  const { git } = application.source;
  const resolve = async (how: { readonly wholeHistory: boolean }, ref: GitRef = git.ref): Promise<FetchedCommit> => {
    const credentials = await engine.credentialsOf(application, options.signal);
    return engine.sources.resolve(
      { ...git, ref },
      {
        ...how,
        ...(credentials === undefined ? {} : { credentials }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        ...(options.maxAgeMs === undefined ? {} : { maxAgeMs: options.maxAgeMs }),
      },
    );
  };
  try {
    return { fetched: await resolveVerified(application, state.current?.commitId, engine, resolve, options.signal) };
  } catch (thrown) {
    if (!isEngineError(thrown) || thrown.code === 'Cancelled') throw thrown;
    const last = state.current?.commitId ?? state.pinned?.commitId;
    let kept = last === undefined ? undefined : await engine.sources.open(git, last).catch(() => undefined);
    // The host answers, and what was applied last may be on another machine's disk only.
    if (kept === undefined && last !== undefined && thrown.code === 'SourceUnverified')
      kept = await resolve({ wholeHistory: false }, { kind: 'commit', id: last }).catch(() => undefined);
    if (kept === undefined && state.pinned === undefined) throw thrown;
    return { problem: thrown, ...(kept === undefined ? {} : { fetched: kept }) };
  }
}

/** Renders one commit with the application's settings. @throws EngineError RenderFailed whose data lists every problem */
async function renderCommit(
  application: Application,
  state: ApplicationState,
  fetched: FetchedCommit,
  engine: Engine,
  signal?: AbortSignal,
): Promise<DesiredRevision> {
  const result = await engine.renderer.render(
    fetched,
    renderRequest(application, state),
    signal,
    renderWorld(application, engine),
  );
  if (result.kind === 'failed') throw renderError(application, fetched.commit.id, result.problems);
  return {
    commitId: fetched.commit.id,
    commitSubject: fetched.commit.subject,
    author: fetched.commit.author,
    manifests: result.set.manifests,
    manifestDigest: result.set.digest,
    warnings: result.warnings,
    reused: result.reused === true,
    ...(fetched.commit.verification === undefined ? {} : { verification: fetched.commit.verification }),
  };
}

function renderError(application: Application, commitId: string, problems: readonly RenderProblem[]): EngineError {
  const [first] = problems;
  const missing = problems.every(
    (problem) => problem.path === application.source.git.path && problem.line === undefined,
  );
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const where =
    first === undefined
      ? ''
      : `${first.path}${first.line === undefined ? '' : `:${first.line}${first.column === undefined ? '' : `:${first.column}`}`}: `;
  return new EngineError(
    missing && problems.length === 1 && first?.message.includes('no such') === true
      ? 'SourcePathNotFound'
      : 'RenderFailed',
    `application ${formatApplicationName(application.name)} at ${commitId.slice(0, 12)} cannot be rendered (Invalid): ${where}${first?.message ?? 'no reason given'}${more}`,
    {
      data: { problems },
      remedy: first?.remedy ?? 'correct it in Git and push: the next commit is looked at by itself',
    },
  );
}

async function storedRevision(
  application: Application,
  state: ApplicationState,
  engine: Engine,
  pinned: NonNullable<ApplicationState['pinned']>,
  signal: AbortSignal | undefined,
): Promise<DesiredRevision> {
  const objects = await engine.history.getRendered(pinned.manifestDigest);
  if (objects === undefined) {
    throw new EngineError(
      'RevisionNotFound',
      `revision ${pinned.number} of application ${formatApplicationName(application.name)} cannot be applied (NotFound): its rendered set is not in the history of this machine`,
      {
        remedy: 'sync with --retry to go back to what Git says, or restore the history',
      },
    );
  }
  const restored = await restoreSecrets(application, state, objects, pinned.commitId, engine, signal);
  return {
    commitId: pinned.commitId,
    commitSubject: `rollback to revision ${pinned.number}`,
    author: '',
    manifests: restored.map((object) => ({
      key: keyOf(object),
      object,
      origin: { path: `revision ${pinned.number}` },
    })),
    manifestDigest: pinned.manifestDigest,
    pinnedNumber: pinned.number,
    warnings: [],
    reused: true,
  };
}
