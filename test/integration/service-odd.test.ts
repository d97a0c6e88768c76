import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.ts';
import type { KubeObject } from '../../src/core/object-key.ts';
import type { Replica } from './service-replica.ts';
import { condition, configMap, startScene, syncedTo, type Scene } from './service-scene.ts';

/** What no API server with our schema would take, and what it does take. */
const ODD: readonly (readonly [string, (url: string) => Json, string, RegExp])[] = [
  ['no-spec', () => null, 'False InvalidSpec', /spec/],
  ['text-spec', () => 'all of it', 'False InvalidSpec', /spec/],
  ['list-spec', () => [1, 2], 'False InvalidSpec', /spec/],
  ['negative-interval', (url) => ({ source: { git: { url } }, interval: '-5m' }), 'False InvalidSpec', /interval/],
  [
    'endless-interval',
    (url) => ({ source: { git: { url } }, interval: '9'.repeat(400) }),
    'False InvalidSpec',
    /interval/,
  ],
  ['numeric-url', () => ({ source: { git: { url: 7 } } }), 'False InvalidSpec', /url/],
  [
    'password-url',
    () => ({ source: { git: { url: 'https://me:hunter2@git.example.com/x.git' } } }),
    'False InvalidSpec',
    /url/,
  ],
  ['own-folder', () => ({ source: { git: { url: '/etc' } } }), 'False SourceRefused', /not allowed/],
  ['file-url', () => ({ source: { git: { url: 'file:///etc' } } }), 'False SourceRefused', /not allowed/],
  ['option-url', () => ({ source: { git: { url: '--upload-pack=touch /tmp/x' } } }), 'False SourceRefused', /url|URL/],
  ['climbing-path', (url) => ({ source: { git: { url, path: '../../etc' } } }), 'False InvalidSpec', /path/],
  ['unknown-field', (url) => ({ source: { git: { url } }, syncPolicy: {} }), 'False InvalidSpec', /syncPolicy/],
  [
    'unknown-cluster',
    (url) => ({ source: { git: { url, path: 'a' } }, destination: { cluster: 'moon' } }),
    'False NotSupported',
    /moon/,
  ],
  [
    'no-such-secret',
    (url) => ({ source: { git: { url, path: 'a', credentials: { secretName: 'nowhere' } } } }),
    'False SourceDenied',
    /nowhere/,
  ],
  [
    'itself',
    (url) => ({ source: { git: { url, path: 'a' } }, dependsOn: [{ name: 'itself' }] }),
    'False ConfigInvalid',
    /itself → odd\/itself/,
  ],
  [
    'prototype',
    (url) => JSON.parse(`{"source":{"git":{"url":${JSON.stringify(url)}}},"__proto__":{"suspend":true}}`) as Json,
    'False InvalidSpec',
    /__proto__/,
  ],
];

describe('odd Applications', () => {
  let scene: Scene;
  let replica: Replica;
  beforeAll(async () => {
    scene = await startScene({ server: 'embedded', redis: false, unchecked: true });
    replica = await scene.start('one', ['--no-leader-election']);
    await scene.place('odd');
    await scene.push('odd', { 'a/one.yaml': configMap('one', '1') });
  });
  afterAll(async () => scene?.stop());

  async function create(name: string, spec: Json): Promise<void> {
    await scene.cluster.create({
      apiVersion: 'evenkeel.dev/v1alpha1',
      kind: 'Application',
      metadata: { namespace: 'odd', name },
      ...(spec === null ? {} : { spec }),
    } as KubeObject);
  }

  it.each(ODD)('says of %s what is wrong with it', async (name, spec, word, message) => {
    await create(name, spec(scene.git.urlOf('odd')));
    const application = await scene.until(
      'it has a condition',
      async () => scene.application('odd', name),
      (found) => condition(found, 'Ready').word !== '? ?' && condition(found, 'Ready').word !== 'Unknown Pending',
    );
    expect({ word: condition(application, 'Ready').word, message: condition(application, 'Ready').message }).toEqual({
      word,
      message: expect.stringMatching(message) as string,
    });
    expect(JSON.stringify(application['status'])).not.toContain('hunter2');
  });

  it('bears a huge specification', async () => {
    const values = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`key-${index}`, 'x'.repeat(50)]));
    await create('huge', {
      source: { git: { url: scene.git.urlOf('odd'), path: 'a' } },
      render: { helm: { values } },
    } as JsonObject);
    await scene.until(
      'it has a condition',
      async () => condition(await scene.application('odd', 'huge'), 'Ready').word,
      (word) => word !== '? ?' && word !== 'Unknown Pending',
    );
  });

  it('keeps the others in sync all the while', async () => {
    await scene.apply('odd', 'good', 'a');
    const commit = await scene.push('odd', { 'a/one.yaml': configMap('one', '2') }, [replica]);
    await scene.until('the good one is synced', async () => scene.application('odd', 'good'), syncedTo(commit));
    expect(await scene.valueOf('odd', 'one')).toBe('2');
    expect(replica.running).toBe(true);
  });
});
