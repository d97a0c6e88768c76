import { EngineError } from '../../core/errors.ts';
import { assessEach, spreadLists } from '../../health/assess-set.ts';
import type { CommandContext } from '../context.ts';
import { formatData } from '../output/print-data.ts';
import { formatObjectHealth } from '../output/print-health.ts';
import { safeLine } from '../output/style.ts';
import { readDocuments } from './health-input.ts';
import { checkLines } from './health-lines.ts';

/** `evenkeel health [FILE]`: verdicts on objects of a file or standard input. Exit 4 when one is degraded. */
export async function healthCheckCommand(
  context: CommandContext,
  file: string,
  options: { readonly jsonl: boolean; readonly rules?: string },
): Promise<number> {
  const rules = options.rules === undefined ? undefined : (await import('./health-rules.ts')).readRules(options.rules);
  if (options.jsonl) return checkLines(context, file, rules);
  const inputs = spreadLists(readDocuments(file));
  const verdicts = [...assessEach(inputs, Date.now(), rules)];
  const { terminal } = context;
  if (verdicts.length === 0)
    terminal.err(`${file === '-' ? 'standard input' : `file ${safeLine(file)}`} holds no object`);
  if (context.format !== 'text') terminal.out(formatData({ objects: verdicts }, context.format));
  else {
    for (const verdict of verdicts)
      terminal.out(`${formatObjectHealth({ key: verdict, health: verdict }, terminal.style)}\n`);
    const remedies = [...new Set(verdicts.flatMap(({ remedy }) => remedy ?? []))];
    for (const remedy of remedies) terminal.out(`${terminal.style.dim(`to do: ${safeLine(remedy)}`)}\n`);
  }
  return verdicts.some(({ status }) => status === 'degraded') ? new EngineError('NotHealthyInTime', '').exitCode : 0;
}
