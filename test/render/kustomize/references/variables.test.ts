import { describe, expect, it } from 'vitest';
import { buildKustomization } from '../../../../src/render/kustomize/build.ts';
import { expand } from '../../../../src/render/kustomize/references/variables.ts';
import { MemorySnapshot } from '../../../doubles/memory-snapshot.ts';

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

describe('the value of a variable', () => {
  const valueOf = (text: string): string => {
    const result = buildKustomization(
      new MemorySnapshot({
        'kustomization.yaml':
          'resources: [r.yaml]\nvars:\n- name: V\n  objref: {apiVersion: v1, kind: Thing, name: a}\n  fieldref: {fieldPath: spec.v}\n',
        'r.yaml': `apiVersion: v1\nkind: Thing\nmetadata: {name: a}\nspec: {v: ${text}}\n`,
      }),
      '',
    );
    return result.problems.map((problem) => problem.message).join('\n');
  };

  it.each(['9223372036854775807', '-9223372036854775808', '1.5', '1e3', 'true', 'x'])('can be %s', (text) => {
    expect(valueOf(text)).toBe('');
  });

  it.each(['9223372036854775808', '0x10', '1_000', '.inf', '1_0.5'])('cannot be %s', (text) => {
    expect(valueOf(text)).toBe('variable V: the value of spec.v cannot be read');
  });
});
