import * as openpgp from 'openpgp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTrustAnchor } from '../../../src/sources/verify/trust-anchor.ts';
import { verifySignature } from '../../../src/sources/verify/verify-commit.ts';
import { git, makeRepository, type TestRepository } from '../../doubles/git-repository.ts';
import { commitContent, withSignature } from '../../doubles/signed-commits.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 0, 1);
const SIGNED = new Date(NOW_MS - 30 * DAY_MS);

/** The library cannot salt SHA-1. */
const DETERMINISTIC = { nonDeterministicSignaturesViaNotation: false };

let repository: TestRepository;
let unsigned: Buffer;
let ada: openpgp.PrivateKey;

beforeAll(async () => {
  repository = makeRepository({ 'a.yaml': 'a: 1\n' });
  unsigned = commitContent(repository, git(repository.path, ['rev-parse', 'HEAD']));
  ada = await makeKey();
});
afterAll(() => repository.remove());

async function makeKey(options: Partial<Parameters<typeof openpgp.generateKey>[0]> = {}): Promise<openpgp.PrivateKey> {
  const made = await openpgp.generateKey({
    userIDs: [{ name: 'Ada', email: 'ada@example.com' }],
    date: new Date(NOW_MS - 100 * DAY_MS),
    ...options,
    format: 'object',
  });
  return made.privateKey;
}

async function sign(
  key: openpgp.PrivateKey,
  options: { readonly date?: Date; readonly content?: Buffer; readonly config?: openpgp.PartialConfig } = {},
): Promise<string> {
  return openpgp.sign({
    message: await openpgp.createMessage({ binary: new Uint8Array(options.content ?? unsigned) }),
    signingKeys: key,
    detached: true,
    date: options.date ?? SIGNED,
    ...(options.config === undefined ? {} : { config: options.config }),
  });
}

async function verdictOn(signature: string, keys: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const files = Object.entries(keys).map(([name, data]): [string, Buffer] => [name, Buffer.from(data)]);
  const anchor = await readTrustAnchor('Secret team/keys', Object.fromEntries(files));
  const verdict = await verifySignature(withSignature(unsigned, signature), anchor, NOW_MS);
  return verdict.kind === 'trusted' ? `trusted: ${verdict.by.signer} ${verdict.by.key}` : verdict.reason;
}

