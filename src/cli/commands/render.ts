import { EngineError } from '../../core/errors.ts';
import { DEFAULT_RENDER_LIMITS, type HelmSet, type RenderProblem } from '../../core/manifest.ts';
import type { CommandContext } from '../context.ts';
import { formatProblem } from '../output/print-error.ts';
import { formatData } from '../output/print-data.ts';
import { renderToText } from '../../render/render-text.ts';
import { openLocalFolder } from '../open-local-folder.ts';
import { safeLine } from '../output/style.ts';

export interface RenderOptions {
  readonly release?: string;
  readonly valueFiles: readonly string[];
  readonly set: readonly HelmSet[];
  readonly includeCrds: boolean;
  readonly skipTests: boolean;
  readonly noHooks: boolean;
  readonly isUpgrade: boolean;
  readonly kubeVersion?: string;
  readonly apiVersions: readonly string[];
  readonly showOnly: readonly string[];
  readonly seed?: string;
  readonly reorder?: 'legacy' | 'none';
}

/** `evenkeel render PATH`: manifests on stdout, byte for byte as `kustomize build` or `helm template` print them. */
export function renderCommand(context: CommandContext, path: string, options: RenderOptions): number {
  const snapshot = openLocalFolder(path);
  const result = renderToText(snapshot, snapshot.path, {
    namespace: context.namespace ?? 'default',
    limits: DEFAULT_RENDER_LIMITS,
    ...options,
  });
  const { terminal } = context;
  for (const warning of result.warnings) terminal.err(`${terminal.errStyle.yellow('!')} ${safeLine(warning)}`);
  if (result.problems.length > 0) {
    printProblems(context, path, result.problems);
    return new EngineError('RenderFailed', '').exitCode;
  }
  terminal.out(context.format === 'json' ? formatData({ objects: result.objects() }, 'json') : result.text);
  return 0;
}

function printProblems(context: CommandContext, path: string, problems: readonly RenderProblem[]): void {
  const { terminal } = context;
  if (context.format !== 'text') {
    terminal.out(
      formatData({ error: { code: 'RenderFailed', message: `${path} cannot be rendered`, problems } }, context.format),
    );
    return;
  }
  terminal.err(
    `${terminal.errStyle.red('error')} (RenderFailed): ${safeLine(path)} cannot be rendered: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`,
  );
  for (const problem of problems) {
    terminal.err(
      formatProblem(problem, terminal.errStyle)
        .map((line) => `  ${line}`)
        .join('\n'),
    );
    if (problem.remedy !== undefined) terminal.err(`  ${terminal.errStyle.dim('to do:')} ${safeLine(problem.remedy)}`);
  }
}
