import { afterEach, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { openSnapshot } from '../../src/sources/snapshot.ts';
import { traceHolds } from '../../src/sources/trace.ts';
import { type Files, makeRepository } from '../doubles/git-repository.ts';

const made: { remove(): void }[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

const START: Files = {
  'app/a.yaml': 'a\n',
  'app/sub/b.yaml': 'b\n',
  'other/c.yaml': 'c\n',
  link: { link: 'app' },
  file: 'f\n',
};

function holdsAfter(look: (snapshot: Snapshot) => void, change: Files): boolean {
  const repository = makeRepository(START);
  made.push(repository);
  const snapshot = openSnapshot(repository.gitDir, repository.git('rev-parse', 'HEAD'));
  look(snapshot);
  expect(traceHolds(repository.gitDir, snapshot.commitId, snapshot.trace())).toBe(true);
  return traceHolds(repository.gitDir, repository.commit(change), snapshot.trace());
}

describe('a trace', () => {
  it.each<[string, (snapshot: Snapshot) => void, Files, boolean]>([
    ['another folder changes', (s) => s.read('app/a.yaml'), { 'other/c.yaml': 'x' }, true],
    ['a neighbour changes', (s) => s.read('app/a.yaml'), { 'app/z.yaml': 'x' }, true],
    ['the file changes', (s) => s.read('app/a.yaml'), { 'app/a.yaml': 'x' }, false],
    ['the file goes', (s) => s.read('app/a.yaml'), { 'app/a.yaml': null }, false],
    ['a listed folder gets a file', (s) => s.list('app'), { 'app/z.yaml': 'x' }, false],
    ['a folder that was only looked at gets a file', (s) => s.stat('app'), { 'app/z.yaml': 'x' }, true],
    ['a folder that was only looked at becomes a file', (s) => s.stat('app'), { app: 'x' }, false],
    ['a file that was only looked at changes', (s) => s.stat('file'), { file: 'x' }, true],
    ['a missing file appears', (s) => s.read('app/values.yaml'), { 'app/values.yaml': 'x' }, false],
    ['a missing file appears deeper', (s) => s.read('none/deep/x.yaml'), { 'none/deep/x.yaml': 'x' }, false],
    ['something else appears on the way', (s) => s.read('none/deep/x.yaml'), { 'none/deep/y.yaml': 'x' }, true],
    ['a link appears on the way', (s) => s.read('none/a.yaml'), { none: { link: 'app' } }, false],
    ['a file becomes a folder', (s) => s.read('file/x'), { file: null, 'file/x': 'x' }, false],
    ['a link leads elsewhere', (s) => s.read('link/a.yaml'), { link: { link: 'other' } }, false],
    ['the target of a link changes', (s) => s.read('link/a.yaml'), { 'app/a.yaml': 'x' }, false],
    ['a neighbour behind a link changes', (s) => s.read('link/a.yaml'), { 'app/sub/b.yaml': 'x' }, true],
    ['the root was listed', (s) => s.list(''), { new: 'x' }, false],
  ])('when %s', (_name, look, change, expected) => {
    expect(holdsAfter((snapshot) => look(snapshot), change)).toBe(expected);
  });
});
