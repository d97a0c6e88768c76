import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const MAIN = resolve('dist/cli/main.js');

/** Processes whose parent is `pid` (Linux). */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      try {
        return readFileSync(`/proc/${candidate}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(pid);
      } catch {
        // It ended between the listing and the reading.
        return false;
      }
    });
}

describe.skipIf(process.platform !== 'linux')('Ctrl-C during evenkeel up', () => {
  it('ends it with 130, and leaves no process and no session behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenkeel-interrupt-'));
    const child = spawn(process.execPath, [MAIN, 'up'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, USER: 'test' },
    });
    const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
    let output = '';
    const working = new Promise<void>((done) => {
      const listen = (chunk: Buffer): void => {
        output += chunk.toString();
        if (output.includes('workloads')) done();
      };
      child.stdout.on('data', listen);
      child.stderr.on('data', listen);
    });
    await working;
    const children = childrenOf(child.pid ?? 0);

    child.kill('SIGINT');
    const code = await ended;

    expect(code).toBe(130);
    expect(children.length).toBeGreaterThan(0);
    // A killed process is gone when the system has reaped it.
    await expect.poll(() => children.filter((pid) => existsSync(`/proc/${pid}`)), { timeout: 5_000 }).toEqual([]);
    expect(existsSync(join(folder, '.evenkeel', 'session.json'))).toBe(false);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);
});
