import { createHash, randomBytes } from 'node:crypto';
import type { KubeObject } from '../../core/object-key.ts';
import type { Cluster } from '../../core/ports.ts';

const SECRET = { group: '', version: 'v1', kind: 'Secret' } as const;
export const REDIS_SECRET = 'evenkeel-redis';

/**
 * Makes the password of the bundled Redis when there is none yet. It is in no file of deploy/, and an existing one is left alone.
 *
 * @returns whether it was made
 * @throws EngineError Cluster*
 */
export async function ensureRedisSecret(cluster: Cluster, namespace: string): Promise<boolean> {
  const live = await cluster.get(SECRET, { namespace, name: REDIS_SECRET });
  if (live.state === 'unknown') throw live.error;
  if (live.state === 'present') return false;
  await cluster.create(redisSecret(namespace, randomBytes(32).toString('hex')));
  return true;
}

/** The controller gets a URL; Redis gets an access list with the password's hash, bound to our keys and without the commands that damage. */
export function redisSecret(namespace: string, password: string): KubeObject {
  const hash = createHash('sha256').update(password).digest('hex');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: REDIS_SECRET, namespace, labels: { 'app.kubernetes.io/part-of': 'evenkeel' } },
    type: 'Opaque',
    data: {
      url: base64(`redis://evenkeel:${password}@evenkeel-redis:6379`),
      'users.acl': base64(accessList(hash)),
    },
  };
}

/** Keys of ours begin with `{evenkeel`. INFO and the read-only CLIENT commands are what the queue asks for beside its keys. */
function accessList(passwordHash: string): string {
  return [
    'user default off',
    `user evenkeel on #${passwordHash} resetchannels &{evenkeel* ~{evenkeel* +@all -@admin -@dangerous +info +client|list`,
    '',
  ].join('\n');
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
