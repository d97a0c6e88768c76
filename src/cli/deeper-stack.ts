import { spawnSync } from 'node:child_process';
import { isEngineError } from '../core/errors.ts';
import { STACK_KILOBYTES } from '../render/worker-process.ts';

/**
 * Runs this very command again in a process whose stack is as large as that of the render processes, when a render ended for want of
 * stack.
 * @returns the exit code; undefined when that was not the reason, or cannot be changed any more
 */
export function rerunWithDeeperStack(thrown: unknown): number | undefined {
  if (!isEngineError(thrown, 'RenderLimit') || thrown.data?.['reason'] !== 'StackLimit') return undefined;
  if (process.execArgv.some((argument) => argument.startsWith('--stack-size'))) return undefined;
  const args = [...process.execArgv, `--stack-size=${STACK_KILOBYTES}`, ...process.argv.slice(1)];
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
}
