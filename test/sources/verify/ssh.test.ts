import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isEngineError } from '../../../src/core/errors.ts';
import { sshString } from '../../../src/sources/verify/ssh-wire.ts';
import { readTrustAnchor, type TrustAnchor } from '../../../src/sources/verify/trust-anchor.ts';
import { verifySignature } from '../../../src/sources/verify/verify-commit.ts';
import { git, makeFolder, makeRepository, type TestRepository } from '../../doubles/git-repository.ts';
import {
  commitContent,
  makeSshKey,
  signingWith,
  signWithSsh,
  type SshKeyPair,
  withSignature,
} from '../../doubles/signed-commits.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
/** 2023-11-14: the time of the doubles' commits. */
const COMMITTED = 1_700_000_000;

let keys: ReturnType<typeof makeFolder>;
let repository: TestRepository;
let ada: SshKeyPair;
let eve: SshKeyPair;
let unsigned: Buffer;
let signed: Buffer;
let signedId: string;

beforeAll(() => {
  keys = makeFolder();
  repository = makeRepository({ 'a.yaml': 'a: 1\n' });
  ada = makeSshKey(keys.path, 'ada');
  eve = makeSshKey(keys.path, 'eve');
  unsigned = commitContent(repository, git(repository.path, ['rev-parse', 'HEAD']));
  signed = signedBy(ada);
  signedId = git(repository.path, ['rev-parse', 'HEAD']);
});
afterAll(() => {
  keys.remove();
  repository.remove();
});

function signedBy(key: SshKeyPair): Buffer {
  git(repository.path, [...signingWith(key), '--quiet', '--allow-empty', '-m', 'signed\n\nwith a body']);
  return commitContent(repository, git(repository.path, ['rev-parse', 'HEAD']));
}

async function trusting(files: Readonly<Record<string, string>>): Promise<TrustAnchor> {
  return readTrustAnchor(
    'Secret team/keys',
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])),
  );
}

async function verdictOn(content: Buffer, files: Readonly<Record<string, string>>): Promise<string> {
  const verdict = await verifySignature(content, await trusting(files), NOW_MS);
  return verdict.kind === 'trusted' ? `trusted: ${verdict.by.signer} ${verdict.by.key}` : verdict.reason;
}

describe('a commit that Git signed with an SSH key', () => {
  it.each([
    ['ed25519', ['-t', 'ed25519']],
    ['ecdsa-256', ['-t', 'ecdsa', '-b', '256']],
    ['ecdsa-384', ['-t', 'ecdsa', '-b', '384']],
    ['ecdsa-521', ['-t', 'ecdsa', '-b', '521']],
    ['rsa', ['-t', 'rsa', '-b', '3072']],
  ])('is trusted by the public key, %s', async (name, args) => {
    const key = makeSshKey(keys.path, name, args);
    // Numbers with leading zeros come up once in a while: several signatures see some.
    for (let round = 0; round < 4; round++)
      expect(await verdictOn(signedBy(key), { 'team.pub': `${eve.line}\n${key.line}\n` })).toBe(
        `trusted: ${name}@example.com ${key.fingerprint}`,
      );
  });

  it('is trusted by a line of allowed signers', async () => {
    const [type, coded] = ada.line.split(' ');
    const line = `"ada@example.com,ada" namespaces="file,g*",valid-after="20230101",valid-before="202401010000Z" ${type} ${coded} her key`;
    expect(await verdictOn(signed, { allowed_signers: `# people\n\n${line}\n` })).toBe(
      `trusted: ada@example.com,ada ${ada.fingerprint}`,
    );
  });

  it('is trusted when one of several lines of its key holds', async () => {
    const lines = `old valid-before="20200101" ${ada.line}\nnew valid-after="20210101" ${ada.line}\n`;
    expect(await verdictOn(signed, { allowed_signers: lines })).toBe(`trusted: new ${ada.fingerprint}`);
  });
});

