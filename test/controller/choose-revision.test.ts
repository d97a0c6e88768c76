import { beforeEach, describe, expect, it } from 'vitest';
import { chooseRevision } from '../../src/controller/choose-revision.ts';
import type { Engine } from '../../src/controller/engine.ts';
import type { GitRef, GitSource } from '../../src/core/application.ts';
import { EngineError } from '../../src/core/errors.ts';
import type { Cluster } from '../../src/core/ports.ts';
import { EMPTY_STATE, type ApplicationState } from '../../src/core/state.ts';
import { anApplication } from '../builders/an-application.ts';
import { memoryEngine, MemoryRepository } from '../doubles/memory-engine.ts';

const GIT: GitSource = { url: 'https://git.example.com/demo.git', ref: { kind: 'head' }, path: '' };
const SIGNED = anApplication({ source: { git: { ...GIT, verify: { secret: 'signers', mode: 'head' } } } });
/** No Secret is there: nothing that the source offers can be trusted. */
const KEYLESS = { get: () => Promise.resolve({ state: 'absent' }) } as unknown as Cluster;

function applied(commitId: string): ApplicationState {
  return { ...EMPTY_STATE, current: { number: 1, commitId, manifestDigest: 'sha256:1', complete: true } };
}

describe('a commit that is not trusted', () => {
  let repository: MemoryRepository;
  let engine: Engine;
  let good: string;
  beforeEach(() => {
    repository = new MemoryRepository();
    engine = memoryEngine(KEYLESS, repository);
    good = repository.commit('{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}');
    repository.commit('{apiVersion: v1, kind: ConfigMap, metadata: {name: evil}}');
  });

  it('leaves the applied one desired, and says why', async () => {
    const revision = await chooseRevision(SIGNED, applied(good), engine, { retryHeld: false });
    expect(revision).toMatchObject({ commitId: good, sourceProblem: { code: 'SourceUnverified', exitCode: 5 } });
    expect(revision.manifests.map(({ key }) => key.name)).toEqual(['a']);
  });

  it('is not rendered when nothing is applied', async () => {
    const renderer = { ...engine.renderer, render: () => Promise.reject(new Error('it was rendered')) };
    await expect(
      chooseRevision(SIGNED, EMPTY_STATE, { ...engine, renderer }, { retryHeld: true }),
    ).rejects.toMatchObject({ code: 'SourceUnverified' });
  });

  it('leaves the applied one desired on a machine that has to fetch it anew', async () => {
    const asked: GitRef[] = [];
    const sources: Engine['sources'] = {
      ...repository.sources,
      open: () => Promise.resolve(undefined),
      resolve: async (source, options) => {
        asked.push(source.ref);
        if (source.ref.kind !== 'commit') return repository.sources.resolve(source, options);
        const fetched = await repository.sources.open(source, source.ref.id);
        if (fetched === undefined) throw new EngineError('SourceRefNotFound', 'no such commit');
        return fetched;
      },
    };
    const revision = await chooseRevision(SIGNED, applied(good), { ...engine, sources }, { retryHeld: false });
    expect(revision).toMatchObject({ commitId: good, sourceProblem: { code: 'SourceUnverified' } });
    expect(asked).toEqual([{ kind: 'head' }, { kind: 'commit', id: good }]);
  });
});
