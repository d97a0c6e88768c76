import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../../src/controller/service/outcomes.ts';
import type { PassResult } from '../../../src/controller/service/pass.ts';
import { EngineError } from '../../../src/core/errors.ts';

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
