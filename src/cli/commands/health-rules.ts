import { EngineError } from '../../core/errors.ts';
import type { UserRules } from '../../health/assess.ts';
import { runRuleCases } from '../../health/rule-cases.ts';
import type { RuleProblem } from '../../health/rule-schema.ts';
import { parseUserRules } from '../../health/user-rules.ts';
import type { CommandContext } from '../context.ts';
import { formatData } from '../output/print-data.ts';
import { safeLine } from '../output/style.ts';
import { readDocuments } from './health-input.ts';

/** `evenkeel health test FILE`: the cases that stand beside one's own rules. Exit 4 when one fails. */
export function healthTestCommand(context: CommandContext, file: string): number {
  const report = runRuleCases(readDocuments(file)[0]);
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
  return report.failed === 0 ? 0 : new EngineError('NotHealthyInTime', '').exitCode;
}

/** @throws ConfigInvalid with every problem of the rules */
export function readRules(path: string): UserRules {
  const parsed = parseUserRules(readDocuments(path)[0]);
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