describe('a commit with an OpenPGP signature', () => {
  it('is trusted by an armoured key, a binary one, and one among several', async () => {
    const other = await makeKey();
    const expected = `trusted: Ada <ada@example.com> ${ada.getFingerprint().toUpperCase()}`;
    const signature = await sign(ada);
    expect(await verdictOn(signature, { 'ada.asc': ada.toPublic().armor() })).toBe(expected);
    expect(await verdictOn(signature, { 'ada.gpg': ada.toPublic().write() })).toBe(expected);
    expect(await verdictOn(signature, { 'team.asc': `${other.toPublic().armor()}\n${ada.toPublic().armor()}` })).toBe(
      expected,
    );
  });

  it('is trusted when a subkey signed, which is named', async () => {
    const key = await makeKey({ subkeys: [{ sign: true }] });
    expect(await verdictOn(await sign(key), { 'ada.asc': key.toPublic().armor() })).toBe(
      `trusted: Ada <ada@example.com> ${key.subkeys[0]?.getFingerprint().toUpperCase()}`,
    );
  });

  it('is not trusted when nobody knows the key', async () => {
    const eve = await makeKey();
    expect(await verdictOn(await sign(eve), { 'ada.asc': ada.toPublic().armor() })).toBe(
      `OpenPGP key ${eve.getKeyID().toHex().toUpperCase()} is not among the trusted keys`,
    );
    expect(await verdictOn(await sign(ada), { 'ada.pub': `ssh-ed25519 ${ed25519Key()} x` })).toBe(
      'it has an OpenPGP signature, and no OpenPGP key is trusted',
    );
  });

  it('is not trusted when it is of another content', async () => {
    const signature = await sign(ada, { content: Buffer.from('another') });
    expect(await verdictOn(signature, { 'ada.asc': ada.toPublic().armor() })).toMatch(
      new RegExp(`^OpenPGP key ${ada.getFingerprint().toUpperCase()}: .*digest did not match`),
    );
  });

  it('is not trusted when its key is expired now, though it was not when it signed', async () => {
    const key = await makeKey({ keyExpirationTime: (80 * DAY_MS) / 1000 });
    expect(await verdictOn(await sign(key), { 'ada.asc': key.toPublic().armor() })).toMatch(/expired/);
  });

  it('is not trusted when its key is revoked', async () => {
    const { publicKey } = await openpgp.revokeKey({
      key: ada,
      reasonForRevocation: { flag: openpgp.enums.reasonForRevocation.keyCompromised, string: 'stolen' },
      date: new Date(NOW_MS - DAY_MS),
      format: 'object',
    });
    expect(await verdictOn(await sign(ada), { 'ada.asc': publicKey.armor() })).toMatch(/revoked/);
  });

  it('is not trusted when it was made in the future', async () => {
    const signature = await sign(ada, { date: new Date(NOW_MS + DAY_MS) });
    expect(await verdictOn(signature, { 'ada.asc': ada.toPublic().armor() })).toMatch(/future|creation time/i);
  });

  it('is not trusted when its content is hashed with SHA-1', async () => {
    const sha1 = openpgp.enums.hash.sha1;
    const key = await makeKey({
      type: 'rsa',
      rsaBits: 2048,
      config: { preferredHashAlgorithm: sha1, ...DETERMINISTIC },
    });
    const signature = await sign(key, { config: { preferredHashAlgorithm: sha1, ...DETERMINISTIC } });
    const read = await openpgp.readSignature({ armoredSignature: signature });
    expect(read.packets[0]?.hashAlgorithm).toBe(sha1);
    expect(await verdictOn(signature, { 'ada.asc': key.toPublic().armor() })).toMatch(/Insecure.*SHA1/i);
  });

  it('is not trusted when it covers something else than the bytes of the commit', async () => {
    const keys = { 'ada.asc': ada.toPublic().armor() };
    const text = await openpgp.sign({
      message: await openpgp.createMessage({ text: unsigned.toString('utf8') }),
      signingKeys: ada,
      detached: true,
      date: SIGNED,
    });
    expect(await verdictOn(text, keys)).toBe('its OpenPGP signature is not one over a file');
    // A standalone signature covers nothing but itself: whoever has one could put it into any commit.
    const standalone = await openpgp.readSignature({ armoredSignature: await sign(ada, { config: DETERMINISTIC }) });
    const [packet] = standalone.packets;
    if (packet === undefined) throw new Error('no signature');
    packet.signatureType = openpgp.enums.signature.standalone;
    // The declaration leaves the last argument out.
    const resign = packet.sign.bind(packet) as (...args: readonly unknown[]) => Promise<void>;
    await resign(ada.keyPacket, new Uint8Array(0), SIGNED, true, { ...openpgp.config, ...DETERMINISTIC });
    expect(await verdictOn(standalone.armor(), keys)).toBe('its OpenPGP signature is not one over a file');
  });

  it('is not trusted when it holds two signatures, or is damaged', async () => {
    const both = await openpgp.sign({
      message: await openpgp.createMessage({ binary: new Uint8Array(unsigned) }),
      signingKeys: [ada, await makeKey()],
      detached: true,
      date: SIGNED,
    });
    const keys = { 'ada.asc': ada.toPublic().armor() };
    expect(await verdictOn(both, keys)).toBe('it does not carry exactly one OpenPGP signature');
    const cut = (await sign(ada)).replace(/\n\n.{20}/, '\n\n');
    expect(await verdictOn(cut, keys)).not.toMatch(/^trusted/);
  });
});

describe('a Secret with OpenPGP keys is refused', () => {
  it('when a private key is in it', async () => {
    await expect(verdictOn(await sign(ada), { 'ada.asc': ada.armor() })).rejects.toThrow(/cannot be read/);
    await expect(verdictOn(await sign(ada), { 'ada.gpg': ada.write() })).rejects.toThrow(/a private key is in it/);
  });
});

function ed25519Key(): string {
  const type = Buffer.from('\0\0\0\x0bssh-ed25519\0\0\0\x20', 'latin1');
  return Buffer.concat([type, Buffer.alloc(32, 9)]).toString('base64');
}
