import { EngineError, isEngineError, messageOf } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json.ts';
import type { RenderProblem } from '../../core/manifest.ts';
import { safeLine, safeText, type Style } from './style.ts';

const MOST_PROBLEMS = 30;

/** An error as a tired person needs it: what failed, where, and what to do. */
export function formatError(thrown: unknown, style: Style, verbose: boolean): string {
  if (!isEngineError(thrown)) {
    const stack = thrown instanceof Error && verbose ? `\n${safeText(thrown.stack ?? '')}` : '';
    return `${style.red('error')} (Internal): ${safeText(messageOf(thrown))}${stack}\nthis is a bug in evenkeel: please report it${verbose ? '' : ', with the output of --verbose'}`;
  }
  const lines = [`${style.red('error')} (${thrown.code}): ${safeText(thrown.message)}`];
  const problems = problemsOf(thrown);
  // One problem is in the message already; its place in the file is not.
  for (const problem of problems.slice(0, MOST_PROBLEMS))
    lines.push(...formatProblem(problem, style).map((line) => `  ${line}`));
  if (problems.length > MOST_PROBLEMS) lines.push(`  … ${problems.length - MOST_PROBLEMS} more`);
  if (thrown.remedy !== undefined) lines.push(`${style.dim('to do:')} ${safeLine(thrown.remedy)}`);
  if (verbose && thrown.cause !== undefined) lines.push(style.dim(`cause: ${safeText(messageOf(thrown.cause))}`));
  return lines.join('\n');
}

export function formatProblem(problem: RenderProblem, style: Style): string[] {
  const where = problem.path === '' ? '.' : safeLine(problem.path);
  const line =
    problem.line === undefined ? '' : `:${problem.line}${problem.column === undefined ? '' : `:${problem.column}`}`;
  const lines = [`${style.bold(`${where}${line}`)}: ${safeText(problem.message)}`];
  if (problem.excerpt !== undefined && problem.excerpt !== '')
    lines.push(
      ...safeText(problem.excerpt)
        .split('\n')
        .map((text) => `    ${text}`),
    );
  return lines;
}

function problemsOf(error: EngineError): RenderProblem[] {
  const { problems } = error.data;
  if (!Array.isArray(problems)) return [];
  return problems.filter(
    (problem): problem is RenderProblem =>
      isJsonObject(problem) && typeof problem['path'] === 'string' && typeof problem['message'] === 'string',
  );
}

/** The error as data, for `-o json` and `-o yaml`. */
export function errorDocument(thrown: unknown): Record<string, unknown> {
  if (!isEngineError(thrown)) return { error: { code: 'Internal', message: messageOf(thrown) } };
  const problems = problemsOf(thrown);
  return {
    error: {
      code: thrown.code,
      message: thrown.message,
      ...(thrown.remedy === undefined ? {} : { remedy: thrown.remedy }),
      ...(problems.length === 0 ? {} : { problems }),
    },
  };
}
