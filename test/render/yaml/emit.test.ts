import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/core/json.ts';
import { emitYaml } from '../../../src/render/yaml/emit.ts';
import { loadYaml } from '../../../src/render/yaml/load.ts';

describe('emitYaml', () => {
  it('sorts keys with numbers inside by their value, lists not indented', () => {
    const value = { a10: 1, a2: [{ b: 1, a: [] }, ['x']], A: {}, a1: null };
    expect(emitYaml(value, 'sigs')).toBe('A: {}\na1: null\na2:\n- a: []\n  b: 1\n- - x\na10: 1\n');
  });

  it('quotes what would be read as something else', () => {
    const value = { a: 'yes', b: '1', c: 'a: b', d: ' x', e: '', f: '1:30', g: '*x', on: '😀' };
    expect(emitYaml(value, 'sigs')).toBe(
      'a: "yes"\nb: "1"\nc: \'a: b\'\nd: \' x\'\ne: ""\nf: "1:30"\ng: \'*x\'\n"on": "\\U0001F600"\n',
    );
  });

  it('folds plain text beyond 80 columns, but not with pretty', () => {
    const text = `${'word '.repeat(20)}end`;
    expect(emitYaml({ a: text }, 'sigs')).toContain('\n  word');
    expect(emitYaml({ a: text }, 'pretty')).toBe(`a: ${text}\n`);
  });

  it('writes several lines as a block', () => {
    expect(emitYaml({ a: 'x\ny\n', b: 'x\ny', c: ' x\n', d: 'x\n\n', e: 'x \ny' }, 'sigs')).toBe(
      'a: |\n  x\n  y\nb: |-\n  x\n  y\nc: |2\n   x\nd: |+\n  x\n\ne: "x \\ny"\n',
    );
  });

  it('writes numbers as JSON has them, and as Go floats with pretty', () => {
    const value = { a: 1000000, b: 1.5, c: 1e21, d: 12345678901234567890n, e: 1e-7, f: 2 ** 60 };
    expect(emitYaml(value, 'sigs')).toBe(
      'a: 1000000\nb: 1.5\nc: 1e+21\nd: 12345678901234567890\ne: 1e-07\nf: 1152921504606847000\n',
    );
    expect(emitYaml({ a: 1000000, b: 1000000n }, 'pretty')).toBe('a: 1e+06\nb: 1000000\n');
  });

  it('indents lists with pretty', () => {
    expect(emitYaml({ a: [{ b: [1n] }] }, 'pretty')).toBe('a:\n  - b:\n      - 1\n');
  });

  it('writes keys that are long or have several lines as complex keys', () => {
    const long = 'k'.repeat(130);
    expect(emitYaml({ [long]: [1], 'a\nb': 2 }, 'sigs')).toBe(`? |-\n  a\n  b\n: 2\n? ${long}\n: - 1\n`);
  });

  it('refuses what the tools cannot write', () => {
    expect(() => emitYaml({ a: '\x7f' }, 'sigs')).toThrow('U+007F is not allowed');
    expect(() => emitYaml({ a: Number.NaN }, 'kustomize')).toThrow('no JSON number');
    expect(() => emitYaml({ ['k'.repeat(1023)]: 1 }, 'sigs')).toThrow('longer than 1024');
    let deep: Json = 1;
    for (let level = 0; level < 5000; level++) deep = [deep];
    expect(() => emitYaml(deep, 'sigs')).toThrow('nested deeper');
  });

  it('writes what it reads back', () => {
    const text = '__proto__:\n  a: 1\nconstructor: x\n';
    const [document] = loadYaml(text, 'kubernetes').documents;
    expect(emitYaml(document?.value ?? null, 'sigs')).toBe(text);
  });
});
