import { createReadStream } from 'node:fs';
import { EngineError, messageOf } from '../../core/errors.ts';
import { assessEach, type SetVerdict } from '../../health/assess-set.ts';
import type { UserRules } from '../../health/assess.ts';
import type { CommandContext } from '../context.ts';
import { unreadable } from './health-input.ts';

/** Verdicts that are written at once. */
const BATCH = 500;

/** What a line stands for in the answer when it is no JSON. */
interface BrokenLine {
  readonly line: number;
  readonly message: string;
}

/**
 * `--jsonl`: for every line one line, in the same order. All lines are one set: each object sees the others, so the first verdict comes after the
 * last line. A line that is no JSON gets the verdict `unknown` with the reason `NotJson`, and the exit code is that of wrong usage.
 */
export async function checkLines(context: CommandContext, file: string, rules: UserRules | undefined): Promise<number> {
  const inputs: unknown[] = [];
  const broken = new Map<number, BrokenLine>();
  for await (const line of linesOf(file)) {
    try {
      inputs.push(JSON.parse(line));
    } catch (thrown) {
      broken.set(inputs.length, { line: inputs.length + 1, message: messageOf(thrown) });
      inputs.push(null);
    }
  }
  let index = 0;
  let batch: string[] = [];
  for (const verdict of assessEach(inputs, Date.now(), rules)) {
    const problem = broken.get(index);
    index += 1;
    batch.push(`${JSON.stringify(problem === undefined ? verdict : notJson(verdict, problem))}\n`);
    if (batch.length < BATCH) continue;
    context.terminal.out(batch.join(''));
    batch = [];
  }
  if (batch.length > 0) context.terminal.out(batch.join(''));
  if (broken.size === 0) return 0;
  const first = [...broken.values()][0];
  context.terminal.err(
    `${broken.size} of ${inputs.length} lines ${broken.size === 1 ? 'is' : 'are'} no JSON (JsonInvalid), the first is line ${first?.line ?? 0}`,
  );
  return new EngineError('UsageInvalid', '').exitCode;
}

function notJson(verdict: SetVerdict, problem: BrokenLine): SetVerdict {
  return {
    ...verdict,
    status: 'unknown',
    reason: 'NotJson',
    message: `line ${problem.line} is no JSON: ${problem.message}`,
  };
}

/** The lines of a file without their ends; what follows the last line end is a line when it is not empty. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // Pieces of the line that is not at its end yet: joined once, however long it is.
  let pieces: string[] = [];
  try {
    for await (const chunk of file === '-' ? process.stdin : createReadStream(file)) {
      const parts = decoder.decode(chunk as Uint8Array, { stream: true }).split('\n');
      for (const part of parts.slice(0, -1)) {
        yield pieces.length === 0 ? part : `${pieces.join('')}${part}`;
        pieces = [];
      }
      pieces.push(parts.at(-1) ?? '');
    }
  } catch (thrown) {
    throw unreadable(file, thrown);
  }
  const rest = `${pieces.join('')}${decoder.decode()}`;
  if (rest !== '') yield rest;
}