describe('a line of allowed signers', () => {
  it.each([
    '',
    'namespaces="git" ',
    'namespaces="file" ',
    'namespaces="file,g?t" ',
    'namespaces="*,!git" ',
    'NAMESPACES="g*t*" ',
    'valid-after="20231114" ',
    'valid-after="20231115" ',
    'valid-before="20231114" ',
    'valid-before="20231115" ',
    'valid-after="202311142213" ',
    'valid-after="202311142214" ',
    'valid-before="20231114221319" ',
    'valid-before="20231114221321" ',
    'valid-after="20200101",valid-before="20210101",namespaces="git" ',
  ])('means what it means to Git: %s', async (options) => {
    const text = `ada@example.com ${options}${ada.line}\n`;
    const file = join(keys.path, 'signers');
    writeFileSync(file, text);
    const args = ['-c', 'gpg.format=ssh', '-c', `gpg.ssh.allowedSignersFile=${file}`, 'verify-commit', signedId];
    let isGood = true;
    try {
      execFileSync('git', args, { cwd: repository.path, env: { PATH: process.env.PATH, TZ: 'UTC' }, stdio: 'pipe' });
    } catch {
      isGood = false;
    }
    expect((await verdictOn(signed, { allowed_signers: text })).startsWith('trusted')).toBe(isGood);
  });
});

describe('a commit is not trusted', () => {
  it('when it is not signed', async () => {
    expect(await verdictOn(unsigned, { 'ada.pub': ada.line })).toBe('it is not signed');
  });

  it('when nobody knows the key', async () => {
    expect(await verdictOn(signedBy(eve), { 'ada.pub': ada.line })).toBe(
      `ssh-ed25519 key ${eve.fingerprint} is not among the trusted keys`,
    );
  });

  it.each([
    ['valid-before="20231101"', 'the key expired on 2023-11-01, and the commit is of 2023-11-14'],
    ['valid-after="20231201Z"', 'the key is trusted from 2023-12-01 on, and the commit is of 2023-11-14'],
    ['namespaces="file"', 'the key is trusted for file and not for "git"'],
    ['namespaces="*,!git"', 'the key is trusted for *,!git and not for "git"'],
  ])('when its line says %s', async (option, reason) => {
    expect(await verdictOn(signed, { allowed_signers: `ada ${option} ${ada.line}` })).toBe(
      `ssh-ed25519 key ${ada.fingerprint}: ${reason}`,
    );
  });

  it('when it was signed for something else', async () => {
    const forFile = withSignature(unsigned, signWithSsh(ada, unsigned, 'file'));
    expect(await verdictOn(forFile, { 'ada.pub': ada.line })).toMatch(/it was signed for "file", not for "git"$/);
  });

  it.each([
    ['its message', (text: string) => text.replace('with a body', 'with abody')],
    ['its tree', (text: string) => text.replace(/^tree ../, 'tree 00')],
    ['its time', (text: string) => text.replaceAll(String(COMMITTED), String(COMMITTED + 1))],
    ['a header behind the signature', (text: string) => text.replace('\n\n', '\nencoding x\n\n')],
  ])('when somebody changed %s', async (_what, change) => {
    const changed = Buffer.from(change(signed.toString('latin1')), 'latin1');
    expect(changed.equals(signed)).toBe(false);
    expect(await verdictOn(changed, { 'ada.pub': ada.line })).toMatch(/: its signature does not match its content$/);
  });

  it('when two signatures are in it, or one that is not ours to read', async () => {
    const signature = signWithSsh(ada, unsigned, 'git');
    const once = withSignature(unsigned, signature);
    const files = { 'ada.pub': ada.line };
    expect(await verdictOn(once, files)).toMatch(/^trusted/);
    expect(await verdictOn(withSignature(once, signature), files)).toBe('it carries more than one signature');
    expect(await verdictOn(withSignature(once, signature, 'gpgsig-sha256'), files)).toBe(
      'it carries more than one signature',
    );
    expect(await verdictOn(withSignature(unsigned, signature, 'gpgsig-sha256'), files)).toMatch(/^it is not signed/);
    const x509 = '-----BEGIN SIGNED MESSAGE-----\nAAAA\n-----END SIGNED MESSAGE-----';
    expect(await verdictOn(withSignature(unsigned, x509), files)).toBe(
      'its signature is neither of SSH nor of OpenPGP',
    );
  });

  it('when its signature is damaged, and says so without falling over', async () => {
    const signature = signWithSsh(ada, unsigned, 'git');
    const lines = signature.trimEnd().split('\n');
    const bytes = Buffer.from(lines.slice(1, -1).join(''), 'base64');
    for (let at = 0; at < bytes.byteLength; at++) {
      const cut = armored(bytes.subarray(0, at));
      expect(await verdictOn(withSignature(unsigned, cut), { 'ada.pub': ada.line })).not.toMatch(/^trusted/);
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 0x01;
      expect(await verdictOn(withSignature(unsigned, armored(flipped)), { 'ada.pub': ada.line })).not.toMatch(
        /^trusted/,
      );
    }
  });

  it('when the words of a signature stand in its message only', async () => {
    const text = `${unsigned.toString('latin1')}\ngpgsig ${signWithSsh(ada, unsigned, 'git')}`;
    expect(await verdictOn(Buffer.from(text, 'latin1'), { 'ada.pub': ada.line })).toBe('it is not signed');
  });
});

