import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, SECRET, setUp, sign, CLONE, GITHUB, deliver, github } from './set-up.ts';

afterEach(closeAll);

describe('deliveries', () => {
  const gitlab = JSON.stringify({
    object_kind: 'push',
    project: { git_http_url: CLONE, git_ssh_url: 'git@git.example.com:acme/config.git' },
  });
  const bitbucketServer = JSON.stringify({
    repository: {
      slug: 'config',
      links: {
        clone: [
          { href: 'ssh://git@git.example.com:7999/acme/config.git', name: 'ssh' },
          { href: CLONE, name: 'http' },
        ],
      },
    },
  });
  const generic = JSON.stringify({ repository: 'git@git.example.com:acme/config' });
  it.each<[string, Record<string, string>, string]>([
    ['GitHub', github(), GITHUB],
    ['GitLab', { 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': SECRET }, gitlab],
    ['GitLab tags', { 'x-gitlab-event': 'Tag Push Hook', 'x-gitlab-token': SECRET }, gitlab],
    ['Gitea', { 'x-gitea-event': 'push', 'x-github-event': 'push', 'x-gitea-signature': sign(GITHUB) }, GITHUB],
    ['Forgejo', { 'x-forgejo-event': 'push', 'x-gitea-event': 'push', 'x-forgejo-signature': sign(GITHUB) }, GITHUB],
    [
      'Bitbucket Server',
      { 'x-event-key': 'repo:refs_changed', 'x-hub-signature': `sha256=${sign(bitbucketServer)}` },
      bitbucketServer,
    ],
    ['anybody', { 'x-evenkeel-signature': `sha256=${sign(generic)}` }, generic],
  ])('of %s poll the repository that they name', async (_name, headers, payload) => {
    const setup = setUp();
    expect(await deliver(setup, headers, payload)).toEqual({ status: 202, body: { result: 'accepted' } });
    expect(setup.polls).toHaveLength(1);
    expect(setup.polls[0]).toMatch(/acme\/config/);
  });

  it('of Bitbucket Cloud poll the repository that they name', async () => {
    const body = JSON.stringify({
      repository: { full_name: 'acme/config', links: { html: { href: 'https://bitbucket.org/acme/config' } } },
    });
    const setup = setUp({ secretsOf: (identity) => (identity === 'bitbucket.org/acme/config' ? [SECRET] : []) });
    const headers = {
      'x-event-key': 'repo:push',
      'x-hook-uuid': 'a',
      'x-request-uuid': 'b',
      'x-hub-signature': `sha256=${sign(body)}`,
    };
    expect((await deliver(setup, headers, body)).status).toBe(202);
    expect(setup.polls).toEqual(['https://bitbucket.org/acme/config']);
  });

  it('of other events are ignored, and unknown ones too', async () => {
    const setup = setUp();
    for (const event of ['ping', 'issues', 'no such event', '__proto__'])
      expect(await deliver(setup, { ...github(), 'x-github-event': event })).toEqual({
        status: 202,
        body: { result: 'ignored' },
      });
    expect(setup.polls).toEqual([]);
  });

  it('with one id are handled once', async () => {
    const setup = setUp();
    expect((await deliver(setup, github(GITHUB, 'same'))).body.result).toBe('accepted');
    expect((await deliver(setup, github(GITHUB, 'same'))).body.result).toBe('duplicate');
    expect((await deliver(setup, github(GITHUB, 'next'))).body.result).toBe('accepted');
    setup.clock.jump(3_700_000);
    expect((await deliver(setup, github(GITHUB, 'same'))).body.result).toBe('accepted');
  });

  it('that were denied do not use up an id', async () => {
    const setup = setUp();
    expect((await deliver(setup, github(GITHUB, 'same', 'wrong'))).status).toBe(401);
    expect((await deliver(setup, github(GITHUB, 'same'))).body.result).toBe('accepted');
  });

  it('choose nothing but the repository', async () => {
    const setup = setUp();
    const body = JSON.stringify({
      ref: 'refs/heads/evil',
      after: 'f'.repeat(40),
      commits: null,
      repository: { clone_url: CLONE },
    });
    expect((await deliver(setup, github(body), body)).status).toBe(202);
    expect(setup.polls).toEqual([CLONE]);
  });

  it('work with the old and the new secret while one is replaced', async () => {
    const setup = setUp({ secretsOf: () => ['new', SECRET] });
    expect((await deliver(setup, github(GITHUB, 'a'))).status).toBe(202);
    expect((await deliver(setup, github(GITHUB, 'b', 'new'))).status).toBe(202);
    expect((await deliver(setup, github(GITHUB, 'c', 'older'))).status).toBe(401);
  });
});

describe('a delivery that proves nothing is denied, always with the same answer', () => {
  const denied = { status: 401, body: { result: 'denied', error: 'the signature or token is missing or wrong' } };
  const signature = sign(GITHUB);
  it.each<[string, Record<string, string>]>([
    ['no headers', {}],
    ['no signature', { 'x-github-event': 'push' }],
    ['an empty signature', { 'x-github-event': 'push', 'x-hub-signature-256': '' }],
    ['only a prefix', { 'x-github-event': 'push', 'x-hub-signature-256': 'sha256=' }],
    ['no prefix', { 'x-github-event': 'push', 'x-hub-signature-256': signature }],
    ['SHA-1 only', { 'x-github-event': 'push', 'x-hub-signature': `sha1=${sign(GITHUB, SECRET, 'sha1')}` }],
    [
      'SHA-1 in the place of SHA-256',
      { 'x-github-event': 'push', 'x-hub-signature-256': `sha1=${sign(GITHUB, SECRET, 'sha1')}` },
    ],
    ['a short signature', { 'x-github-event': 'push', 'x-hub-signature-256': `sha256=${signature.slice(0, 62)}` }],
    ['a long signature', { 'x-github-event': 'push', 'x-hub-signature-256': `sha256=${signature}00` }],
    ['another secret', github(GITHUB, 'x', 'another')],
    ['an empty secret', github(GITHUB, 'x', '')],
    ['a wrong GitLab token', { 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': `${SECRET} ` }],
    ['an empty GitLab token', { 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': '' }],
    ['a GitLab token for a GitHub event', { 'x-github-event': 'push', 'x-gitlab-token': SECRET }],
  ])('%s', async (_name, headers) => {
    const setup = setUp();
    const payload = 'x-gitlab-event' in headers ? JSON.stringify({ project: { git_http_url: CLONE } }) : GITHUB;
    expect(await deliver(setup, headers, payload)).toEqual(denied);
    expect(setup.polls).toEqual([]);
  });

  it('an unknown repository, or one without a secret', async () => {
    const body = JSON.stringify({ repository: { clone_url: 'https://git.example.com/acme/unknown' } });
    expect(await deliver(setUp(), github(body), body)).toEqual(denied);
    for (const secrets of [[], ['']]) {
      const setup = setUp({ secretsOf: () => secrets });
      expect(await deliver(setup, github(GITHUB, 'x', ''))).toEqual(denied);
      expect(await deliver(setup, { 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': '' })).toEqual(denied);
    }
  });

  it('a signature over the same JSON written otherwise', async () => {
    const rewritten = JSON.stringify(JSON.parse(GITHUB), null, 1);
    expect(await deliver(setUp(), github(GITHUB), rewritten)).toEqual(denied);
    const accented = Buffer.from(GITHUB.replace('refs/heads/main', 'refs/heads/mäin'), 'utf8');
    expect((await deliver(setUp(), github(accented), accented)).status).toBe(202);
  });

  it('another repository beside one’s own', async () => {
    const setup = setUp();
    const body = JSON.stringify({
      repositories: [CLONE, 'https://git.example.com/acme/other', 'https://git.example.com/.*'],
    });
    expect((await deliver(setup, { 'x-evenkeel-signature': `sha256=${sign(body)}` }, body)).status).toBe(202);
    expect(setup.polls).toEqual([CLONE]);
  });
});
