import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { type WebhookDeps, webhooks } from '../../src/webhooks/webhooks.ts';
import { FakeClock } from '../doubles/fake-clock.ts';
import { MemoryLogger } from '../doubles/memory-logger.ts';

const apps: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

const SECRET = 'the secret of acme/config';
const IDENTITY = 'git.example.com/acme/config';

interface Setup {
  readonly app: FastifyInstance;
  readonly clock: FakeClock;
  readonly logger: MemoryLogger;
  readonly polls: string[];
  readonly results: string[];
}

function setUp(deps: Partial<WebhookDeps> = {}): Setup {
  const clock = new FakeClock();
  const logger = new MemoryLogger();
  const polls: string[] = [];
  const results: string[] = [];
  const app = fastify();
  apps.push(app);
  void app.register(webhooks, {
    clock,
    logger,
    secretsOf: (identity: string) =>
      identity === IDENTITY ? [SECRET] : identity === 'git.example.com/acme/other' ? ['another'] : [],
    poll: (url: string) => polls.push(url),
    observe: (provider: string, result: string) => results.push(`${provider} ${result}`),
    ...deps,
  } satisfies WebhookDeps);
  return { app, clock, logger, polls, results };
}

function sign(body: string | Buffer, secret = SECRET, algorithm = 'sha256'): string {
  return createHmac(algorithm, secret).update(body).digest('hex');
}

const CLONE = 'https://git.example.com/acme/config.git';
const GITHUB = JSON.stringify({
  ref: 'refs/heads/main',
  after: '0'.repeat(40),
  repository: {
    clone_url: CLONE,
    ssh_url: 'git@git.example.com:acme/config.git',
    html_url: 'https://git.example.com/acme/config',
  },
});

async function deliver(
  { app }: Setup,
  headers: Record<string, string>,
  payload: string | Buffer = GITHUB,
): Promise<{ status: number; body: { result?: string; error?: string } }> {
  const response = await app.inject({
    method: 'POST',
    url: '/webhooks',
    headers: { 'content-type': 'application/json', ...headers },
    payload,
  });
  return { status: response.statusCode, body: response.json() };
}

function github(body: string | Buffer = GITHUB, id = 'one', secret = SECRET): Record<string, string> {
  return { 'x-github-event': 'push', 'x-github-delivery': id, 'x-hub-signature-256': `sha256=${sign(body, secret)}` };
}

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

