import { describe, expect, it } from 'vitest';
import type { KubeEvents } from '../../../src/controller/service/kube-events.ts';
import { Fights } from '../../../src/controller/service/fights.ts';
import { outcomeOf, Outcomes } from '../../../src/controller/service/outcomes.ts';
import type { PassResult } from '../../../src/controller/service/pass.ts';
import { readRequests } from '../../../src/controller/service/requests.ts';
import type { Schedule } from '../../../src/controller/service/schedule.ts';
import type { Tracked } from '../../../src/controller/service/tracked.ts';
import { EngineError } from '../../../src/core/errors.ts';
import type { ObjectHealth } from '../../../src/core/health.ts';
import type { ObjectKey } from '../../../src/core/object-key.ts';
import { aPass, aTracked } from '../../builders/a-tracked.ts';
import { FakeClock } from '../../doubles/fake-clock.ts';
import { MemoryLogger } from '../../doubles/memory-logger.ts';

const KEY: ObjectKey = { group: '', kind: 'ConfigMap', namespace: 'demo', name: 'settings' };
const HEALTH: ObjectHealth[] = [{ key: KEY, health: { status: 'healthy', reason: 'Current', message: '' } }];

/** What was known of the application when its health was told. */
function judgedBy(result: PassResult, tracked: Tracked): string[] {
  const told: string[] = [];
  const outcomes = new Outcomes({
    schedule: { want: () => undefined, retry: () => undefined } as unknown as Schedule,
    fights: new Fights(),
    events: { say: () => undefined } as unknown as KubeEvents,
    clock: new FakeClock(),
    logger: new MemoryLogger(),
    onJudged: (judged, health) =>
      told.push(`${judged.findings?.sync ?? ''}, ${judged.history.length} line, ${health.length} object`),
    onReady: () => undefined,
  });
  outcomes.take(tracked, result, readRequests(tracked.object));
  return told;
}

function resultWith(health: readonly ObjectHealth[]): PassResult {
  return {
    findings: { sync: 'Synced', reason: 'Applied', message: 'commit is applied', refusals: [], problems: [] },
    reconciled: {
      applied: true,
      complete: true,
      stored: { state: { inventory: [KEY] } },
      plan: { manifestDigest: 'sha256:1' },
      report: { outcomes: [] },
      health,
    },
    line: { number: 1, commit: 'abc', subject: '', outcome: 'synced', trigger: 'commit', finishedAt: '' },
    blockedBy: [],
    healed: false,
  } as unknown as PassResult;
}

describe('the outcome of a pass', () => {
  it('tells the health that the pass saw when everything else is known, so that one status says all', () => {
    const tracked = aTracked({ pass: aPass() });
    expect(judgedBy(resultWith(HEALTH), tracked)).toEqual(['Synced, 1 line, 1 object']);
    expect(tracked.pass?.judged).toBe(true);
  });

  it('tells no health when the pass was ended before it looked', () => {
    const tracked = aTracked({ pass: aPass() });
    expect(judgedBy(resultWith([]), tracked)).toEqual([]);
    expect(tracked.pass?.judged).toBe(false);
  });
});

describe('the outcome of a pass, for the metric', () => {
  const kept: PassResult = {
    findings: { sync: 'Synced', reason: 'Applied', message: '', refusals: [], problems: [] },
    blockedBy: [],
    healed: false,
  };

  it('is unchanged when all is as it was', () => {
    expect(outcomeOf(kept)).toBe('unchanged');
  });

  it('is failed while a commit is not trusted, although the last one is kept well', () => {
    const error = new EngineError('SourceUnverified', 'commit 1 is not trusted');
    expect(outcomeOf({ ...kept, findings: { ...kept.findings, error } })).toBe('failed');
  });
});
