import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileKindRules } from '../../src/health/kind-rules.ts';
import { RULES } from '../../src/health/rules/all.ts';

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
});
