import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { EngineError, messageOf } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { assessSet, spreadLists } from '../../health/assess-set.ts';
import type { UserRules } from '../../health/assess.ts';
import { runRuleCases } from '../../health/rule-cases.ts';
import { parseUserRules } from '../../health/user-rules.ts';
import type { RuleProblem } from '../../health/rule-schema.ts';
import { loadYaml } from '../../render/yaml/load.ts';
import type { CommandContext } from '../context.ts';
import { formatData } from '../output/print-data.ts';
import { formatObjectHealth } from '../output/print-health.ts';
import { safeLine } from '../output/style.ts';

/** `evenkeel health [FILE]`: verdicts on objects of a file or standard input. Exit 4 when one is degraded. */
export async function healthCheckCommand(
  context: CommandContext,
  file: string,
  options: { readonly jsonl: boolean; readonly rules?: string },
): Promise<number> {
  const rules = options.rules === undefined ? undefined : readRules(options.rules);
  if (options.jsonl) return checkLines(context, file, rules);
  const inputs = spreadLists(parseFile(file, readText(file)));
  const verdicts = assessSet(inputs, Date.now(), rules);
  const { terminal } = context;
  if (context.format !== 'text') terminal.out(formatData({ objects: verdicts }, context.format));
  else {
    for (const verdict of verdicts)
      terminal.out(`${formatObjectHealth({ key: verdict, health: verdict }, terminal.style)}\n`);
    const remedies = [...new Set(verdicts.flatMap(({ remedy }) => remedy ?? []))];
    for (const remedy of remedies) terminal.out(`${terminal.style.dim(`to do: ${safeLine(remedy)}`)}\n`);
  }
  return verdicts.some(({ status }) => status === 'degraded') ? new EngineError('NotHealthyInTime', '').exitCode : 0;
}

/** One JSON object a line in, one verdict a line out, in order. All lines are one set: each object sees the others. */
async function checkLines(context: CommandContext, file: string, rules: UserRules | undefined): Promise<number> {
  const lines: string[] = [];
  if (file === '-') {
    for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY }))
      lines.push(line);
  } else lines.push(...readText(file).split('\n'));
  while (lines.at(-1)?.trim() === '') lines.pop();
  const inputs = lines.map((line, index): Json => {
    try {
      return JSON.parse(line) as Json;
    } catch (thrown) {
      throw new EngineError('UsageInvalid', `${file}:${index + 1} is no JSON (JsonInvalid): ${messageOf(thrown)}`);
    }
  });
  context.terminal.out(
    assessSet(inputs, Date.now(), rules)
      .map((verdict) => `${JSON.stringify(verdict)}\n`)
      .join(''),
  );
  return 0;
}

/** `evenkeel health test FILE`: the cases that stand beside one's own rules. Exit 4 when one fails. */
export function healthTestCommand(context: CommandContext, file: string): Promise<number> {
  const report = runRuleCases(parseFile(file, readText(file))[0]);
  if (report.kind === 'invalid') throw invalidRules(file, report.problems);
  const { terminal } = context;
  if (context.format !== 'text') terminal.out(formatData(report, context.format));
  else {
    for (const result of report.results) {
      const sign = result.passed ? terminal.style.green('✔') : terminal.style.red('✗');
      terminal.out(
        `${sign} ${safeLine(result.name)}${result.passed ? '' : `: ${safeLine(result.differences.join('; '))}`}\n`,
      );
    }
    terminal.out(`${report.passed} passed, ${report.failed} failed\n`);
  }
  return Promise.resolve(report.failed === 0 ? 0 : new EngineError('NotHealthyInTime', '').exitCode);
}

function readRules(path: string): UserRules {
  const parsed = parseUserRules(parseFile(path, readText(path))[0]);
  if (parsed.kind === 'invalid') throw invalidRules(path, parsed.problems);
  return parsed.rules;
}

function invalidRules(file: string, problems: readonly RuleProblem[]): EngineError {
  return new EngineError(
    'ConfigInvalid',
    `file ${file} holds no valid health rules (Invalid): ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`,
    {
      data: { problems: problems.map(({ path, message }) => ({ path: `${file} ${path}`, message })) },
      remedy: 'see the health reference for the form of rules and cases',
    },
  );
}

function readText(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (thrown) {
    throw new EngineError(
      'UsageInvalid',
      `file ${path} cannot be read (${(thrown as NodeJS.ErrnoException).code ?? 'Unreadable'}): ${messageOf(thrown)}`,
      { cause: thrown },
    );
  }
}

function parseFile(path: string, text: string): Json[] {
  const { documents, problems } = loadYaml(text, 'kubernetes');
  if (problems.length > 0) {
    throw new EngineError('UsageInvalid', `file ${path} cannot be read (YamlInvalid): ${problems[0]?.message ?? ''}`, {
      data: { problems: problems.map((problem) => ({ ...problem, path })) },
    });
  }
  return documents.map(({ value }) => value).filter((value) => value !== null);
}
