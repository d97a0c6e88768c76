import { describe, expect, it } from 'vitest';
import type { Json, MutableJson } from '../../../../src/core/json.ts';
import { applyJsonPatch } from '../../../../src/render/kustomize/transform/json-patch.ts';

function apply(document: MutableJson, ...operations: Json[]): MutableJson {
  return applyJsonPatch(structuredClone(document), operations);
}

describe('JSON patch', () => {
  it.each<[string, MutableJson, Json, MutableJson]>([
    ['adds a key', { a: 1 }, { op: 'add', path: '/b', value: 2 }, { a: 1, b: 2 }],
    ['adds at the end of a list', { a: [1] }, { op: 'add', path: '/a/-', value: 2 }, { a: [1, 2] }],
    ['adds before the last item', { a: [1, 2] }, { op: 'add', path: '/a/-2', value: 9 }, { a: [1, 9, 2] }],
    ['adds null for a missing value', { a: 1 }, { op: 'add', path: '/b' }, { a: 1, b: null }],
    ['replaces what is missing', { a: 1 }, { op: 'replace', path: '/b', value: 2 }, { a: 1, b: 2 }],
    ['removes from the end', { a: [1, 2] }, { op: 'remove', path: '/a/-1' }, { a: [1] }],
    ['moves', { a: { b: 1 } }, { op: 'move', from: '/a/b', path: '/c' }, { a: {}, c: 1 }],
    ['copies', { a: { b: 1 } }, { op: 'copy', from: '/a', path: '/a/c' }, { a: { b: 1, c: { b: 1 } } }],
    [
      'reads escaped names',
      { 'a/b': { '~': 1 } },
      { op: 'replace', path: '/a~1b/~0', value: 2 },
      { 'a/b': { '~': 2 } },
    ],
    ['tests', { a: { b: [1] } }, { op: 'test', path: '/a', value: { b: [1] } }, { a: { b: [1] } }],
  ])('%s', (_, document, operation, expected) => {
    expect(apply(document, operation)).toEqual(expected);
  });

  it.each<[MutableJson, Json, RegExp]>([
    [{ a: 1 }, { op: 'remove', path: '/b' }, /no key "b"/],
    [{ a: [1] }, { op: 'add', path: '/a/5', value: 1 }, /5 is not one/],
    [{ a: [1] }, { op: 'remove', path: '/a/x' }, /not a list position/],
    [{ a: 1 }, { op: 'add', path: '/a/b/c', value: 1 }, /nothing at this path/],
    [{ a: 1 }, { op: 'test', path: '/a', value: 2 }, /test failed/],
    [{ a: 1 }, { op: 'explode', path: '/a' }, /not known/],
    [{ a: 1 }, { op: 'add', value: 1 }, /path is missing/],
  ])('fails on %j with %j', (document, operation, message) => {
    expect(() => apply(document, operation)).toThrow(message);
  });
});