describe('odd bodies', () => {
  it.each([
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '42',
    '{}',
    '{"repository":null}',
    '{"repository":[]}',
    '{"repository":{"clone_url":7}}',
    '{"repository":{"clone_url":""}}',
    '{"repository":{"clone_url":"-oProxyCommand=x"}}',
    '{"repository":{"clone_url":"ext::sh -c id"}}',
    '{"repository":{"clone_url":"file:///etc/passwd"}}',
    '{"__proto__":{"repository":{"clone_url":"https://git.example.com/acme/config"}}}',
    '{"repository":{"__proto__":{"clone_url":"https://git.example.com/acme/config"}}}',
    `{"repository":{"clone_url":"https://git.example.com/${'a'.repeat(5000)}"}}`,
    `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
    `{"a":${'{"a":'.repeat(70)}1${'}'.repeat(70)}, "repository":{"clone_url":"https://git.example.com/acme/config"}}`,
  ])('%.60s is malformed', async (body) => {
    const setup = setUp();
    const { status } = await deliver(setup, github(body), body);
    expect(status).toBe(400);
    expect(setup.polls).toEqual([]);
  });

  it('bytes that are no UTF-8 are malformed', async () => {
    const body = Buffer.concat([
      Buffer.from('{"repository":{"clone_url":"https://git.example.com/acme/config"},"x":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]);
    expect((await deliver(setUp(), github(body), body)).status).toBe(400);
  });

  it('brackets in strings are no nesting', async () => {
    const body = JSON.stringify({
      message: `${'['.repeat(200)}\\"${'{'.repeat(200)}`,
      repository: { clone_url: CLONE },
    });
    expect((await deliver(setUp(), github(body), body)).status).toBe(202);
  });

  it('every provider survives every shape', async () => {
    const shapes = ['null', '[]', '7', '"x"', '{}', '{"html":null}', '{"clone":{}}', '{"clone":[null,7,{"href":[]}]}'];
    const heads: readonly Record<string, string>[] = [
      { 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': SECRET },
      { 'x-event-key': 'repo:push', 'x-hub-signature': `sha256=${'0'.repeat(64)}` },
      { 'x-gitea-event': 'push', 'x-gitea-signature': '0'.repeat(64) },
      { 'x-evenkeel-signature': `sha256=${'0'.repeat(64)}` },
    ];
    for (const shape of shapes)
      for (const head of heads)
        for (const body of [
          `{"repository":${shape}}`,
          `{"project":${shape}}`,
          `{"repository":{"links":${shape}}}`,
          `{"repositories":${shape}}`,
        ])
          expect((await deliver(setUp(), head, body)).status).toBe(400);
  });

  it('are refused by type, encoding and size before they are read', async () => {
    const setup = setUp({ limits: { bodyBytes: 1000 } });
    expect((await deliver(setup, { ...github(), 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(
      415,
    );
    expect((await deliver(setup, { ...github(), 'content-type': 'text/plain' })).status).toBe(415);
    const zipped = gzipSync(Buffer.alloc(10_000_000));
    expect((await deliver(setup, { ...github(zipped), 'content-encoding': 'gzip' }, zipped)).status).toBe(415);
    const large = 'x'.repeat(1001);
    expect((await deliver(setup, github(large), large)).status).toBe(413);
    expect((await setup.app.inject({ method: 'GET', url: '/webhooks' })).statusCode).toBe(404);
  });
});

describe('under load', () => {
  it('a flood for one repository costs two polls', async () => {
    const setup = setUp({ limits: { requests: { perSecond: 1, burst: 100_000 } } });
    for (let round = 0; round < 100; round++) {
      for (let number = 0; number < 10; number++)
        expect((await deliver(setup, github(GITHUB, `${round} ${number}`))).status).toBe(202);
      await setup.clock.advance(95);
    }
    await setup.clock.advance(20_000);
    expect(setup.polls).toHaveLength(2);
    await deliver(setup, github(GITHUB, 'later'));
    expect(setup.polls).toHaveLength(3);
  });

  it('a push during a poll is followed by one more poll', async () => {
    let finish = (): void => {};
    const urls: string[] = [];
    const setup = setUp({
      poll: (url) => {
        urls.push(url);
        return new Promise<void>((resolve) => {
          finish = resolve;
        });
      },
    });
    await deliver(setup, github(GITHUB, 'a'));
    await deliver(setup, github(GITHUB, 'b'));
    await deliver(setup, github(GITHUB, 'c'));
    expect(urls).toHaveLength(1);
    finish();
    await setup.clock.advance(400);
    expect(urls).toHaveLength(2);
    finish();
    await setup.clock.advance(400);
    expect(urls).toHaveLength(2);
  });

  it('the answer does not depend on the poll: it may hang or fail', async () => {
    const hanging = setUp({ poll: () => new Promise(() => {}) });
    expect((await deliver(hanging, github())).status).toBe(202);
    const failing = setUp({
      poll: () => {
        throw new Error('queue is down');
      },
    });
    expect((await deliver(failing, github(GITHUB, 'a'))).status).toBe(202);
    await failing.clock.advance(1000);
    expect(failing.logger.lines.map(({ message }) => message)).toEqual(['webhook poll failed']);
    expect((await deliver(failing, github(GITHUB, 'b'))).status).toBe(202);
  });

  it('secrets that cannot be read are not our sender’s fault', async () => {
    const setup = setUp({
      secretsOf: () => {
        throw new Error('the API is down');
      },
    });
    expect(await deliver(setup, github())).toMatchObject({ status: 503, body: { result: 'unavailable' } });
  });

  it('an address that only guesses is shut out for a while, others are not', async () => {
    const setup = setUp({ limits: { failures: { perSecond: 1, burst: 5 } } });
    const statuses: number[] = [];
    for (let number = 0; number < 8; number++)
      statuses.push((await deliver(setup, github(GITHUB, 'x', 'guess'))).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    const other = await setup.app.inject({
      method: 'POST',
      url: '/webhooks',
      remoteAddress: '192.0.2.7',
      headers: { 'content-type': 'application/json', ...github() },
      payload: GITHUB,
    });
    expect(other.statusCode).toBe(202);
    setup.clock.jump(2000);
    expect((await deliver(setup, github(GITHUB, 'y'))).status).toBe(202);
  });

  it('no secret is ever logged or answered', async () => {
    const setup = setUp({
      poll: () => {
        throw new Error('down');
      },
    });
    const answers = [
      await deliver(setup, github()),
      await deliver(
        setup,
        { 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': 'gu3ss' },
        JSON.stringify({ project: { git_http_url: CLONE } }),
      ),
    ];
    await setup.clock.advance(1000);
    const shown = JSON.stringify([answers, setup.logger.lines, setup.results]);
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain('gu3ss');
  });
});
