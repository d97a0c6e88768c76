import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileKindRules } from '../../src/health/kind-rules.ts';
import { RULES } from '../../src/health/rules/all.ts';
import type { When } from '../../src/health/rules/form.ts';

describe('shipped rules', () => {
  it('compile', () => {
    const broken = RULES.flatMap((group) =>
      group.kinds.flatMap((kind) => {
        try {
          compileKindRules(kind);
          return [];
        } catch (error) {
          return [`${String(group.group)}/${kind.kinds.join(',')}: ${String(error).split('\n')[0]}`];
        }
      }),
    );
    expect(broken).toEqual([]);
  });

  it('are all listed, one file per project', () => {
    const files = readdirSync('src/health/rules').filter((name) => !['form.ts', 'shared.ts', 'all.ts'].includes(name));
    expect(new Set(RULES.map((group) => group.project)).size).toBeGreaterThan(files.length / 2);
  });

  it('name no kind of a group twice in one entry and say what they rest on', () => {
    const silent = RULES.flatMap((group) =>
      group.kinds
        .filter((kind) => kind.about === undefined)
        .map((kind) => `${String(group.group)}/${kind.kinds.join(',')}`),
    );
    expect(silent).toEqual([]);
  });

  it('do not give what somebody wished for as the reason', () => {
    const first = (when: When | undefined): When | undefined => {
      if (Array.isArray(when)) return first((when as readonly When[])[0]);
      return typeof when === 'object' && 'any' in when ? first(when.any[0]) : when;
    };
    const wishes = RULES.flatMap((group) =>
      group.kinds.flatMap((kind) =>
        kind.rules
          .filter(({ when, reason, status }) => {
            const match = first(when);
            if (reason !== undefined || status === 'suspended' || typeof match !== 'object' || !('field' in match))
              return false;
            return /^(kind|spec)\b/.test([match.field].flat().join('.'));
          })
          .map((rule) => `${String(group.group)}/${kind.kinds.join(',')}: ${JSON.stringify(rule.when)}`),
      ),
    );
    expect(wishes).toEqual([]);
  });
});
