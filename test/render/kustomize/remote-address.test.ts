import { describe, expect, it } from 'vitest';
import { parseRemote } from '../../../src/render/kustomize/remote-address.ts';

describe('the address of a base on another host', () => {
  it.each([
    ['https://github.com/org/repo', 'https://github.com/org/repo', '', ''],
    ['https://github.com/org/repo/base?ref=v1', 'https://github.com/org/repo', 'base', 'v1'],
    ['github.com/org/repo/a/b?ref=main', 'https://github.com/org/repo', 'a/b', 'main'],
    ['GitHub.com/org/repo', 'https://github.com/org/repo', '', ''],
    ['git@github.com:org/repo.git//x', 'git@github.com:org/repo.git', 'x', ''],
    ['github.com:org/repo', 'https://github.com/org/repo', '', ''],
    ['ssh://git@github.com/org/repo', 'git@github.com:org/repo', '', ''],
    [
      'https://git.example.com/group/sub/repo//apps/web?version=v2',
      'https://git.example.com/group/sub/repo',
      'apps/web',
      'v2',
    ],
    ['https://git.example.com/group/sub/repo.git/apps', 'https://git.example.com/group/sub/repo.git', 'apps', ''],
    ['git::https://git.example.com/org/repo.git', 'https://git.example.com/org/repo.git', '', ''],
    [
      'https://dev.azure.com/org/project/_git/repo/path?ref=x',
      'https://dev.azure.com/org/project/_git/repo',
      'path',
      'x',
    ],
    ['user@git.example.com:org/repo/sub', 'user@git.example.com:org/repo', 'sub', ''],
    [
      'https://git.example.com/org/repo/kustomize.yaml?ref=v1&version=v2',
      'https://git.example.com/org/repo',
      'kustomize.yaml',
      'v1',
    ],
  ])('%s', (text, url, path, ref) => {
    expect(parseRemote(text)).toMatchObject({ kind: 'repository', url, path, ref });
  });

  it.each([
    ['?timeout=61', 61_000],
    ['?timeout=1m30s', 90_000],
    ['?timeout=0', undefined],
    ['?timeout=soon', undefined],
    ['', undefined],
  ])('gives a time with %j', (query, timeoutMs) => {
    expect(parseRemote(`https://github.com/org/repo${query}`)).toMatchObject({ timeoutMs });
  });

  it.each([
    'https://example.com/a/b/install.yaml',
    'HTTPS://raw.example.com/o/r/main/x.yml',
    'http://example.com/x.json',
  ])('%s is that of a file', (url) => expect(parseRemote(url)).toEqual({ kind: 'file', url }));

  it.each([
    '../base',
    'base',
    './github.com',
    'a/github.com/b',
    '/abs',
    'https://host',
    'https://host/one',
    'git@host',
    '',
  ])('%j is none', (text) => expect(parseRemote(text)).toBeUndefined());
});
