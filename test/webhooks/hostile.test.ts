import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, SECRET, setUp, CLONE, GITHUB, deliver, github } from './set-up.ts';

afterEach(closeAll);

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
