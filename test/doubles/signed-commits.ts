import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestRepository } from './git-repository.ts';

/** A key pair of ssh-keygen. */
export interface SshKeyPair {
  /** The private key's file. */
  readonly path: string;
  /** `TYPE BASE64 COMMENT`. */
  readonly line: string;
  /** As ssh-keygen shows it. */
  readonly fingerprint: string;
}

export function makeSshKey(folder: string, name: string, args: readonly string[] = ['-t', 'ed25519']): SshKeyPair {
  const path = join(folder, name);
  execFileSync('ssh-keygen', ['-q', ...args, '-N', '', '-C', `${name}@example.com`, '-f', path]);
  const shown = execFileSync('ssh-keygen', ['-l', '-f', path]).toString('utf8');
  return { path, line: readFileSync(`${path}.pub`, 'utf8').trim(), fingerprint: shown.split(' ')[1] ?? '' };
}

/** Arguments of git that make a commit signed by this key. */
export function signingWith(key: SshKeyPair): readonly string[] {
  return ['-c', 'gpg.format=ssh', '-c', `user.signingkey=${key.path}`, 'commit', '-S'];
}

/** Signs with ssh-keygen; what it signs for is free. */
export function signWithSsh(key: SshKeyPair, content: Buffer, namespace: string): string {
  return execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-n', namespace, '-f', key.path], { input: content }).toString(
    'latin1',
  );
}

/** The content of a commit object. */
export function commitContent(repository: TestRepository, id: string): Buffer {
  return execFileSync('git', ['cat-file', 'commit', id], { cwd: repository.path });
}

/** Puts a signature into the content of a commit, as Git does. */
export function withSignature(content: Buffer, signature: string, header = 'gpgsig'): Buffer {
  const end = content.indexOf('\n\n');
  const lines = signature.trimEnd().split('\n');
  const folded = `\n${header} ${lines.join('\n ')}`;
  return Buffer.concat([content.subarray(0, end), Buffer.from(folded, 'latin1'), content.subarray(end)]);
}
