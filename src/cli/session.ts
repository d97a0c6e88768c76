import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { isJsonObject, own } from '../core/json.ts';

/**
 * A running `evenkeel up`: other commands in the same folder find its cluster through this file. It names a process; when that one is
 * gone the file means nothing.
 */
export interface Session {
  readonly kubeconfig: string;
  readonly server: string;
  readonly pid: number;
}

/**
 * Where clones, history and a session live: `--data-dir`, `$EVENKEEL_DATA_DIR`, `.evenkeel` of this folder or of one above it, or the
 * user's state folder (XDG base directories).
 */
export function chooseDataDir(
  named: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
  exists: (path: string) => boolean,
): string {
  if (named !== undefined) return resolve(folder, named);
  const fromEnv = env['EVENKEEL_DATA_DIR'] ?? '';
  if (fromEnv !== '') return resolve(folder, fromEnv);
  for (let current = resolve(folder); ; current = dirname(current)) {
    const here = join(current, '.evenkeel');
    if (exists(here)) return here;
    if (current === dirname(current)) break;
  }
  const state = env['XDG_STATE_HOME'] ?? '';
  return join(state === '' ? join(homedir(), '.local', 'state') : state, 'evenkeel');
}

function sessionFile(dataDir: string): string {
  return join(dataDir, 'session.json');
}

/** The session of a data folder, if its process is alive. */
export function readSession(dataDir: string): Session | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(sessionFile(dataDir), 'utf8'));
  } catch {
    // None, or one that another process is writing: both mean that there is no session to use.
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const kubeconfig = own(value, 'kubeconfig');
  const server = own(value, 'server');
  const pid = own(value, 'pid');
  if (typeof kubeconfig !== 'string' || typeof server !== 'string' || typeof pid !== 'number') return undefined;
  return isAlive(pid) ? { kubeconfig, server, pid } : undefined;
}

export function writeSession(dataDir: string, session: Session): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o750 });
  const path = sessionFile(dataDir);
  writeFileSync(`${path}.${process.pid}`, `${JSON.stringify(session, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.${process.pid}`, path);
}

/** Removes the session file if it is this process's own. */
export function endSession(dataDir: string): void {
  if (readSession(dataDir)?.pid === process.pid) rmSync(sessionFile(dataDir), { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
