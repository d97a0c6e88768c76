import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/core/errors.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { formatDuration, parseDuration } from '../../src/config/duration.ts';
import { resolveApplication } from '../../src/config/resolve-application.ts';

function document(spec: JsonObject): Json {
  return {
    apiVersion: 'evenkeel.dev/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop', namespace: 'team' },
    spec,
  };
}

const source = { git: { url: 'https://git.example.com/a.git' } };

function failure(spec: JsonObject): EngineError {
  try {
    resolveApplication(document(spec), 'default');
  } catch (thrown) {
    if (thrown instanceof EngineError) return thrown;
    throw thrown;
  }
  throw new Error('it was accepted');
}

describe('resolveApplication', () => {
  it('fills in defaults and turns durations into milliseconds', () => {
    const application = resolveApplication(document({ source, interval: '2m' }), 'default');

    expect(application).toMatchObject({
      name: { namespace: 'team', name: 'shop' },
      intervalMs: 120_000,
      source: { git: { ref: { kind: 'head' }, path: '' } },
      destination: { cluster: 'in-cluster', namespace: 'team' },
      sync: { mode: 'automatic', prune: true, maxDeletions: { kind: 'percent', percent: 30 } },
    });
  });

  it('asks for signed commits when keys are named, of the newest one unless it says otherwise', () => {
    const verify = (written: JsonObject): unknown =>
      resolveApplication(document({ source: { git: { ...source.git, verify: written } } }), 'default').source.git
        .verify;

    expect(verify({ secretName: 'signers' })).toEqual({ secret: 'signers', mode: 'head' });
    expect(verify({ secretName: 'signers', mode: 'range' })).toEqual({ secret: 'signers', mode: 'range' });
  });

  it('refuses progressive rollouts by name', () => {
    const error = failure({ source, rollouts: [{ target: { kind: 'Deployment', name: 'web' } }] });

    expect(error.code).toBe('NotSupported');
    expect(error.message).toContain('spec.rollouts');
  });

  it.each([
    [{ source, intervall: '1m' }, 'intervall'],
    [{ source, interval: '-1s' }, 'spec.interval'],
    [{ source, interval: 'PT5M' }, 'spec.interval'],
    [{ source, interval: '9999999999s' }, 'spec.interval'],
    [{ source: { git: { url: 'https://x/a.git', path: '../secrets' } } }, 'spec.source.git.path'],
    [{ source: { git: { url: 'https://x/a.git', ref: { branch: 'a', tag: 'b' } } } }, 'one of branch, tag'],
    [{ source, sync: { maxDeletions: '130%' } }, 'spec.sync.maxDeletions'],
    [{ source, sync: { mode: 'sometimes' } }, 'spec.sync.mode'],
    [{ source, render: { helm: {}, kustomize: {} } }, 'one of plain, kustomize and helm'],
    [{ source: { git: { url: 'https://x/a.git', verify: { mode: 'head' } } } }, 'spec.source.git.verify.secretName'],
    [{ source: { git: { url: 'https://x/a.git', verify: { secretName: 'a', mode: 'tag' } } } }, 'verify.mode'],
    [{}, 'spec.source'],
  ])('says what is wrong with %j', (spec, words) => {
    expect(failure(spec as JsonObject).message).toContain(words);
  });

  it('lists everything that is wrong at once', () => {
    const { message } = failure({ source, interval: 'x', sync: { mode: 'y' } });

    expect(message).toContain('spec.interval');
    expect(message).toContain('spec.sync.mode');
  });

  it('refuses credentials in the URL without repeating them', () => {
    const error = failure({ source: { git: { url: 'https://bob:hunter2@git.example.com/a.git' } } });

    expect(error.message).toContain('CredentialsInUrl');
    expect(JSON.stringify(error)).not.toContain('hunter2');
    expect(error.message).not.toContain('hunter2');
  });

  it.each([null, 5, 'x', [], { apiVersion: 'v1', kind: 'ConfigMap' }])('refuses %j with a typed error', (value) => {
    expect(() => resolveApplication(value as Json, 'default')).toThrow(EngineError);
  });
});

describe('durations', () => {
  it.each([
    ['30s', 30_000],
    ['1h30m', 5_400_000],
    ['450ms', 450],
    ['2d', 172_800_000],
    ['0s', 0],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '5', '1.5h', '-1s', 'h', '1e9h', '99999h'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it.each([
    [450, '450ms'],
    [65_000, '1m5s'],
    [3_600_000, '1h'],
    [90_061_000, '1d1h'],
  ])('%i ms reads %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
