import { describe, expect, it } from 'vitest';
import { runLoop } from '../../src/cli/reconcile-loop.ts';
import type { Engine } from '../../src/controller/engine.ts';
import type { Cluster } from '../../src/core/ports.ts';
import { EngineError } from '../../src/core/errors.ts';
import { anApplication } from '../builders/an-application.ts';
import { FakeClock } from '../doubles/fake-clock.ts';
import { MemoryRepository, memoryEngine } from '../doubles/memory-engine.ts';

const ABSENT = { get: () => Promise.resolve({ state: 'absent' }) } as unknown as Cluster;

/** One look at applications of these URLs: how old the answer of the host may be, and what was told of each. */
async function look(...urls: string[]): Promise<{ readonly ages: (number | undefined)[]; readonly told: string[] }> {
  const stop = new AbortController();
  const ages: (number | undefined)[] = [];
  const told: string[] = [];
  const memory = memoryEngine(ABSENT, new MemoryRepository(), new FakeClock({ auto: true }));
  const engine: Engine = {
    ...memory,
    sources: {
      ...memory.sources,
      resolve: (_source, options) => {
        ages.push(options?.maxAgeMs);
        if (ages.length === urls.length) stop.abort();
        return Promise.reject(new EngineError('SourceUnreachable', 'the host is away'));
      },
    },
  };
  const applications = urls.map((url, index) =>
    anApplication({
      name: { namespace: 'default', name: `app-${index}` },
      source: { git: { url, ref: { kind: 'head' }, path: '' } },
      intervalMs: 60_000,
    }),
  );
  const events = {
    onFailure: (application: { readonly name: { readonly name: string } }) => told.push(application.name.name),
  };
  await runLoop(() => Promise.resolve(applications), engine, events, { signal: stop.signal, intervalMs: 3000 });
  return { ages, told };
}

describe('the loop of `evenkeel up`', () => {
  it('asks a Git host no more often than the application says', async () => {
    expect((await look('https://git.example.com/demo.git')).ages).toEqual([60_000]);
  });

  it('looks into a repository of this machine each time', async () => {
    expect((await look('file:///srv/demo')).ages).toEqual([0]);
  });

  it('goes on with the next application when one fails', async () => {
    const { ages, told } = await look('file:///srv/one', 'file:///srv/two');
    expect({ ages, told }).toEqual({ ages: [0, 0], told: ['app-0'] });
  });
});
