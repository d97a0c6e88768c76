import { describe, expect, it } from 'vitest';
import { healthRulesOf } from '../../src/controller/health-rules.ts';
import type { Json } from '../../src/core/json.ts';
import { parseUserRules } from '../../src/health/user-rules.ts';
import { anApplication } from '../builders/an-application.ts';

const WIDGET = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } };
const GADGET = { apiVersion: 'example.com/v1', kind: 'Gadget', metadata: { name: 'g' } };

/** Rules that give every object of a kind one reason. */
function always(kind: string, reason: string): Json {
  return {
    group: 'example.com',
    kinds: [{ kinds: [kind], fresh: 'rules', rules: [{ when: 'true', status: 'degraded', reason, message: reason }] }],
  };
}

function shared(...rules: Json[]) {
  const parsed = parseUserRules({ rules });
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return parsed.rules;
}

describe('rules of health of one’s own', () => {
  it('are none where nobody wrote any', async () => {
    expect(await healthRulesOf(anApplication(), {})).toBeUndefined();
  });

  it('of an application come before those of the installation', async () => {
    const application = anApplication({ healthRules: [always('Widget', 'Own')] });
    const rules = await healthRulesOf(application, {
      healthRules: shared(always('Widget', 'All'), always('Gadget', 'All')),
    });
    expect([rules?.assess(WIDGET, 0)?.reason, rules?.assess(GADGET, 0)?.reason]).toEqual(['Own', 'All']);
  });

  it('that are wrong are named with their place and the application', async () => {
    const application = anApplication({
      healthRules: [{ group: 'example.com', kinds: [{ kinds: ['Widget'], rules: [{ status: 'fine' }] }] }],
    });
    await expect(healthRulesOf(application, {})).rejects.toMatchObject({
      code: 'ConfigInvalid',
      message: expect.stringMatching(
        /^application default\/demo has no valid health rules \(Invalid\): spec\.health\.rules\[0\]/,
      ),
    });
  });
});