describe('algorithms', () => {
  it('SHA-1 with RSA is not trusted', async () => {
    const key = makeSshKey(keys.path, 'old-rsa', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']);
    const blob = Buffer.from(key.line.split(' ')[1] ?? '', 'base64');
    const secret = createPrivateKey(readFileSync(key.path));
    const made = (algorithm: string, hash: string): Buffer =>
      withSignature(
        unsigned,
        sshsig(blob, (message) => [algorithm, sign(hash, message, secret)]),
      );
    expect(await verdictOn(made('rsa-sha2-256', 'sha256'), { 'k.pub': key.line })).toMatch(/^trusted/);
    expect(await verdictOn(made('ssh-rsa', 'sha1'), { 'k.pub': key.line })).toMatch(/uses SHA-1 \(ssh-rsa\)/);
    expect(await verdictOn(made('rsa-sha2-512', 'sha256'), { 'k.pub': key.line })).toMatch(/does not match/);
  });

  it('keys in hardware are trusted when somebody touched them', async () => {
    const ed = securityKey('sk-ssh-ed25519@openssh.com', generateKeyPairSync('ed25519'));
    const ec = securityKey('sk-ecdsa-sha2-nistp256@openssh.com', generateKeyPairSync('ec', { namedCurve: 'P-256' }));
    for (const key of [ed, ec]) {
      expect(await verdictOn(withSignature(unsigned, key.sign(0x05)), { 'sk.pub': key.line })).toMatch(
        /^trusted: token/,
      );
      expect(await verdictOn(withSignature(unsigned, key.sign(0x04)), { 'sk.pub': key.line })).toMatch(
        /was not touched/,
      );
      expect(await verdictOn(withSignature(unsigned, key.sign(0x05, 0x01)), { 'sk.pub': key.line })).toMatch(
        /does not match/,
      );
    }
  });
});

describe('the Secret with trusted keys is refused', () => {
  it.each([
    ['an empty one', {}, /it is empty/],
    ['an empty file', { 'ada.pub': '# nobody\n' }, /key "ada.pub" names nobody/],
    ['a name that means nothing', { 'ada.key': 'x' }, /key "ada.key" is neither/],
    ['something that is no key', { 'ada.pub': 'hello' }, /line 1: it is no public key of OpenSSH/],
    ['a private key', { 'ada.pub': '-----BEGIN OPENSSH PRIVATE KEY-----\n' }, /it is no public key of OpenSSH/],
    ['a certificate', { 'ada.pub': 'ssh-ed25519-cert-v01@openssh.com AAAA' }, /certificates are not read/],
    [
      'DSA',
      { 'ada.pub': `ssh-dss ${sshString('ssh-dss').toString('base64')}` },
      /keys of type "ssh-dss" are not accepted/,
    ],
    [
      'a certificate authority',
      { allowed_signers: '* cert-authority ssh-ed25519 AAAA' },
      /cert-authority is not supported/,
    ],
    ['an option nobody knows', { allowed_signers: '* no-such ssh-ed25519 AAAA' }, /option no-such is not known/],
    [
      'a time that is none',
      { allowed_signers: 'a valid-before="20230231" ssh-ed25519 AAAA' },
      /no day of the calendar/,
    ],
    ['a quote without end', { allowed_signers: 'a namespaces="git ssh-ed25519 AAAA' }, /a quote is not closed/],
    ['half a key', { 'ada.pub': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==' }, /it is cut off/],
    ['OpenPGP that is none', { 'ada.asc': 'hello' }, /ada.asc cannot be read/],
  ])('for %s', async (_what, files, message) => {
    await expect(trusting(files)).rejects.toMatchObject({
      code: 'SourceUnverified',
      message: expect.stringMatching(message),
    });
  });

  it('with a typed error, or is read, whatever bytes it holds', async () => {
    const blob = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes));
    const coded = fc
      .tuple(fc.constantFrom('ssh-ed25519', 'ssh-rsa', 'ecdsa-sha2-nistp256', 'sk-ssh-ed25519@openssh.com'), blob)
      .map(([type, rest]) => `${type} ${Buffer.concat([sshString(type), rest]).toString('base64')}`);
    const word = fc.oneof(coded, fc.string(), fc.constantFrom('valid-after=', 'namespaces="', '"', ',', 'x', '\n'));
    const data = fc.oneof(
      blob,
      fc.array(word, { maxLength: 6 }).map((words) => Buffer.from(words.join(' '))),
    );
    const name = fc.constantFrom('allowed_signers', 'a.pub', 'a.gpg', 'a.asc', '__proto__');
    await fc.assert(
      fc.asyncProperty(name, data, async (file, bytes) => {
        const failure: unknown = await readTrustAnchor('Secret team/keys', Object.fromEntries([[file, bytes]])).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        expect(failure === undefined || isEngineError(failure, 'SourceUnverified')).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('for an RSA key that is too small', async () => {
    const key = makeSshKey(keys.path, 'small', ['-t', 'rsa', '-b', '1024']);
    await expect(trusting({ 'ada.pub': key.line })).rejects.toThrow(/1024 bits, fewer than 2048/);
  });
});

function armored(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN SSH SIGNATURE-----', ...lines, '-----END SSH SIGNATURE-----'].join('\n');
}

/** Makes a signature as OpenSSH's PROTOCOL.sshsig says. */
function sshsig(blob: Buffer, make: (message: Buffer) => readonly [string, Buffer, Buffer?]): string {
  const digest = createHash('sha512').update(unsigned).digest();
  const parts = [sshString('git'), sshString(''), sshString('sha512')];
  const [algorithm, bytes, tail = Buffer.alloc(0)] = make(
    Buffer.concat([Buffer.from('SSHSIG'), ...parts, sshString(digest)]),
  );
  const signature = Buffer.concat([sshString(algorithm), sshString(bytes), tail]);
  return armored(
    Buffer.concat([Buffer.from('SSHSIG\0\0\0\x01', 'latin1'), sshString(blob), ...parts, sshString(signature)]),
  );
}

/** A key as FIDO hardware holds it. `shown`: the flags that the signature claims, when they are not those that were signed. */
function securityKey(
  type: string,
  pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject },
): { readonly line: string; sign(flags: number, shown?: number): string } {
  const jwk = pair.publicKey.export({ format: 'jwk' });
  const isEd = type.includes('ed25519');
  const bytes = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64url');
  const point = Buffer.concat([Buffer.from([4]), bytes(jwk.x), bytes(jwk.y)]);
  const key = isEd ? sshString(bytes(jwk.x)) : Buffer.concat([sshString('nistp256'), sshString(point)]);
  const blob = Buffer.concat([sshString(type), key, sshString('ssh:')]);
  const sha256 = (data: Buffer | string): Buffer => createHash('sha256').update(data).digest();
  const counter = Buffer.from([0, 0, 0, 9]);
  return {
    line: `${type} ${blob.toString('base64')} token`,
    sign: (flags, shown = flags) =>
      sshsig(blob, (message) => {
        const covered = Buffer.concat([sha256('ssh:'), Buffer.from([flags]), counter, sha256(message)]);
        const tail = Buffer.concat([Buffer.from([shown]), counter]);
        if (isEd) return [type, sign(null, covered, pair.privateKey), tail];
        const fixed = sign('sha256', covered, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' });
        const numbers = [fixed.subarray(0, 32), fixed.subarray(32)].map((number) =>
          sshString(Buffer.concat([Buffer.from([0]), number])),
        );
        return [type, Buffer.concat(numbers), tail];
      }),
  };
}
