import { describe, expect, it } from 'vitest';
import { parseLabelSelector } from '../../../../src/render/kustomize/select/label-selector.ts';

const LABELS = new Map([
  ['app', 'web'],
  ['tier', 'front'],
  ['n', '5'],
  ['empty', ''],
]);

describe('label selectors', () => {
  it.each([
    ['', true],
    ['app', true],
    ['!app', false],
    ['!other', true],
    ['app=web', true],
    ['app == web,tier=front', true],
    ['app!=web', false],
    ['other!=web', true],
    ['app in (api, web)', true],
    ['app notin (api,web)', false],
    ['empty in ()', true],
    ['empty=', true],
    ['n>4', true],
    ['n<4', false],
    ['in in (in)', false],
  ])('%j', (text, expected) => {
    expect(parseLabelSelector(text, 'labelSelector').matches(LABELS)).toBe(expected);
  });

  it.each(['=x', 'a b', 'a,', 'a in x', 'a in (x', 'a>x', 'a=-', '/a', 'a/b/c', 'a=!', '(', 'A_/b'])(
    'refuses %j',
    (text) => {
      expect(() => parseLabelSelector(text, 'labelSelector')).toThrow(/labelSelector is not a valid label selector/);
    },
  );
});
