import { describe, expect, it } from 'vitest';
import { StatusWriter } from '../../../src/controller/service/status-writer.ts';
import type { Findings, Tracked } from '../../../src/controller/service/tracked.ts';
import type { Cluster } from '../../../src/core/ports.ts';
import { aTracked } from '../../builders/a-tracked.ts';
import { FakeClock } from '../../doubles/fake-clock.ts';
import { MemoryLogger } from '../../doubles/memory-logger.ts';

function found(sync: 'Syncing' | 'Synced'): Findings {
  return { sync, reason: sync, message: sync, refusals: [], problems: [] };
}

/** A writer, and the values of `sync` that it wrote. */
function aWriter() {
  const clock = new FakeClock();
  const written: unknown[] = [];
  const cluster = {
    patch: async (_kind: unknown, _name: unknown, { body }: { body: { status: { sync?: string } } }) => {
      written.push(body.status.sync);
      return {};
    },
  };
  const writer = new StatusWriter({
    cluster: cluster as unknown as Cluster,
    clock,
    logger: new MemoryLogger(),
    sourceOf: () => ({}),
    onWritten: () => undefined,
  });
  return { clock, written, writer };
}

function syncing(count: number): Tracked[] {
  return Array.from({ length: count }, () => aTracked({ findings: found('Syncing') }));
}

describe('the status of an application that is being applied', () => {
  it('is written after three seconds', async () => {
    const { clock, written, writer } = aWriter();
    for (const tracked of syncing(1)) writer.update(tracked);
    await clock.advance(2900);
    expect(written).toEqual([]);
    await clock.advance(200);
    expect(written).toEqual(['Syncing']);
  });

  it('is not written when it ends before', async () => {
    const { clock, written, writer } = aWriter();
    const [tracked] = syncing(1) as [Tracked];
    writer.update(tracked);
    tracked.findings = found('Synced');
    tracked.health = { status: 'healthy', reason: 'Healthy', message: '', problems: [] };
    writer.update(tracked);
    await clock.advance(20_000);
    expect(written).toEqual(['Synced']);
  });

  it('waits longer when many are applied at once', async () => {
    const { clock, written, writer } = aWriter();
    for (const tracked of syncing(20)) writer.update(tracked);
    await clock.advance(5000);
    expect(written).toHaveLength(8);
    await clock.advance(11_000);
    expect(written).toHaveLength(20);
  });
});
