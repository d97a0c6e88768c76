import { createHmac, scryptSync } from 'node:crypto';
import { bufferOf } from '../gotemplate/byte-string.ts';
import type { CallContext } from '../gotemplate/function.ts';
import { bcryptHash } from './bcrypt.ts';
import { fn, type FunctionGroup, str, uint32 } from './define.ts';
import type { EntropySource } from './entropy.ts';
import { purposeOf } from './random.ts';

/** bcrypt, htpasswd and derivePassword. */

const BCRYPT_COST = 10;
const LONGEST_BCRYPT = 72;
/** What a hash or a key costs of the step budget: about as long as that many steps take. */
const HASH_STEPS = 20_000;

const SEED = 'com.lyndir.masterpassword';

const TEMPLATES: ReadonlyMap<string, readonly string[]> = new Map([
  ['maximum', ['anoxxxxxxxxxxxxxxxxx', 'axxxxxxxxxxxxxxxxxno']],
  [
    'long',
    [
      'CvcvnoCvcvCvcv',
      'CvcvCvcvnoCvcv',
      'CvcvCvcvCvcvno',
      'CvccnoCvcvCvcv',
      'CvccCvcvnoCvcv',
      'CvccCvcvCvcvno',
      'CvcvnoCvccCvcv',
      'CvcvCvccnoCvcv',
      'CvcvCvccCvcvno',
      'CvcvnoCvcvCvcc',
      'CvcvCvcvnoCvcc',
      'CvcvCvcvCvccno',
      'CvccnoCvccCvcv',
      'CvccCvccnoCvcv',
      'CvccCvccCvcvno',
      'CvcvnoCvccCvcc',
      'CvcvCvccnoCvcc',
      'CvcvCvccCvccno',
      'CvccnoCvcvCvcc',
      'CvccCvcvnoCvcc',
      'CvccCvcvCvccno',
    ],
  ],
  ['medium', ['CvcnoCvc', 'CvcCvcno']],
  ['short', ['Cvcn']],
  ['basic', ['aaanaaan', 'aannaaan', 'aaannaaa']],
  ['pin', ['nnnn']],
]);

const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ['V', 'AEIOU'],
  ['C', 'BCDFGHJKLMNPQRSTVWXYZ'],
  ['v', 'aeiou'],
  ['c', 'bcdfghjklmnpqrstvwxyz'],
  ['A', 'AEIOUBCDFGHJKLMNPQRSTVWXYZ'],
  ['a', 'AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz'],
  ['n', '0123456789'],
  ['o', "@&%?,=[]_:-+*$#!'^~;()/."],
  ['x', 'AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()'],
]);

function lengthAnd(text: string): Buffer {
  const bytes = bufferOf(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** The Master Password algorithm: the same arguments give the same password. */
function derivePassword(
  counter: number,
  kind: string,
  password: string,
  user: string,
  site: string,
  context: CallContext,
): string {
  const templates = TEMPLATES.get(kind);
  if (templates === undefined) return `cannot find password template ${kind}`;
  context.budget.step(HASH_STEPS);
  const salt = Buffer.concat([Buffer.from(SEED), lengthAnd(user)]);
  const key = scryptSync(bufferOf(password), salt, 64, { N: 32_768, r: 8, p: 2, maxmem: 128 * 1024 * 1024 });
  const count = Buffer.alloc(4);
  count.writeUInt32BE(counter);
  const seed = createHmac('sha256', key)
    .update(Buffer.concat([Buffer.from(SEED), lengthAnd(site), count]))
    .digest();
  const template = templates[(seed[0] ?? 0) % templates.length] ?? '';
  return Array.from(template)
    .map((kindOfCharacter, i) => {
      const characters = CHARACTERS.get(kindOfCharacter) ?? '';
      return characters.charAt((seed[i + 1] ?? 0) % characters.length);
    })
    .join('');
}

export function passwordFunctions(entropy: EntropySource): FunctionGroup {
  const bcrypt = (password: string, purpose: string, context: CallContext): string => {
    if (password.length > LONGEST_BCRYPT)
      return `failed to encrypt string with bcrypt: bcrypt: password length exceeds ${LONGEST_BCRYPT} bytes`;
    context.budget.step(HASH_STEPS);
    context.budget.checkTime();
    return bcryptHash(bufferOf(password), entropy.randomBytes(purpose, 16), BCRYPT_COST);
  };
  return {
    bcrypt: fn([str], (password, context) => bcrypt(password, purposeOf('bcrypt', context, password), context)),
    htpasswd: fn([str, str], (user, password, context) =>
      user.includes(':')
        ? `invalid username: ${user}`
        : `${user}:${bcrypt(password, purposeOf('htpasswd', context, user, password), context)}`,
    ),
    derivePassword: fn([uint32, str, str, str, str], derivePassword),
  };
}
