import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildImage, sizeOf, type BuiltImage } from './dockerfile.ts';
import type { Replica } from './service-replica.ts';
import { configMap, startScene, syncedTo, type Scene } from './service-scene.ts';

/** No container engine is needed: the steps run in a clean folder, and what they make runs in a mount namespace of its own. */
const missing =
  process.env['TEST_IMAGE'] !== '1'
    ? 'it installs all packages anew, which takes a minute and the network: TEST_IMAGE=1 asks for it'
    : spawnSync('unshare', ['-m', 'sh', '-c', 'mount -o remount,bind,ro / && setpriv --reuid 65532 true']).status === 0
      ? undefined
      : 'this user may not make a mount namespace';
if (missing !== undefined) console.log(`skipped: the image of the controller (${missing})`);

describe.skipIf(missing !== undefined)('the image of the controller', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-image-'));
  let image: BuiltImage;
  let scene: Scene | undefined;
  beforeAll(() => {
    image = buildImage('deploy/Dockerfile', resolve('.'), folder);
  }, 300_000);
  afterAll(async () => {
    await scene?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('holds what the program needs, and no tools', () => {
    const modules = join(image.root, 'app/node_modules');
    expect(existsSync(join(image.root, 'app/dist/cli/main.js'))).toBe(true);
    for (const name of ['bullmq', 'fastify', 'undici']) expect(existsSync(join(modules, name)), name).toBe(true);
    for (const name of ['typescript', 'vitest', '@biomejs/biome'])
      expect(existsSync(join(modules, name)), name).toBe(false);
    expect(sizeOf(image.root)).toBeLessThan(200 * 1024 * 1024);
  });

  it('runs as nobody on a read-only root, with two folders to write to', async () => {
    expect(image.user).toBe('65532:65532');
    const [node, ...flags] = image.entrypoint;
    const main = flags.pop() ?? '';
    expect([node, main]).toEqual(['/nodejs/bin/node', '/app/dist/cli/main.js']);
    scene = await startScene({ server: 'embedded', redis: false });
    const data = join(scene.folder, 'one', 'data');
    mkdirSync(data, { recursive: true });
    for (const path of [folder, scene.folder]) chmodSync(path, 0o755);
    const confined = [
      `mount -t tmpfs -o mode=0777 none ${data}`,
      'mount -o remount,bind,ro /',
      `exec setpriv --reuid 65532 --regid 65532 --clear-groups --no-new-privs "$@"`,
    ].join(' && ');
    const replica: Replica = await scene.start(
      'one',
      ['--no-leader-election'],
      [
        'unshare',
        '-m',
        'sh',
        '-c',
        confined,
        'sh',
        process.execPath,
        ...flags,
        join(image.root, main),
        ...image.command,
      ],
    );
    await scene.place('confined');
    const commit = await scene.push('confined', { 'a/one.yaml': configMap('one', '1') }, [replica]);
    await scene.apply('confined', 'a', 'a');
    const place = scene;
    await place.until('it is synced', async () => place.application('confined', 'a'), syncedTo(commit));
    expect(replica.log()).not.toMatch(/EROFS|EACCES/);
  });
});
