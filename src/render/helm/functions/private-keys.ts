import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { GoError } from '../gotemplate/errors.ts';
import type { Budget } from '../gotemplate/budget.ts';
import { integer, sequence } from './der.ts';

/** Keys in the PEM forms that sprig writes and reads. */

/** What making a key costs of the step budget: about as long as that many steps take. */
const KEY_STEPS = { rsa: 400_000, dsa: 400_000, ecdsa: 2_000, ed25519: 1_000 } as const;

export type KeyKind = keyof typeof KEY_STEPS;

export function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** A new key as PEM. */
export function makePrivateKey(kind: KeyKind, rsaBits: number, budget: Budget): string {
  budget.step(KEY_STEPS[kind]);
  budget.checkTime();
  switch (kind) {
    case 'rsa':
      return writeKey(generateKeyPairSync('rsa', { modulusLength: rsaBits }).privateKey);
    case 'ecdsa':
      return writeKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
    case 'ed25519':
      return writeKey(generateKeyPairSync('ed25519').privateKey);
    case 'dsa':
      return writeKey(generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).privateKey);
  }
}

/** PKCS#1 for RSA, SEC 1 for elliptic curves, the old form for DSA, PKCS#8 for the rest. */
export function writeKey(key: KeyObject): string {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return pem('RSA PRIVATE KEY', key.export({ type: 'pkcs1', format: 'der' }));
    case 'ec':
      return pem('EC PRIVATE KEY', key.export({ type: 'sec1', format: 'der' }));
    case 'dsa':
      return pem('DSA PRIVATE KEY', dsaForm(key));
    default:
      return pem('PRIVATE KEY', key.export({ type: 'pkcs8', format: 'der' }));
  }
}

interface DerItem {
  readonly tag: number;
  readonly body: Buffer;
}

/** The items in a piece of DER that this process wrote. */
function itemsOf(der: Buffer): DerItem[] {
  const items: DerItem[] = [];
  for (let at = 0; at < der.length; ) {
    const tag = der[at] ?? 0;
    let size = der[at + 1] ?? 0;
    let header = 2;
    if (size >= 0x80) {
      header += size - 0x80;
      size = der.subarray(at + 2, at + header).reduce((sum, byte) => sum * 256 + byte, 0);
    }
    items.push({ tag, body: der.subarray(at + header, at + header + size) });
    at += header + size;
  }
  return items;
}

/** version, p, q, g, y, x: the numbers of the PKCS#8 and SPKI forms put together. */
function dsaForm(key: KeyObject): Buffer {
  const privateParts = itemsOf(itemsOf(key.export({ type: 'pkcs8', format: 'der' }))[0]?.body ?? Buffer.alloc(0));
  const parameters = itemsOf(itemsOf(privateParts[1]?.body ?? Buffer.alloc(0))[1]?.body ?? Buffer.alloc(0));
  const x = itemsOf(privateParts[2]?.body ?? Buffer.alloc(0))[0];
  const publicParts = itemsOf(
    itemsOf(createPublicKey(key).export({ type: 'spki', format: 'der' }))[0]?.body ?? Buffer.alloc(0),
  );
  const y = itemsOf((publicParts[1]?.body ?? Buffer.alloc(0)).subarray(1))[0];
  const numbers = [...parameters, y, x].map((item) => integer(item?.body ?? Buffer.alloc(1)));
  return sequence(integer(Buffer.from([0])), ...numbers);
}

/** The first PEM block of a byte string. */
function readPem(text: string): { readonly label: string; readonly pem: string; readonly der: Buffer } | undefined {
  const match = /-----BEGIN ([A-Z0-9 ]+)-----\s*\n([A-Za-z0-9+/=\s]*?)-----END \1-----/.exec(text);
  if (match === null) return undefined;
  return { label: match[1] ?? '', pem: match[0], der: Buffer.from((match[2] ?? '').replaceAll(/\s/g, ''), 'base64') };
}

/** @throws GoError in sprig's words, with the cause in ours */
export function parsePrivateKey(text: string): KeyObject {
  const block = readPem(text);
  if (block === undefined) throw new GoError('no PEM data in input');
  const { label } = block;
  const read = (what: string, parse: () => KeyObject): KeyObject => {
    try {
      return parse();
    } catch {
      throw new GoError(`${what}: malformed key`);
    }
  };
  if (label === 'PRIVATE KEY')
    return read('decoding PEM as PKCS#8', () => createPrivateKey({ key: block.der, format: 'der', type: 'pkcs8' }));
  if (!label.endsWith(' PRIVATE KEY')) throw new GoError(`no private key data in PEM block of type ${label}`);
  switch (label.slice(0, -' PRIVATE KEY'.length)) {
    case 'RSA':
      return read('parsing RSA private key from PEM', () =>
        createPrivateKey({ key: block.der, format: 'der', type: 'pkcs1' }),
      );
    case 'EC':
      return read('parsing EC private key from PEM', () =>
        createPrivateKey({ key: block.der, format: 'der', type: 'sec1' }),
      );
    case 'DSA':
      return read('parsing DSA private key from PEM', () => createPrivateKey({ key: block.pem, format: 'pem' }));
    default:
      throw new GoError(`invalid private key type ${label.slice(0, -' PRIVATE KEY'.length)}`);
  }
}

/** @throws GoError */
export function parseCertificate(text: string): X509Certificate {
  const block = readPem(text);
  if (block === undefined) throw new GoError('unable to decode certificate');
  try {
    return new X509Certificate(block.der);
  } catch {
    throw new GoError('error parsing certificate: decodedCert.Bytes: x509: malformed certificate');
  }
}
