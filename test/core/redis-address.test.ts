import { describe, expect, it } from 'vitest';

import { describeRedis, parseRedisUrl } from '../../src/core/redis-address.ts';

describe('REDIS_URL', () => {
  it.each([
    ['redis://localhost', { host: 'localhost', port: 6379 }],
    ['redis://:p%40ss@[::1]:7000/3', { host: '::1', port: 7000, password: 'p@ss', db: 3 }],
    [
      'rediss://user:pw@redis.example.com:6380',
      {
        host: 'redis.example.com',
        port: 6380,
        username: 'user',
        password: 'pw',
        tls: { servername: 'redis.example.com' },
      },
    ],
    ['unix:///run/redis.sock?db=2', { path: '/run/redis.sock', db: 2 }],
    [
      'redis+sentinel://user:pw@a,b:7000/mymaster/1?sentinelPassword=sp',
      {
        sentinels: [
          { host: 'a', port: 26379 },
          { host: 'b', port: 7000 },
        ],
        name: 'mymaster',
        username: 'user',
        password: 'pw',
        db: 1,
        sentinelPassword: 'sp',
      },
    ],
  ])('%s', (url, expected) => {
    expect(parseRedisUrl(url)).toEqual(expected);
    expect(describeRedis(parseRedisUrl(url))).not.toMatch(/pw|p@ss|sp$/);
  });

  it.each([
    '',
    'localhost:6379',
    'http://x',
    'redis://',
    'redis://h/x',
    'redis://user:hunter2@h:99999',
    'redis+sentinel://a,b',
    'redis+sentinel:///m',
    'unix://',
    'redis://a%zz@h',
  ])('refuses %s without showing it', (url) => {
    expect(() => parseRedisUrl(url)).toThrow('RedisUrlInvalid');
    expect(() => parseRedisUrl(url)).not.toThrow('hunter2');
  });
});
