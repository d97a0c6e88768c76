import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { SshProblem, SshReader } from './ssh-wire.ts';

/** A public key of OpenSSH. */
export interface SshKey {
  readonly type: string;
  readonly blob: Buffer;
  /** `SHA256:…`, as ssh-keygen shows it. */
  readonly fingerprint: string;
  /** @param signature its algorithm and its bytes, in SSH's own format. @throws SshProblem with the reason why it does not hold */
  verify(message: Buffer, signature: Buffer): void;
}

interface Curve {
  readonly jwk: string;
  readonly hash: string;
  readonly bytes: number;
}

const CURVES: Readonly<Record<string, Curve>> = {
  nistp256: { jwk: 'P-256', hash: 'sha256', bytes: 32 },
  nistp384: { jwk: 'P-384', hash: 'sha384', bytes: 48 },
  nistp521: { jwk: 'P-521', hash: 'sha512', bytes: 66 },
};
const RSA_HASHES: Readonly<Record<string, string>> = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512' };
const MIN_RSA_BITS = 2048;
const MAX_RSA_BITS = 16_384;
/** The flag of a security key: somebody touched it. */
const USER_PRESENT = 0x01;

/** Reads a public key from its binary form. @throws SshProblem for damage, and for kinds that are not accepted, by name */
export function readSshKey(blob: Buffer): SshKey {
  const reader = new SshReader(blob);
  const type = reader.text();
  const check = readCheck(type, reader);
  reader.end();
  return {
    type,
    blob,
    fingerprint: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
    verify: (message, signature) => {
      const fields = new SshReader(signature);
      check(message, fields.text(), fields);
      fields.end();
    },
  };
}

type Check = (message: Buffer, algorithm: string, signature: SshReader) => void;

function readCheck(type: string, reader: SshReader): Check {
  switch (type) {
    case 'ssh-ed25519':
      return ed25519(readEd25519(reader));
    case 'ecdsa-sha2-nistp256':
    case 'ecdsa-sha2-nistp384':
    case 'ecdsa-sha2-nistp521':
      return ecdsa(type, readPoint(reader, type.slice('ecdsa-sha2-'.length)));
    case 'ssh-rsa':
      return rsa(readRsa(reader));
    case 'sk-ssh-ed25519@openssh.com': {
      const key = readEd25519(reader);
      return securityKey(type, reader.string(), (message, signature) => holdsEd25519(key, message, signature));
    }
    case 'sk-ecdsa-sha2-nistp256@openssh.com': {
      const point = readPoint(reader, 'nistp256');
      return securityKey(type, reader.string(), (message, signature) => holdsEcdsa(point, message, signature));
    }
    default:
      throw new SshProblem(`keys of type ${JSON.stringify(type.slice(0, 64))} are not accepted`);
  }
}

function ed25519(key: KeyObject): Check {
  return (message, algorithm, signature) => {
    expectAlgorithm(algorithm, 'ssh-ed25519');
    expectHolds(holdsEd25519(key, message, signature.string()));
  };
}

function ecdsa(type: string, point: Point): Check {
  return (message, algorithm, signature) => {
    expectAlgorithm(algorithm, type);
    expectHolds(holdsEcdsa(point, message, signature.string()));
  };
}

function rsa(key: KeyObject): Check {
  const length = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  return (message, algorithm, signature) => {
    const hash = Object.hasOwn(RSA_HASHES, algorithm) ? RSA_HASHES[algorithm] : undefined;
    if (hash === undefined)
      throw new SshProblem(
        algorithm === 'ssh-rsa'
          ? 'its signature uses SHA-1 (ssh-rsa), which can be forged'
          : `an RSA key signs with rsa-sha2-256 or rsa-sha2-512, not ${JSON.stringify(algorithm.slice(0, 64))}`,
      );
    const bytes = signature.string();
    if (bytes.byteLength > length) throw new SshProblem('its signature is longer than its key');
    const padded = Buffer.concat([Buffer.alloc(length - bytes.byteLength), bytes]);
    expectHolds(verify(hash, message, key, padded));
  };
}

/** Keys in hardware sign the message's hash between what the hardware says: who asked, whether somebody touched it, how often it signed. */
function securityKey(type: string, application: Buffer, holds: (message: Buffer, signature: Buffer) => boolean): Check {
  return (message, algorithm, signature) => {
    expectAlgorithm(algorithm, type);
    const bytes = signature.string();
    const flags = signature.byte();
    const counter = signature.bytes(4);
    if ((flags & USER_PRESENT) === 0) throw new SshProblem('its security key was not touched when it signed');
    expectHolds(holds(Buffer.concat([sha256(application), Buffer.from([flags]), counter, sha256(message)]), bytes));
  };
}

function expectAlgorithm(algorithm: string, wanted: string): void {
  if (algorithm !== wanted)
    throw new SshProblem(`its signature is ${JSON.stringify(algorithm.slice(0, 64))} by a key of type ${wanted}`);
}

function expectHolds(holds: boolean): void {
  if (!holds) throw new SshProblem('its signature does not match its content');
}

function holdsEd25519(key: KeyObject, message: Buffer, signature: Buffer): boolean {
  return signature.byteLength === 64 && verify(null, message, key, signature);
}

interface Point {
  readonly key: KeyObject;
  readonly curve: Curve;
}

function holdsEcdsa({ key, curve }: Point, message: Buffer, signature: Buffer): boolean {
  const numbers = new SshReader(signature);
  const [r, s] = [numbers.integer(), numbers.integer()];
  numbers.end();
  if (r.byteLength > curve.bytes || s.byteLength > curve.bytes) return false;
  const fixed = Buffer.alloc(2 * curve.bytes);
  r.copy(fixed, curve.bytes - r.byteLength);
  s.copy(fixed, 2 * curve.bytes - s.byteLength);
  return verify(curve.hash, message, { key, dsaEncoding: 'ieee-p1363' }, fixed);
}

function readEd25519(reader: SshReader): KeyObject {
  const bytes = reader.string();
  if (bytes.byteLength !== 32) throw new SshProblem('its Ed25519 key does not have 32 bytes');
  return importKey({ kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') });
}

function readPoint(reader: SshReader, expected: string): Point {
  const name = reader.text();
  const curve = CURVES[expected];
  if (curve === undefined || name !== expected) throw new SshProblem('its curve is not the one of its type');
  const bytes = reader.string();
  if (bytes[0] !== 4 || bytes.byteLength !== 1 + 2 * curve.bytes)
    throw new SshProblem('its point is not written in full');
  const x = bytes.subarray(1, 1 + curve.bytes).toString('base64url');
  const y = bytes.subarray(1 + curve.bytes).toString('base64url');
  return { key: importKey({ kty: 'EC', crv: curve.jwk, x, y }), curve };
}

function readRsa(reader: SshReader): KeyObject {
  const [e, n] = [reader.integer(), reader.integer()];
  const bits = n.byteLength * 8 - Math.clz32(n[0] ?? 0) + 24;
  if (bits < MIN_RSA_BITS) throw new SshProblem(`its RSA key has ${bits} bits, fewer than ${MIN_RSA_BITS}`);
  if (bits > MAX_RSA_BITS || e.byteLength > 8)
    throw new SshProblem(`its RSA key is larger than ${MAX_RSA_BITS} bits or has a huge exponent`);
  return importKey({ kty: 'RSA', n: n.toString('base64url'), e: e.toString('base64url') });
}

function importKey(jwk: JsonWebKey): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    throw new SshProblem('its numbers are no key');
  }
}

function sha256(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}
