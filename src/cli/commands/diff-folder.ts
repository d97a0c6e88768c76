import { join } from 'node:path';
import { EngineError } from '../../core/errors.ts';
import { DEFAULT_RENDER_LIMITS, type RenderRequest, type RenderResult } from '../../core/manifest.ts';
import type { RenderWorld } from '../../core/render-world.ts';
import { EMPTY_STATE } from '../../core/state.ts';
import { resolveApplication } from '../../config/resolve-application.ts';
import { planRevision } from '../../controller/prepare.ts';
import { isEmptyPlan } from '../../plan/build-plan.ts';
import { NO_OVERRIDES } from '../../plan/guards.ts';
import { renderWorld } from '../../controller/render-world.ts';
import { type FetchedCharts, renderWithFetched } from '../../render/fetched-charts.ts';
import { renderInRounds } from '../../render/render-rounds.ts';
import { renderSnapshot } from '../../render/render-snapshot.ts';
import { openSnapshot } from '../../sources/snapshot.ts';
import { openBases } from '../open-bases.ts';
import { openLocalFolder } from '../open-local-folder.ts';
import type { CommandContext } from '../context.ts';
import { passingValues } from '../passing-values.ts';
import { printPlan } from './plan.ts';

/**
 * `evenkeel diff PATH`: the folder as it lies on disk against the cluster. Nothing is owned by a folder, so nothing is ever shown as to be
 * deleted.
 */
export async function diffFolder(context: CommandContext, path: string): Promise<number> {
  const snapshot = openLocalFolder(path);
  const namespace = context.namespace ?? 'default';
  const name = { namespace, name: 'working-folder' };
  const application = resolveApplication(
    {
      apiVersion: 'evenkeel.dev/v1alpha1',
      kind: 'Application',
      metadata: name,
      spec: { source: { git: { url: 'file:.' } }, sync: { adopt: true } },
    },
    namespace,
  );
  const engine = await context.engine();
  const request: RenderRequest = {
    path: snapshot.path,
    settings: { kind: 'auto' },
    namespace,
    application: 'diff',
    limits: DEFAULT_RENDER_LIMITS,
  };
  const access = { cacheFolder: join(context.dataDir, 'charts'), allowedHosts: context.chartHosts, credentials: {} };
  const { allowedHosts, fetcher } = openBases(context.dataDir, context.baseHosts, engine.logger);
  const bases = { allowedHosts, openSnapshot };
  let result: RenderResult;
  try {
    const answered = await renderInRounds(
      async (answers) => {
        const render = (charts: FetchedCharts): RenderResult =>
          renderSnapshot(snapshot, request, { answers, charts, bases });
        return (await renderWithFetched(snapshot, access, render, context.signal)).result;
      },
      { world: unkept(renderWorld(application, engine)), remotes: fetcher, signal: context.signal },
    );
    ({ result } = answered);
  } finally {
    await fetcher.close();
  }
  if (result.kind === 'failed') {
    throw new EngineError(
      'RenderFailed',
      `${path} cannot be rendered (Invalid): ${result.problems[0]?.message ?? ''}`,
      { data: { problems: result.problems } },
    );
  }
  const prepared = await planRevision(
    application,
    { name, state: EMPTY_STATE, document: undefined, resourceVersion: undefined },
    {
      commitId: '0'.repeat(40),
      commitSubject: `the folder ${path}`,
      author: '',
      manifests: result.set.manifests,
      manifestDigest: result.set.digest,
      warnings: result.warnings,
      reused: false,
    },
    engine,
    { overrides: NO_OVERRIDES, dryRunChanges: true, signal: context.signal },
  );
  printPlan(context, prepared);
  return isEmptyPlan(prepared.plan) ? 0 : 1;
}

/** A folder is no application: what its charts generate is random and kept nowhere. */
function unkept(world: RenderWorld): RenderWorld {
  return { ...world, ...passingValues() };
}
