import type { GitSource } from '../../core/application.ts';
import { EngineError } from '../../core/errors.ts';
import type { FetchedCommit } from '../../core/ports.ts';
import type { Verification } from '../../core/snapshot.ts';
import { commitsBetween } from '../history-walk.ts';
import { type ObjectStore, sharedObjectStore } from '../objects/object-store.ts';
import type { TrustAnchor } from './trust-anchor.ts';
import { verifyCommit } from './verify-commit.ts';

export interface VerifyOptions {
  readonly anchor: TrustAnchor;
  readonly mode: NonNullable<GitSource['verify']>['mode'];
  /** The commit that is applied; absent: none is, and the newest one alone is asked for its signature. */
  readonly appliedId?: string;
  /** Wall clock. */
  readonly nowMs: number;
}

/** `cut`: history on disk ends before it is known which commits are new. */
export type VerifyResult =
  | { readonly kind: 'verified'; readonly by: Verification }
  | { readonly kind: 'cut'; readonly at: string };

const MAX_RANGE = 5000;
/** Signatures are checked in slices, so that timers and sockets have their turn. */
const SLICE = 50;

/**
 * Checks the signatures that a source asks for. In a range each commit counts that can be reached from the new one and not from the applied
 * one, also those that a merge or a force-push brings.
 * @throws EngineError SourceUnverified that names the commit, the key and the reason; SourceCorrupt
 */
export async function verifyHistory(fetched: FetchedCommit, options: VerifyOptions): Promise<VerifyResult> {
  const store = sharedObjectStore(fetched.gitDir);
  const headId = fetched.commit.id;
  const by = await expectTrusted(store, headId, headId, options);
  const { appliedId } = options;
  if (options.mode === 'head' || appliedId === undefined) return { kind: 'verified', by };
  const range = commitsBetween(store, appliedId, headId, MAX_RANGE);
  if (range.kind === 'cut') return range;
  if (range.kind === 'tooLong')
    throw unverified(
      headId,
      `more than ${MAX_RANGE} commits since ${appliedId.slice(0, 12)} would have to be checked`,
      {
        remedy: WAY_ROUND,
      },
    );
  for (const [index, id] of range.ids.entries()) {
    if (index % SLICE === SLICE - 1) await new Promise<void>((resolve) => setImmediate(resolve));
    await expectTrusted(store, id, headId, options);
  }
  return { kind: 'verified', by };
}

/** What is said when history stays cut although all of it was asked for. */
export function historyCut(headId: string, at: string): EngineError {
  return unverified(headId, `the history before commit ${at.slice(0, 12)} is not there`, { remedy: WAY_ROUND });
}

const WAY_ROUND = 'look at the commits, then sync once with spec.source.git.verify.mode: head';

async function expectTrusted(
  store: ObjectStore,
  id: string,
  headId: string,
  { anchor, nowMs }: VerifyOptions,
): Promise<Verification> {
  const verdict = await verifyCommit(store, id, anchor, nowMs);
  if (verdict.kind === 'trusted') return verdict.by;
  const which = id === headId ? '' : `commit ${id.slice(0, 12)} before it: `;
  throw unverified(headId, `${which}${verdict.reason}`, {
    remedy:
      id === headId
        ? 'sign the commit with a trusted key, or push a signed one after it'
        : `look at commit ${id.slice(0, 12)}; without it, or with mode head once, the commits after it can be applied`,
    data: { commit: headId, unverified: id },
  });
}

function unverified(
  headId: string,
  cause: string,
  options: { readonly remedy: string; readonly data?: Readonly<Record<string, unknown>> },
): EngineError {
  return new EngineError(
    'SourceUnverified',
    `commit ${headId.slice(0, 12)} is not trusted (SourceUnverified): ${cause}`,
    {
      data: { commit: headId },
      ...options,
    },
  );
}
