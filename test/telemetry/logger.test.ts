import { Agent } from 'undici';
import { describe, expect, it } from 'vitest';

import { EngineError } from '../../src/core/errors.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { redact, redactText } from '../../src/telemetry/redact.ts';

function capture(): { readonly lines: Record<string, unknown>[]; readonly write: (line: string) => void } {
  const lines: Record<string, unknown>[] = [];
  return { lines, write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
}

describe('logs', () => {
  it('are JSON lines with level, time, message and fields', () => {
    const { lines, write } = capture();
    const logger = createLogger({ level: 'info', fields: { instance: 'a' }, write });
    logger.debug({}, 'unseen');
    logger.child({ application: 'team-a/shop' }).warn({ count: 3, big: 9007199254740993n }, 'it happened');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'warn',
      instance: 'a',
      application: 'team-a/shop',
      count: 3,
      big: '9007199254740993',
      msg: 'it happened',
    });
    expect(String(lines[0]?.['time'])).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it('are nothing at all when silent', () => {
    const logger = createLogger({ level: 'silent' });
    logger.child({}).error({}, 'x');
  });

  it('hide secrets wherever they stand', () => {
    const { lines, write } = capture();
    const logger = createLogger({ level: 'debug', write, fields: { token: 'hunter2hunter2' } });
    logger.child({ password: 'hunter2hunter2' }).error(
      {
        authorization: 'hunter2hunter2',
        headers: { Cookie: 'hunter2hunter2', 'x-api-key': 'hunter2hunter2' },
        object: {
          kind: 'Secret',
          metadata: { name: 's' },
          data: { a: 'hunter2hunter2' },
          stringData: { b: 'hunter2hunter2' },
        },
        list: [{ items: [{ kind: 'Secret', data: 'hunter2hunter2' }] }],
        url: 'https://user:hunter2hunter2@git.example.com/x.git',
        error: new EngineError('ClusterDenied', 'denied with Bearer hunter2hunter2', {
          data: { clientSecret: 'hunter2hunter2' },
        }),
        agent: new Agent({ connect: { cert: 'hunter2hunter2' } }),
      },
      'request failed: token=hunter2hunter2',
    );
    const text = JSON.stringify(lines);
    expect(text).not.toContain('hunter2');
    expect(lines[0]).toMatchObject({
      object: { kind: 'Secret', metadata: { name: 's' } },
      url: 'https://[redacted]@git.example.com/x.git',
      agent: '[Agent]',
      error: { code: 'ClusterDenied' },
    });
  });
});

describe('redaction', () => {
  it.each([
    'ghp_0123456789abcdefghijABCDEFGHIJ012345',
    'github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz',
    'glpat-abcdefghij0123456789',
    'xoxb-1234567890-abcdefghij',
    'AKIAIOSFODNN7EXAMPLE',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlMTIz',
    '-----BEGIN RSA PRIVATE KEY-----\nMIIEabc\n-----END RSA PRIVATE KEY-----',
    'AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ',
  ])('knows %s by its form', (secret) => {
    const text = redactText(`before ${secret} after`);
    expect(text).not.toContain(secret.slice(8, 30));
    expect(text).toContain('before');
    expect(text).toContain('after');
  });

  it('leaves facts alone', () => {
    const facts = {
      secretName: 'git-credentials',
      tokens: 12,
      hasSecret: true,
      path: 'apps/shop',
      image: 'nginx:1.27@sha256:abc',
      commit: 'a'.repeat(40),
      at: 'token bucket is empty',
    };
    expect({ ...redact(facts) }).toEqual(facts);
  });

  it('ends on cycles, depth and size, and does not trip over odd values', () => {
    const loop: Record<string, unknown> = { name: 'loop' };
    loop['self'] = loop;
    let deep: Record<string, unknown> = {};
    for (let index = 0; index < 10_000; index++) deep = { deep };
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, index]));
    const odd = {
      nan: Number.NaN,
      fn: () => 1,
      sym: Symbol('x'),
      date: new Date(Number.NaN),
      map: new Map([['password', 'hunter2']]),
      proto: JSON.parse('{"__proto__":{"polluted":1}}') as unknown,
    };
    const clean = redact({ loop, deep, odd, many });
    const text = JSON.stringify(clean);
    expect(text.length).toBeLessThan(100_000);
    expect(text).toContain('[circular]');
    expect(text).not.toContain('hunter2');
    expect(redactText('x'.repeat(100_000)).length).toBeLessThan(10_000);
  });

  it('is linear: a hostile text takes no time', () => {
    const beganMs = performance.now();
    for (const piece of ['a', '://', 'Bearer ', 'token=', 'eyJ', '-----BEGIN ', '=', '@', ' '])
      redactText(piece.repeat(200_000 / piece.length));
    expect(performance.now() - beganMs).toBeLessThan(1000);
  });
});
