import { isIP } from 'node:net';
import { bufferOf } from '../gotemplate/byte-string.ts';
import { GoError } from '../gotemplate/errors.ts';
import { sprint, textOf } from '../gotemplate/format.ts';
import type { CallContext } from '../gotemplate/function.ts';
import { type GoType, STRING } from '../gotemplate/types.ts';
import { GoObject, type GoSlice, type GoValue } from '../gotemplate/values.ts';
import { type Issuer, keyIdOf, makeCertificate } from './certificate-der.ts';
import { fail, fn, type FunctionGroup, int, list, nilDereference, type Param, str } from './define.ts';
import { decodeBase64 } from './encoding.ts';
import type { EntropySource } from './entropy.ts';
import { orElse } from './json.ts';
import { type KeyKind, makePrivateKey, parseCertificate, parsePrivateKey, pem, writeKey } from './private-keys.ts';
import { purposeOf } from './random.ts';

/** genPrivateKey, genCA, genSignedCert and the rest. What they make is kept, so that a render gives the same again. */

const CERTIFICATE: GoType = {
  name: 'sprig.certificate',
  kind: 'struct',
  named: true,
  fields: [
    { name: 'Cert', type: STRING },
    { name: 'Key', type: STRING },
  ],
};

const DAY_MS = 86_400_000;
const CERTIFICATE_RSA_BITS = 2048;
const PRIVATE_RSA_BITS = 4096;

interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

function pairValue({ cert, key }: CertificatePair): GoObject {
  return new GoObject(
    CERTIFICATE,
    new Map([
      ['Cert', cert],
      ['Key', key],
    ]),
  );
}

const pair: Param<CertificatePair> = {
  type: CERTIFICATE,
  read: (value) => {
    if (!(value instanceof GoObject)) return nilDereference();
    return { cert: textOf(value.fields.get('Cert')), key: textOf(value.fields.get('Key')) };
  },
};

function addressBytes(value: GoValue): Buffer {
  if (typeof value !== 'string') return fail(`error parsing ip: ${sprint([value])} is not a string`);
  const version = isIP(value);
  if (version === 4) return Buffer.from(value.split('.').map(Number));
  if (version !== 6 || value.includes('%')) return fail(`error parsing ip: ${value}`);
  return ipv6Bytes(value);
}

function ipv6Bytes(text: string): Buffer {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const groupsText =
    dotted === null
      ? text
      : `${dotted[1] ?? ''}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`;
  const [head = '', tail] = groupsText.split('::');
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const all = [...before, ...new Array<number>(Math.max(8 - before.length - after.length, 0)).fill(0), ...after];
  // An IPv4 address in IPv6 form is an IPv4 address.
  const bytes = Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
  const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes.readUInt16BE(10) === 0xffff;
  return isMapped ? bytes.subarray(12) : bytes;
}

function dnsBytes(value: GoValue): Buffer {
  if (typeof value !== 'string') return fail(`error processing alternate dns name: ${sprint([value])} is not a string`);
  return bufferOf(value);
}

function issuerOf(authority: CertificatePair): Issuer {
  const certificate = parseCertificate(authority.cert);
  const key = parsePrivateKey(authority.key);
  const { subject, subjectKeyId } = readIssuer(certificate.raw);
  return { name: subject, key, subjectKeyId: subjectKeyId ?? (certificate.ca ? keyIdOf(key) : undefined) };
}

/** Subject and subject key identifier of a certificate in DER. */
function readIssuer(der: Buffer): { readonly subject: Buffer; readonly subjectKeyId: Buffer | undefined } {
  const item = (data: Buffer, at: number): { readonly start: number; readonly end: number; readonly body: number } => {
    const first = data[at + 1] ?? 0;
    const sizeBytes = first >= 0x80 ? first - 0x80 : 0;
    const size = sizeBytes === 0 ? first : data.readUIntBE(at + 2, sizeBytes);
    return { start: at, body: at + 2 + sizeBytes, end: at + 2 + sizeBytes + size };
  };
  // Certificate → body → [version], serial, algorithm, issuer, validity, subject.
  let at = item(der, item(der, 0).body).body;
  if (der[at] === 0xa0) at = item(der, at).end;
  for (let skipped = 0; skipped < 4; skipped++) at = item(der, at).end;
  const subject = item(der, at);
  const marker = der.indexOf(Buffer.from([0x06, 0x03, 0x55, 0x1d, 0x0e, 0x04]));
  let subjectKeyId: Buffer | undefined;
  if (marker >= 0) {
    const outer = item(der, marker + 5);
    const inner = item(der, outer.body);
    subjectKeyId = der.subarray(inner.body, inner.end);
  }
  return { subject: der.subarray(subject.start, subject.end), subjectKeyId };
}

interface Request {
  readonly commonName: string;
  readonly ips?: GoSlice;
  readonly dns?: GoSlice;
  readonly days: number;
  readonly isAuthority?: boolean;
  readonly issuer?: Issuer;
  readonly keyPem?: string;
}

