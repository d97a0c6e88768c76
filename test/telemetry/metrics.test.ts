import { describe, expect, it } from 'vitest';

import { createMetrics } from '../../src/telemetry/metrics.ts';

describe('metrics', () => {
  it('follow the conventions of Prometheus', async () => {
    const metrics = createMetrics({ version: '0.1.0' });
    metrics.reconciled('synced', 1500);
    metrics.requested({ method: 'GET', path: '/api/v1/pods', status: 200, durationMs: 3 });
    const text = await metrics.text();
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => ({ name: String(name), type }));
    expect(types.length).toBeGreaterThan(10);
    for (const { name, type } of types) {
      expect(name).toMatch(/^evenkeel_[a-z_]+$/);
      if (type === 'counter') expect(name).toMatch(/_total$/);
      if (type === 'histogram') expect(name).toMatch(/_seconds$/);
      if (type === 'gauge') expect(name).not.toMatch(/_total$/);
      expect(text).toMatch(new RegExp(`^# HELP ${name} .+\\.$`, 'm'));
    }
    expect(text).toContain('evenkeel_reconcile_duration_seconds_sum{outcome="synced"} 1.5');
    expect(text).toContain('evenkeel_build_info{version="0.1.0"} 1');
  });

  it('bound their labels, whatever comes in', async () => {
    const metrics = createMetrics({ version: '0.1.0' });
    for (let index = 0; index < 1000; index++) {
      const odd = `odd-${index}"\n`;
      metrics.reconciled(odd, 1);
      metrics.stepped(odd);
      metrics.rendered(odd, odd, 1);
      metrics.polled(odd);
      metrics.delivered(odd, odd);
      metrics.enqueued(odd);
      metrics.requested({ method: odd, path: `/${odd}`, status: index, durationMs: 1 });
      metrics.setApplications([{ sync: odd, health: odd, count: 1 }]);
    }
    const text = await metrics.text();
    expect(text).not.toContain('odd-');
    expect(text.split('\n').length).toBeLessThan(250);
  });

  it.each([
    ['GET', '/api/v1/namespaces/shop/configmaps/a', 'get'],
    ['GET', '/api/v1/namespaces/shop', 'get'],
    ['GET', '/api/v1/namespaces', 'list'],
    ['GET', '/apis/apps/v1/deployments?limit=500', 'list'],
    ['GET', '/apis/apps/v1/namespaces/shop/deployments', 'list'],
    ['GET', '/apis/apps/v1/deployments?watch=true', 'watch'],
    ['GET', '/apis', 'discovery'],
    ['GET', '/apis/apps/v1', 'discovery'],
    ['GET', '/openapi/v3', 'discovery'],
    ['PATCH', '/x?fieldManager=evenkeel&fieldValidation=Strict', 'apply'],
    ['PATCH', '/x?fieldManager=evenkeel&fieldValidation=Strict&dryRun=All', 'dryrun'],
    ['PATCH', '/x?fieldManager=evenkeel', 'patch'],
    ['DELETE', '/x', 'delete'],
  ])('%s %s is %s', async (method, path, verb) => {
    const metrics = createMetrics({ version: '0.1.0' });
    metrics.requested({ method, path, status: 429, durationMs: 1 });
    expect(await metrics.text()).toContain(`evenkeel_api_request_duration_seconds_count{verb="${verb}",code="429"} 1`);
  });

  it('replace the counts of applications as a whole', async () => {
    const metrics = createMetrics({ version: '0.1.0', process: true });
    metrics.setApplications([{ sync: 'synced', health: 'healthy', count: 3 }]);
    metrics.setApplications([{ sync: 'outOfSync', health: 'degraded', count: 1 }]);
    metrics.setLeader(true);
    const text = await metrics.text();
    expect(text).toContain('evenkeel_applications{sync="outOfSync",health="degraded"} 1');
    expect(text).not.toContain('sync="synced"');
    expect(text).toContain('evenkeel_leader 1');
    expect(text).toContain('process_resident_memory_bytes');
  });
});
