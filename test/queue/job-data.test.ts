import { describe, expect, it } from 'vitest';

import { dataOfJob, jobKey, readJobData, strongerReason } from '../../src/queue/job-data.ts';
import { job } from '../conformance/queue.ts';

describe('data of a job', () => {
  it('goes out and comes back', () => {
    expect(readJobData(dataOfJob(job('shop', 'person')))).toEqual(job('shop', 'person'));
    expect(readJobData({ ...dataOfJob(job('shop')), dueMs: 5 })).toEqual(job('shop'));
    expect(jobKey({ namespace: '1', name: '2' })).toBe('1_2');
  });

  it.each([
    [null],
    [[]],
    ['x'],
    [{}],
    [{ namespace: 'a', name: 'b' }],
    [{ namespace: 'a', name: 'b', reason: 'root' }],
    [{ namespace: 'a', name: 'b', reason: 'toString' }],
    [{ namespace: 'a', name: '../b', reason: 'timer' }],
    [{ namespace: 'A', name: 'b', reason: 'timer' }],
    [{ namespace: 'a', name: 'x'.repeat(300), reason: 'timer' }],
    [{ namespace: 'a', name: 'b', reason: 'timer', manifests: [] }],
    [JSON.parse('{"namespace":"a","name":"b","reason":"timer","__proto__":{}}')],
  ])('is refused when it is anything else: %j', (data: unknown) => {
    expect(readJobData(data)).toBeUndefined();
  });

  it('orders reasons', () => {
    expect(strongerReason('timer', 'drift')).toBe('drift');
    expect(strongerReason('person', 'webhook')).toBe('person');
  });
});
