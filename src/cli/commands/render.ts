import { join } from 'node:path';
import { EngineError } from '../../core/errors.ts';
import { DEFAULT_RENDER_LIMITS, type HelmSet, type RenderProblem } from '../../core/manifest.ts';
import type { CommandContext } from '../context.ts';
import { formatProblem } from '../output/print-error.ts';
import { formatData } from '../output/print-data.ts';
import { renderWithFetched } from '../../render/fetched-charts.ts';
import type { ChartAccess, RemoteRequest, RenderAnswers } from '../../core/render-world.ts';
import { renderWithRemotes } from '../../render/render-rounds.ts';
import type { FolderSnapshot } from '../../sources/folder.ts';
import { openSnapshot } from '../../sources/snapshot.ts';
import { createLogger } from '../../telemetry/logger.ts';
import { randomEntropy } from '../../render/helm/functions/entropy.ts';
import { nameFromTemplate } from '../../render/helm/name-template.ts';
import { type RenderedText, renderToText, type RenderTextOptions } from '../../render/render-text.ts';
import { rerunWithDeeperStack } from '../deeper-stack.ts';
import { openLocalFolder } from '../open-local-folder.ts';
import { readRegistryConfig } from '../registry-config.ts';
import { safeLine } from '../output/style.ts';

export interface RenderOptions {
  readonly release?: string;
  readonly valueFiles: readonly string[];
  readonly set: readonly HelmSet[];
  /** Writes the release name, with the functions of sprig. */
  readonly nameTemplate?: string;
  /** File with logins for registries and chart repositories. */
  readonly registryConfig?: string;
  readonly includeCrds: boolean;
  readonly skipCrds: boolean;
  readonly skipSchemaValidation: boolean;
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
export async function renderCommand(context: CommandContext, path: string, options: RenderOptions): Promise<number> {
  const { nameTemplate, registryConfig, skipCrds, ...flags } = options;
  const snapshot = openLocalFolder(path);
  const access = {
    cacheFolder: join(context.dataDir, 'charts'),
    allowedHosts: context.chartHosts,
    credentials: registryConfig === undefined ? {} : readRegistryConfig(registryConfig),
  };
  const release =
    nameTemplate === undefined
      ? options.release
      : nameFromTemplate(
          nameTemplate,
          randomEntropy(() => new Date()),
        );
  const settings: RenderTextOptions = {
    namespace: context.namespace ?? 'default',
    limits: DEFAULT_RENDER_LIMITS,
    ...flags,
    ...(release === undefined ? {} : { release }),
    includeCrds: options.includeCrds && !skipCrds,
  };
  let fetched: FetchedText;
  try {
    fetched = await renderAll(context, snapshot, settings, access);
  } catch (thrown) {
    // The standard input can be read once only.
    const code = options.valueFiles.includes('-') ? undefined : rerunWithDeeperStack(thrown);
    if (code === undefined) throw thrown;
    return code;
  }
  const { terminal } = context;
  const { result } = fetched;
  for (const warning of [...fetched.warnings, ...result.warnings])
    terminal.err(`${terminal.errStyle.yellow('!')} ${safeLine(warning)}`);
  if (result.problems.length > 0) {
    printProblems(context, path, result.problems);
    return new EngineError('RenderFailed', '').exitCode;
  }
  terminal.out(context.format === 'json' ? formatData({ objects: result.objects() }, 'json') : result.text);
  return 0;
}

interface FetchedText {
  readonly result: RenderedText;
  readonly warnings: readonly string[];
}

/** Renders until all that is named on allowed hosts is there. */
async function renderAll(
  context: CommandContext,
  snapshot: FolderSnapshot,
  settings: RenderTextOptions,
  access: ChartAccess,
): Promise<FetchedText> {
  const render = async (
    known: RenderAnswers['remotes'],
  ): Promise<FetchedText & { readonly asked: readonly RemoteRequest[] }> => {
    const bases = { allowedHosts: context.baseHosts, openSnapshot, known };
    const fetched = await renderWithFetched(
      snapshot,
      access,
      (charts) => renderToText(snapshot, snapshot.path, { ...settings, charts, bases }),
      context.signal,
    );
    return { ...fetched, asked: fetched.result.asked };
  };
  if (context.baseHosts.length === 0) return render([]);
  const { openBases } = await import('../open-bases.ts');
  const { fetcher } = openBases(context.dataDir, context.baseHosts, createLogger({ level: 'silent' }));
  try {
    return await renderWithRemotes(render, fetcher, context.signal);
  } finally {
    await fetcher.close();
  }
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
