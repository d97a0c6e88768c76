import { describe, expect, it } from 'vitest';
import { parsePathPattern } from '../../../../src/render/helm/load/path-match.ts';

describe('shell patterns as Go reads them', () => {
  it.each([
    ['abc', 'abc', true],
    ['*', 'abc', true],
    ['*', 'a/b', false],
    ['*/b', 'a/b', true],
    ['a?', 'ab', true],
    ['a?', 'a/', false],
    ['a*c*e', 'abcde', true],
    ['[a-c]x', 'bx', true],
    ['[^a-c]x', 'bx', false],
    ['[^a]x', '/x', true],
    ['[\\]]', ']', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['ü?', 'üß', true],
    ['', '', true],
    ['**', 'abc', true],
  ])('%s and %s: %s', (pattern, name, expected) => {
    expect(parsePathPattern(pattern)?.matches(name)).toBe(expected);
  });

  it.each(['[', '[]', '[a', '[a-', '[-a]', 'a\\', '[^', '[a-]'])('%s is malformed', (pattern) => {
    expect(parsePathPattern(pattern)).toBeUndefined();
  });

  it('takes time in proportion to pattern and name', () => {
    expect(parsePathPattern(`${'*a'.repeat(200)}b`)?.matches('a'.repeat(2000))).toBe(false);
  });
});
