import type { ChildProcess } from 'node:child_process';

/**
 * Asks a process to end, and kills it when it did not within `graceMs`; with 0 it is killed at once, which also ends one that was stopped.
 * Returns when it is gone.
 */
export async function endProcess(child: ChildProcess, graceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  if (graceMs > 0) child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
}
