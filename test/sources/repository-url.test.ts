import { describe, expect, it } from 'vitest';
import { isEngineError } from '../../src/core/errors.ts';
import { repositoryIdentity } from '../../src/core/repository-identity.ts';
import { checkRef, isRefName } from '../../src/sources/ref-name.ts';
import { parseRepositoryUrl } from '../../src/sources/repository-url.ts';

function refusal(url: string): string {
  try {
    return JSON.stringify(parseRepositoryUrl(url));
  } catch (thrown) {
    if (isEngineError(thrown, 'SourceRefused')) return thrown.message;
    throw thrown;
  }
}

describe('repository URLs', () => {
  it.each<[string, string, string]>([
    ['https://git.example.com/platform/config.git', 'http', 'https://git.example.com/platform/config.git'],
    ['https://GIT.example.com:8443/config/', 'http', 'https://git.example.com:8443/config'],
    ['http://127.0.0.1:8080/a', 'http', 'http://127.0.0.1:8080/a'],
    ['ssh://git@git.example.com:2222/platform/config.git', 'ssh', 'ssh://git@git.example.com:2222/platform/config.git'],
    ['git@git.example.com:platform/config.git', 'ssh', 'ssh://git@git.example.com/platform/config.git'],
    ['git.example.com:config', 'ssh', 'ssh://git.example.com/config'],
    ['file:///srv/git/config%20x.git', 'local', 'file:///srv/git/config x.git'],
    ['/srv/git/../git/config', 'local', 'file:///srv/git/config'],
  ])('%s is %s', (text, kind, key) => {
    expect(parseRepositoryUrl(text)).toMatchObject({ kind, key });
  });

  it.each([
    '',
    '-oProxyCommand=touch /tmp/x',
    '--upload-pack=touch /tmp/x',
    "ext::sh -c 'touch /tmp/x'",
    'git::https://example.com/a',
    'fd::17/foo',
    'ftp://example.com/a',
    'javascript://example.com/a',
    'git://example.com/a',
    'ssh://-oProxyCommand=touch/x',
    'ssh://git@-oProxyCommand=x/path',
    'ssh://-l@example.com/x',
    'ssh://git@example.com/-x',
    'ssh://git@example.com/',
    'git@example.com:-x',
    'https://example.com/a\nb',
    'https://example.com/a\0',
    'https://example.com',
    'https://example.com/a?x=1',
    'https://example.com/a#x',
    'https:///a',
    'file://example.com/a',
    `https://example.com/${'a'.repeat(3000)}`,
  ])('%j is refused', (url) => {
    expect(refusal(url)).toMatch(/is refused \(SourceRefused\)/);
  });

  it('are never shown with credentials in them', () => {
    for (const url of [
      'https://user:s3cret@example.com/a',
      'https://s3cret@example.com/a',
      'ssh://git:s3cret@example.com/a',
    ]) {
      expect(refusal(url)).toMatch(/is refused/);
      expect(refusal(url)).not.toContain('s3cret');
    }
  });

  it('have one identity in all spellings', () => {
    const same = [
      'https://github.com/Acme/Config.git',
      'https://github.com/acme/config',
      'https://github.com/acme/config/',
      'http://github.com/acme/config.git',
      'git@github.com:acme/config.git',
      'ssh://git@github.com/acme/config',
      'ssh://git@github.com:22/acme/config',
    ];
    expect(new Set(same.map(repositoryIdentity))).toEqual(new Set(['github.com/acme/config']));
    expect(repositoryIdentity('https://github.com/acme/config2')).not.toBe('github.com/acme/config');
    expect(repositoryIdentity('https://github.com/.*/config')).not.toBe('github.com/acme/config');
    expect(repositoryIdentity('ext::sh')).toBeUndefined();
  });
});

describe('ref names', () => {
  it.each(['main', 'feature/x', 'v1.0.0', 'a-b', 'ünï', 'refs/heads/x'])('%s may be one', (name) => {
    expect(isRefName(name)).toBe(true);
  });

  it.each([
    '',
    '-x',
    '--upload-pack=x',
    'a..b',
    '../x',
    'a b',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a*',
    'a[',
    'a\\b',
    'a\n',
    'a\0',
    'a.lock',
    'a/.b',
    '/a',
    'a/',
    'a//b',
    '@',
    'a@{1}',
    'a.',
    'x'.repeat(600),
  ])('%j may not', (name) => {
    expect(isRefName(name)).toBe(false);
    expect(() => checkRef({ kind: 'branch', name })).toThrow(/SourceRefused/);
  });

  it('commits are named whole', () => {
    expect(() => checkRef({ kind: 'commit', id: 'a'.repeat(40) })).not.toThrow();
    for (const id of ['abc1234', 'A'.repeat(40), 'main', 'a'.repeat(64), '-'.repeat(40)])
      expect(() => checkRef({ kind: 'commit', id })).toThrow(/SourceRefused/);
  });
});
