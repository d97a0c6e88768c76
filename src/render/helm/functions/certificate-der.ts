import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { GoError } from '../gotemplate/errors.ts';
import { bits, boolean, directoryString, integer, NULL, objectId, octets, sequence, set, tagged, time } from './der.ts';

/** X.509 certificates with the contents that sprig's have. */
export interface CertificateRequest {
  readonly commonName: Uint8Array;
  readonly ipAddresses: readonly Uint8Array[];
  readonly dnsNames: readonly Uint8Array[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** 16 random bytes. */
  readonly serial: Uint8Array;
  readonly isAuthority: boolean;
}

export interface Issuer {
  /** The issuer's subject, DER. */
  readonly name: Uint8Array;
  readonly key: KeyObject;
  readonly subjectKeyId: Uint8Array | undefined;
}

const OID = {
  commonName: '2.5.4.3',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  basicConstraints: '2.5.29.19',
  subjectKeyId: '2.5.29.14',
  authorityKeyId: '2.5.29.35',
  subjectAltName: '2.5.29.17',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const;

function nameOf(commonName: Uint8Array): Buffer {
  if (commonName.length === 0) return sequence();
  return sequence(set(sequence(objectId(OID.commonName), directoryString(commonName))));
}

/** The identifier of a key: a digest of it. */
export function keyIdOf(key: KeyObject): Buffer {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest().subarray(0, 20);
}

interface Signature {
  readonly algorithm: Buffer;
  readonly digest: string | null;
}

function signatureOf(key: KeyObject): Signature {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return { algorithm: sequence(objectId('1.2.840.113549.1.1.11'), NULL), digest: 'sha256' };
    case 'ed25519':
      return { algorithm: sequence(objectId('1.3.101.112')), digest: null };
    case 'ec': {
      const curve = key.asymmetricKeyDetails?.namedCurve ?? '';
      if (curve === 'secp384r1') return { algorithm: sequence(objectId('1.2.840.10045.4.3.3')), digest: 'sha384' };
      if (curve === 'secp521r1') return { algorithm: sequence(objectId('1.2.840.10045.4.3.4')), digest: 'sha512' };
      return { algorithm: sequence(objectId('1.2.840.10045.4.3.2')), digest: 'sha256' };
    }
    default:
      throw new GoError('error creating certificate: x509: only RSA, ECDSA and Ed25519 keys supported');
  }
}

function extension(id: string, critical: boolean, value: Uint8Array): Buffer {
  return sequence(objectId(id), ...(critical ? [boolean(true)] : []), octets(value));
}

function extensionsOf(request: CertificateRequest, keyId: Uint8Array, issuerKeyId: Uint8Array | undefined): Buffer[] {
  // digitalSignature and keyEncipherment; an authority signs certificates, too.
  const usage = request.isAuthority ? bits(Buffer.from([0xa4]), 2) : bits(Buffer.from([0xa0]), 5);
  const extensions = [
    extension(OID.keyUsage, true, usage),
    extension(OID.extendedKeyUsage, false, sequence(objectId(OID.serverAuth), objectId(OID.clientAuth))),
    extension(OID.basicConstraints, true, request.isAuthority ? sequence(boolean(true)) : sequence()),
  ];
  if (request.isAuthority) extensions.push(extension(OID.subjectKeyId, false, octets(keyId)));
  if (issuerKeyId !== undefined)
    extensions.push(extension(OID.authorityKeyId, false, sequence(tagged(0x80, issuerKeyId))));
  const names = [
    ...request.dnsNames.map((name) => tagged(0x82, name)),
    ...request.ipAddresses.map((address) => tagged(0x87, address)),
  ];
  if (names.length > 0) extensions.push(extension(OID.subjectAltName, false, sequence(...names)));
  return extensions;
}

/** The certificate, DER. Without an issuer it signs itself. @throws GoError */
export function makeCertificate(request: CertificateRequest, key: KeyObject, issuer?: Issuer): Buffer {
  const subject = nameOf(request.commonName);
  const signingKey = issuer?.key ?? key;
  const { algorithm, digest } = signatureOf(signingKey);
  const isOther = issuer !== undefined && !subject.equals(issuer.name);
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(request.serial),
    algorithm,
    issuer?.name ?? subject,
    sequence(time(request.notBefore), time(request.notAfter)),
    subject,
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensionsOf(request, keyIdOf(key), isOther ? issuer.subjectKeyId : undefined))),
  );
  return sequence(body, algorithm, bits(sign(digest, body, signingKey)));
}
