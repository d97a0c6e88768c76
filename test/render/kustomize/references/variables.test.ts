import { describe, expect, it } from 'vitest';
import { expand } from '../../../../src/render/kustomize/references/variables.ts';

const VALUES = new Map<string, string | bigint>([
  ['A', 'a'],
  ['N', 5n],
  ['REF', '$(A)'],
  ['EMPTY', ''],
]);

describe('variables in a text', () => {
  it.each([
    ['$(A)', 'a'],
    ['$(N)', 5n],
    ['$(N)$(N)', '55'],
    ['x$(A)y', 'xay'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$a'],
    ['$(NONE)', '$(NONE)'],
    ['$(REF)', '$(A)'],
    ['foo$(EMPTY)bar', 'foobar'],
    ['$(A', '$(A'],
    ['$($(A', '$($(A'],
    ['$A)', '$A)'],
    ['a$', 'a$'],
    ['$', '$'],
    ['', ''],
  ])('%j', (text, expected) => {
    expect(expand(text, VALUES)).toBe(expected);
  });
});
