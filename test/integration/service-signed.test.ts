import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringAt } from '../../src/core/json.ts';
import { makeFolder } from '../doubles/git-repository.ts';
import { makeSshKey, type SshKeyPair } from '../doubles/signed-commits.ts';
import type { Replica } from './service-replica.ts';
import { CONFIG_MAP, condition, configMap, startScene, syncedTo, type Scene } from './service-scene.ts';

const keys = makeFolder();

describe('an application whose commits have to be signed', () => {
  let scene: Scene;
  let replica: Replica;
  let ada: SshKeyPair;
  beforeAll(async () => {
    ada = makeSshKey(keys.path, 'ada');
    scene = await startScene({ server: 'embedded', redis: false });
    replica = await scene.start('one', ['--no-leader-election']);
  });
  afterAll(async () => {
    await scene?.stop();
    keys.remove();
  });

  async function push(name: string, value: string, sign?: SshKeyPair): Promise<string> {
    return scene.push(name, { 'a/one.yaml': configMap('one', value) }, [replica], sign === undefined ? {} : { sign });
  }

  async function apply(name: string, mode: 'head' | 'range', interval = '1h'): Promise<void> {
    const git = { url: scene.git.urlOf(name), path: 'a', verify: { secretName: 'signers', mode } };
    await scene.apply(name, 'a', 'a', { source: { git }, interval });
  }

  async function trust(name: string, files: Readonly<Record<string, string>>): Promise<void> {
    const metadata = { namespace: name, name: 'signers' };
    await scene.cluster.apply(
      { apiVersion: 'v1', kind: 'Secret', metadata, stringData: files },
      { fieldManager: 'admin', force: true },
    );
  }

  async function distrusted(name: string): Promise<string> {
    const application = await scene.until(
      'the commit is not trusted',
      async () => scene.application(name, 'a'),
      (found) => condition(found, 'SourceReady').word === 'False SourceUnverified',
    );
    return condition(application, 'SourceReady').message;
  }

  it('keeps the last signed commit, drift mended, until the next signed one', async () => {
    await scene.place('signed');
    await trust('signed', { 'ada.pub': ada.line });
    const first = await push('signed', 'one', ada);
    await apply('signed', 'head');
    const synced = await scene.until('it is synced', async () => scene.application('signed', 'a'), syncedTo(first));
    expect(condition(synced, 'Synced').message).toBe(
      `commit ${first.slice(0, 12)}, signed by ada@example.com (${ada.fingerprint}) is applied`,
    );

    const bad = await push('signed', 'evil');
    expect(await distrusted('signed')).toMatch(
      new RegExp(`^commit ${bad.slice(0, 12)} is not trusted \\(SourceUnverified\\): it is not signed; sign`),
    );
    expect(replica.log()).toContain('commit not trusted');
    await scene.cluster.delete(CONFIG_MAP, { namespace: 'signed', name: 'one' });
    await scene.until(
      'drift is mended',
      async () => scene.valueOf('signed', 'one'),
      (value) => value === 'one',
    );
    const kept = await scene.application('signed', 'a');
    expect(stringAt(kept, 'status', 'commit')).toBe(first);
    expect(condition(kept, 'Ready').message).toContain('is not trusted');

    const next = await push('signed', 'two', ada);
    const again = await scene.until('it goes on', async () => scene.application('signed', 'a'), syncedTo(next));
    expect(await scene.valueOf('signed', 'one')).toBe('two');
    expect(condition(again, 'SourceReady').word).toBe('True Fetched');
  });

  it('range: does not apply a signed commit on one that is not', async () => {
    await scene.place('ranged');
    await trust('ranged', { allowed_signers: `ada@example.com ${ada.line}` });
    const first = await push('ranged', 'one', ada);
    await apply('ranged', 'range');
    await scene.until('it is synced', async () => scene.application('ranged', 'a'), syncedTo(first));
    const bad = await push('ranged', 'evil');
    await distrusted('ranged');
    await push('ranged', 'two', ada);
    await scene.until(
      'the one before is named',
      async () => condition(await scene.application('ranged', 'a'), 'SourceReady').message,
      (message) => message.includes(`commit ${bad.slice(0, 12)} before it: it is not signed`),
    );
    expect(await scene.valueOf('ranged', 'one')).toBe('one');
  });

  it('applies nothing without keys, and goes on when they are there', async () => {
    await scene.place('keyless');
    const first = await push('keyless', 'one', ada);
    await apply('keyless', 'head', '5s');
    expect(await distrusted('keyless')).toContain('Secret keyless/signers with trusted keys was not found');
    expect(await scene.valueOf('keyless', 'one')).toBeUndefined();
    await trust('keyless', { 'ada.pub': ada.line });
    await scene.until('it is synced', async () => scene.application('keyless', 'a'), syncedTo(first), 40_000);
  });
});
