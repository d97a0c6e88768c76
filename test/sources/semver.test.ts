import { describe, expect, it } from 'vitest';
import { compareVersions, parseRange, parseVersion, satisfies } from '../../src/sources/semver.ts';

function ok(version: string, range: string): boolean | string {
  const [parsed, wanted] = [parseVersion(version), parseRange(range)];
  return parsed === undefined ? 'no version' : wanted === undefined ? 'no range' : satisfies(parsed, wanted);
}

describe('versions', () => {
  it('are ordered as semver says', () => {
    const order = [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
      '1.0.1',
      '1.2.0',
      '1.10.0',
      '2.0.0',
    ];
    const sorted = order.map((text) => parseVersion(text)).filter((version) => version !== undefined);
    expect(sorted).toHaveLength(order.length);
    for (let index = 1; index < sorted.length; index++) {
      const [left, right] = [sorted[index - 1], sorted[index]];
      if (left !== undefined && right !== undefined) expect(compareVersions(left, right)).toBeLessThan(0);
    }
  });

  it.each(['1', '1.2', '01.2.3', '1.2.3.4', 'release-1.2.3', '1.2.3-', '', 'v', `1.2.${'9'.repeat(400)}`])(
    '%s is none',
    (text) => {
      expect(parseVersion(text)).toBeUndefined();
    },
  );
});

describe('ranges', () => {
  it.each<[string, string, boolean]>([
    ['1.2.3', '1.2.3', true],
    ['v1.2.3', '=1.2.3', true],
    ['1.2.3+build.5', '1.2.3', true],
    ['1.2.4', '1.2.3', false],
    ['1.9.9', '^1.2', true],
    ['2.0.0', '^1.2', false],
    ['1.1.9', '^1.2', false],
    ['0.2.9', '^0.2.3', true],
    ['0.3.0', '^0.2.3', false],
    ['0.0.3', '^0.0.3', true],
    ['0.0.4', '^0.0.3', false],
    ['1.2.9', '~1.2.3', true],
    ['1.3.0', '~1.2.3', false],
    ['1.9.0', '~1', true],
    ['1.2.9', '1.2.x', true],
    ['1.3.0', '1.2.*', false],
    ['7.0.0', '*', true],
    ['1.5.0', '>=1.0.0 <2.0.0', true],
    ['1.5.0', '>= 1.0.0, < 2.0.0', true],
    ['2.0.0', '>=1.0.0 <2.0.0', false],
    ['2.3.4', '1.0.0 - 2.3', true],
    ['2.4.0', '1.0.0 - 2.3', false],
    ['3.1.0', '^1 || ^3', true],
    ['2.1.0', '^1 || ^3', false],
    ['1.3.0', '>1.2', true],
    ['1.2.9', '>1.2', false],
    ['1.2.9', '<=1.2', true],
    ['2.0.0-rc.1', '^1.2', false],
    ['2.0.0-rc.1', '>=1.0.0', false],
    ['2.0.0-rc.1', '>=2.0.0-0', true],
    ['2.0.0-rc.2', '>2.0.0-rc.1', true],
    ['2.1.0-rc.1', '>=2.0.0-0', false],
  ])('%s in %s is %s', (version, range, expected) => {
    expect(ok(version, range)).toBe(expected);
  });

  it.each(['', ' ', 'main', '>', '>=', '1.2.3.4', '!=1.0.0', '1.x.3', '^', '1.2-', 'a || b', '9'.repeat(300)])(
    '%j is none',
    (range) => {
      expect(parseRange(range)).toBeUndefined();
    },
  );
});