function keyKindOf(name: string): KeyKind | undefined {
  if (name === '') return 'rsa';
  return name === 'rsa' || name === 'dsa' || name === 'ecdsa' || name === 'ed25519' ? name : undefined;
}

/** What is kept of a pair. */
interface KeptPair extends CertificatePair {
  /** Milliseconds. */
  readonly renewAt: number;
}

/** The share of its life after which a kept certificate is made anew. */
const RENEW_AFTER = 2 / 3;

function readPair(json: string): KeptPair {
  return JSON.parse(json) as KeptPair;
}

export function certificateFunctions(entropy: EntropySource): FunctionGroup {
  const make = (purpose: string, request: Request, context: CallContext): KeptPair => {
    const keyPem = request.keyPem ?? makePrivateKey('rsa', CERTIFICATE_RSA_BITS, context.budget);
    const key = orElse(
      () => parsePrivateKey(keyPem),
      (error) => fail(`parsing private key: ${error.bytes}`),
    );
    const now = entropy.issueTime();
    const end = now.getTime() + request.days * DAY_MS;
    if (!(Math.abs(end) <= 8.64e15)) throw new GoError('error creating certificate: x509: validity out of range');
    const der = makeCertificate(
      {
        commonName: bufferOf(request.commonName),
        ipAddresses: (request.ips?.items ?? []).map(addressBytes),
        dnsNames: (request.dns?.items ?? []).map(dnsBytes),
        notBefore: now,
        notAfter: new Date(end),
        serial: entropy.randomBytes(purpose, 16),
        isAuthority: request.isAuthority === true,
      },
      key,
      request.issuer,
    );
    return {
      cert: pem('CERTIFICATE', der),
      key: writeKey(key),
      renewAt: now.getTime() + (end - now.getTime()) * RENEW_AFTER,
    };
  };

  /** Kept by function, place and arguments; a kept pair is used again as long as the place asks for the same. */
  const kept = (name: string, context: CallContext, args: readonly GoValue[], request: () => Request): GoObject => {
    const purpose = purposeOf(name, context, ...args.map((arg) => textOf(arg)));
    const text = entropy.keep(
      purpose,
      () => JSON.stringify(make(purpose, request(), context)),
      (json) => new Date(readPair(json).renewAt),
    );
    return pairValue(readPair(text));
  };

  return {
    genPrivateKey: fn([str], (name, context) => {
      const kind = keyKindOf(name);
      if (kind === undefined) return `Unknown type ${name}`;
      return entropy.keep(purposeOf('genPrivateKey', context, name), () =>
        makePrivateKey(kind, PRIVATE_RSA_BITS, context.budget),
      );
    }),
    buildCustomCert: fn([str, str], buildCustomCertificate),
    genCA: fn([str, int], (commonName, days, context) =>
      kept('genCA', context, [commonName, days], () => ({ commonName, days, isAuthority: true })),
    ),
    genCAWithKey: fn([str, int, str], (commonName, days, keyPem, context) =>
      kept('genCAWithKey', context, [commonName, days, keyPem], () => ({
        commonName,
        days,
        keyPem,
        isAuthority: true,
      })),
    ),
    genSelfSignedCert: fn([str, list, list, int], (commonName, ips, dns, days, context) =>
      kept('genSelfSignedCert', context, [commonName, ips, dns, days], () => ({ commonName, ips, dns, days })),
    ),
    genSelfSignedCertWithKey: fn([str, list, list, int, str], (commonName, ips, dns, days, keyPem, context) =>
      kept('genSelfSignedCertWithKey', context, [commonName, ips, dns, days, keyPem], () => ({
        commonName,
        ips,
        dns,
        days,
        keyPem,
      })),
    ),
    genSignedCert: fn([str, list, list, int, pair], (commonName, ips, dns, days, authority, context) =>
      kept('genSignedCert', context, [commonName, ips, dns, days, authority.cert], () => ({
        commonName,
        ips,
        dns,
        days,
        issuer: issuerOf(authority),
      })),
    ),
    genSignedCertWithKey: fn(
      [str, list, list, int, pair, str],
      (commonName, ips, dns, days, authority, keyPem, context) =>
        kept('genSignedCertWithKey', context, [commonName, ips, dns, days, authority.cert, keyPem], () => ({
          commonName,
          ips,
          dns,
          days,
          keyPem,
          issuer: issuerOf(authority),
        })),
    ),
  };
}

function buildCustomCertificate(encodedCert: string, encodedKey: string): GoObject {
  const cert = decodeBase64(encodedCert);
  if (!('bytes' in cert)) return fail('unable to decode base64 certificate');
  const key = decodeBase64(encodedKey);
  if (!('bytes' in key)) return fail('unable to decode base64 private key');
  parseCertificate(cert.bytes);
  orElse(
    () => parsePrivateKey(key.bytes),
    (error) => fail(`error parsing private key: ${error.bytes}`),
  );
  return pairValue({ cert: cert.bytes, key: key.bytes });
}
