import type { Application } from '../core/application.ts';
import { EngineError } from '../core/errors.ts';
import { isJsonObject, own } from '../core/json.ts';
import type { Cluster, FetchedCommit } from '../core/ports.ts';
import { readTrustAnchor, type TrustAnchor } from '../sources/verify/trust-anchor.ts';
import { historyCut, verifyHistory, type VerifyResult } from '../sources/verify/verify-history.ts';
import type { Engine } from './engine.ts';

/** Asks the source; with the whole history when it is needed. */
type Resolve = (options: { readonly wholeHistory: boolean }) => Promise<FetchedCommit>;

/**
 * The commit that the source points to, when its signatures are those that the application asks for, with who signed it. The keys are read
 * each time, so that one that is taken out of the Secret counts no more from the next pass on.
 *
 * @param appliedId the commit that is applied, for `mode: range`
 * @throws EngineError SourceUnverified, and what `resolve` throws; Cluster* when the Secret cannot be read
 */
export async function resolveVerified(
  application: Application,
  appliedId: string | undefined,
  engine: Engine,
  resolve: Resolve,
  signal?: AbortSignal,
): Promise<FetchedCommit> {
  const { verify } = application.source.git;
  let fetched = await resolve({ wholeHistory: false });
  if (verify === undefined) return fetched;
  const anchor = await readAnchor({ namespace: application.name.namespace, name: verify.secret }, engine.home, signal);
  const check = async (): Promise<VerifyResult> =>
    verifyHistory(fetched, {
      anchor,
      mode: verify.mode,
      nowMs: engine.clock.now(),
      ...(appliedId === undefined ? {} : { appliedId }),
    });
  let result = await check();
  if (result.kind === 'cut') {
    fetched = await resolve({ wholeHistory: true });
    result = await check();
  }
  if (result.kind === 'cut') throw historyCut(fetched.commit.id, result.at);
  return { ...fetched, commit: { ...fetched.commit, verification: result.by } };
}

async function readAnchor(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  home: Cluster,
  signal: AbortSignal | undefined,
): Promise<TrustAnchor> {
  const subject = `Secret ${namespace}/${name}`;
  const live = await home.get({ group: '', version: 'v1', kind: 'Secret' }, { namespace, name }, signal);
  if (live.state === 'unknown') throw live.error;
  if (live.state === 'absent')
    throw new EngineError('SourceUnverified', `${subject} with trusted keys was not found (NotFound)`, {
      remedy: 'create it with public keys under names such as ada.pub, allowed_signers or team.asc',
    });
  const data = own(live.object, 'data');
  const files = Object.entries(isJsonObject(data) ? data : {}).map(([key, coded]): [string, Buffer] => [
    key,
    Buffer.from(typeof coded === 'string' ? coded : '', 'base64'),
  ]);
  return readTrustAnchor(subject, Object.fromEntries(files));
}
