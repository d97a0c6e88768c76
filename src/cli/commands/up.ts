import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { formatApplicationName, type Application } from '../../core/application.ts';
import { EngineError, isEngineError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';
import type { Cluster } from '../../core/ports.ts';
import { formatDuration } from '../../config/duration.ts';
import { API_VERSION, KIND } from '../../config/application-schema.ts';
import { resolveApplication } from '../../config/resolve-application.ts';
import { awaitHealthy } from '../../controller/observe-health.ts';
import { reconcile } from '../../controller/reconcile.ts';
import { isLocal, runLoop } from '../reconcile-loop.ts';
import type { Engine } from '../../controller/engine.ts';
import { startSandbox, type Sandbox } from '../../sandbox/start.ts';
import { inDependencyOrder, listApplications, readApplicationFile, registerApplication } from '../applications.ts';
import type { CommandContext } from '../context.ts';
import { EXAMPLE_BEHAVIOURS } from '../example-behaviours.ts';
import { ensureExampleRepository } from '../example-repository.ts';
import { formatError } from '../output/print-error.ts';
import { formatObjectHealth } from '../output/print-health.ts';
import { formatPlan } from '../output/print-plan.ts';
import { formatProgress } from '../output/print-progress.ts';
import { endSession, writeSession } from '../session.ts';

export interface UpOptions {
  readonly repo?: string;
  readonly path?: string;
  readonly ref?: string;
  readonly name?: string;
  /** `-f`: Application documents. */
  readonly file?: string;
  readonly untilHealthy: boolean;
  readonly timeoutMs: number;
  /** The user named a cluster: nothing embedded is started. */
  readonly ownCluster: boolean;
  readonly nodes: number;
  readonly gpuNodes: number;
  readonly intervalMs: number;
}

interface Declared {
  readonly application: Application;
  readonly document: JsonObject;
}

/**
 * `evenkeel up`: from a commit to a healthy cluster on this machine. Without a repository it takes the bundled examples, without a
 * cluster it starts the embedded one. Stays and reconciles, or ends with `--until-healthy`: 0 when all is healthy, 4 when not in time.
 */
export async function upCommand(
  context: CommandContext,
  options: UpOptions,
  connect: (kubeconfig?: string) => Promise<{ readonly cluster: Cluster; readonly engine: Engine }>,
): Promise<number> {
  const { terminal } = context;
  const examples = options.repo === undefined && options.file === undefined;
  const declared = examples ? await declareExamples(context) : declareOwn(options, context);
  const ordered = inDependencyOrder(declared);
  let sandbox: Sandbox | undefined;
  try {
    let kubeconfig: string | undefined;
    if (!options.ownCluster) {
      sandbox = await startSandbox({
        nodes: options.nodes,
        gpuNodes: options.gpuNodes,
        behaviours: EXAMPLE_BEHAVIOURS,
      });
      kubeconfig = publishSession(context.dataDir, sandbox);
      terminal.err(
        `embedded cluster at ${sandbox.url} with ${options.nodes + options.gpuNodes} nodes; kubectl --kubeconfig ${shown(kubeconfig)} works with it`,
      );
    }
    const { cluster, engine } = await connect(kubeconfig);
    for (const { application, document } of ordered) {
      await ensureNamespace(cluster, application.name.namespace);
      await registerApplication(cluster, application, document);
    }
    const deadlineMs = engine.clock.monotonic() + options.timeoutMs;
    const failed = await syncAll(context, ordered, engine, deadlineMs);
    if (context.signal.aborted) return new EngineError('Cancelled', '').exitCode;
    if (options.untilHealthy) return failed;
    printNext(context, examples, ordered);
    await stay(context, cluster, engine, options.intervalMs);
    return 0;
  } finally {
    endSession(context.dataDir);
    await sandbox?.close();
  }
}

async function declareExamples(context: CommandContext): Promise<Declared[]> {
  const source = fileURLToPath(new URL('../../../examples', import.meta.url));
  const folder = join(context.dataDir, 'repository');
  const made = await ensureExampleRepository(source, folder, Math.floor(Date.now() / 1000));
  context.terminal.err(`${made ? 'made' : 'using'} the example repository in ${shown(folder)}`);
  const url = pathToFileURL(folder).href;
  return readApplicationFile(join(folder, 'applications.yaml'), 'evenkeel').map(({ document }) => {
    const placed = withUrl(document, url);
    return { document: placed, application: resolveApplication(placed, 'evenkeel') };
  });
}

function withUrl(document: JsonObject, url: string): JsonObject {
  const spec = isJsonObject(document['spec']) ? document['spec'] : {};
  const source = isJsonObject(spec['source']) ? spec['source'] : {};
  const git = isJsonObject(source['git']) ? source['git'] : {};
  return { ...document, spec: { ...spec, source: { ...source, git: { ...git, url } } } };
}

function declareOwn(options: UpOptions, context: CommandContext): Declared[] {
  if (options.file !== undefined) return readApplicationFile(options.file, context.namespace ?? 'default');
  const repo = options.repo ?? '';
  // A folder of this machine is meant as such, whatever the current folder will be.
  const url = /^[a-z][a-z0-9+.-]*:\/\/|^[^/]+@[^/]+:/i.test(repo) ? repo : pathToFileURL(resolve(repo)).href;
  const path = options.path ?? '';
  const base =
    (path === '' ? url : path)
      .replace(/\/+$/, '')
      .replace(/\.git$/, '')
      .split(/[/:]/)
      .at(-1) ?? '';
  const name =
    options.name ??
    (base
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 50) ||
      'application');
  const namespace = context.namespace ?? 'default';
  const document = {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: { name, namespace },
    spec: {
      source: { git: { url, path, ...(options.ref === undefined ? {} : { ref: refDocument(options.ref) }) } },
      destination: { namespace },
      sync: { createNamespace: true },
    },
  } satisfies JsonObject;
  return [{ document, application: resolveApplication(document, namespace) }];
}

function refDocument(ref: string): JsonObject {
  if (/^[0-9a-f]{40}$/.test(ref)) return { commit: ref };
  if (ref.startsWith('refs/tags/')) return { tag: ref.slice('refs/tags/'.length) };
  return { branch: ref.replace(/^refs\/heads\//, '') };
}

function publishSession(dataDir: string, sandbox: Sandbox): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o750 });
  const path = join(dataDir, 'kubeconfig');
  writeFileSync(path, `${JSON.stringify(sandbox.kubeconfig(), null, 2)}\n`, { mode: 0o600 });
  writeSession(dataDir, { kubeconfig: path, server: sandbox.url, pid: process.pid });
  return path;
}

async function ensureNamespace(cluster: Cluster, name: string): Promise<void> {
  const kind = { group: '', version: 'v1', kind: 'Namespace' };
  const live = await cluster.get(kind, { namespace: '', name });
  if (live.state === 'unknown') throw live.error;
  if (live.state === 'present') return;
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}

/** Syncs each application once, in the order of their dependencies. @returns the exit code for `--until-healthy` */
async function syncAll(
  context: CommandContext,
  ordered: readonly Declared[],
  engine: Engine,
  deadlineMs: number,
): Promise<number> {
  const { terminal } = context;
  let exitCode = 0;
  const unhealthy = new Set<string>();
  for (const { application } of ordered) {
    if (context.signal.aborted) return exitCode;
    const name = formatApplicationName(application.name);
    const blocked = application.dependsOn.map(formatApplicationName).filter((other) => unhealthy.has(other));
    if (blocked.length > 0) {
      terminal.out(`${terminal.style.yellow('◌')} ${name}: waits for ${blocked.join(', ')}\n`);
      unhealthy.add(name);
      exitCode ||= new EngineError('NotHealthyInTime', '').exitCode;
      continue;
    }
    try {
      const code = await syncOne(context, application, engine, deadlineMs);
      if (code !== 0) unhealthy.add(name);
      exitCode ||= code;
    } catch (thrown) {
      if (context.signal.aborted) return exitCode;
      unhealthy.add(name);
      terminal.err(formatError(thrown, terminal.errStyle, context.verbose));
      exitCode ||= isEngineError(thrown) ? thrown.exitCode : 1;
    }
  }
  return exitCode;
}

async function syncOne(
  context: CommandContext,
  application: Application,
  engine: Engine,
  deadlineMs: number,
): Promise<number> {
  const { terminal } = context;
  const startedMs = engine.clock.monotonic();
  const result = await reconcile(application, engine, {
    signal: context.signal,
    trigger: 'commit',
    dryRunChanges: true,
    onPlan: (prepared) =>
      terminal.out(
        `${formatPlan(prepared.plan, { commitSubject: prepared.revision.commitSubject, warnings: prepared.revision.warnings }, terminal.style)}\n`,
      ),
    onProgress: (event) => {
      const line = formatProgress(event, terminal.errStyle);
      if (line !== undefined) terminal.err(line);
    },
  });
  const keys = result.stored.state.inventory;
  const seen = new Set<string>();
  const health = result.complete
    ? await awaitHealthy(
        application,
        keys,
        Math.max(0, deadlineMs - engine.clock.monotonic()),
        engine,
        context.signal,
        {
          onHealth: (objects) => {
            for (const entry of objects) {
              const line = formatObjectHealth(entry, terminal.errStyle);
              if (entry.health.status === 'healthy' || seen.has(line)) continue;
              seen.add(line);
              terminal.err(`    ${line}`);
            }
          },
        },
      )
    : { healthy: false, problems: [] };
  const name = formatApplicationName(application.name);
  const took = formatDuration(engine.clock.monotonic() - startedMs);
  if (health.healthy) {
    terminal.out(`${terminal.style.green('✔')} ${name}: ${keys.length} objects healthy after ${took}\n\n`);
    return result.plan.refusals.length > 0 ? new EngineError('PlanRefused', '').exitCode : 0;
  }
  terminal.out(`${terminal.style.red('✗')} ${name}: not healthy after ${took}\n`);
  for (const problem of health.problems) terminal.out(`    ${problem.message}\n`);
  const failed = result.report.failed[0]?.error;
  terminal.out(`  why: evenkeel explain ${name}\n\n`);
  return failed?.exitCode ?? new EngineError('NotHealthyInTime', '').exitCode;
}

function printNext(context: CommandContext, examples: boolean, ordered: readonly Declared[]): void {
  const { bold } = context.terminal.style;
  const repository = shown(join(context.dataDir, 'repository'));
  const last = ordered.at(-1)?.application;
  const name = last?.name.name ?? 'APP';
  const lines = examples
    ? [
        `  ${bold(`git -C ${repository} commit -am "Change something"`)}   after an edit in ${repository}/shop: it is applied within seconds`,
        `  ${bold('npx evenkeel diff shop')}   what differs between Git and the cluster`,
        `  ${bold('npx evenkeel rollback shop')}   one revision back, held until a newer commit`,
      ]
    : [
        `  commit a change: it is applied ${last === undefined || isLocal(last) ? 'within seconds' : `within ${formatDuration(last.intervalMs)}`}`,
        `  ${bold(`evenkeel diff ${name}`)}   what differs between Git and the cluster`,
        `  ${bold(`evenkeel rollback ${name}`)}   one revision back, held until a newer commit`,
      ];
  context.terminal.out(`Reconciling. Try next, in another terminal:\n${lines.join('\n')}\nCtrl-C ends it.\n`);
}

async function stay(context: CommandContext, cluster: Cluster, engine: Engine, intervalMs: number): Promise<void> {
  const { terminal } = context;
  await runLoop(
    async () => inDependencyOrder((await listApplications(cluster)).applications).map(({ application }) => application),
    engine,
    {
      onPlan: (prepared) =>
        terminal.out(
          `\n${formatPlan(prepared.plan, { commitSubject: prepared.revision.commitSubject, warnings: prepared.revision.warnings }, terminal.style)}\n`,
        ),
      onProgress: (_application, event) => {
        const line = formatProgress(event, terminal.errStyle);
        if (line !== undefined) terminal.err(line);
      },
      onReconciled: (result) => {
        const name = result.plan.application;
        const open = result.health.filter(({ health }) => health.status !== 'healthy' && health.status !== 'suspended');
        if (!result.complete)
          terminal.out(`${terminal.style.red('✗')} ${name}: not complete; why: evenkeel explain ${name}\n`);
        else if (open.length > 0)
          terminal.out(
            `${terminal.style.yellow('◌')} ${name}: applied, ${open.length} of ${result.health.length} objects on their way\n`,
          );
        else terminal.out(`${terminal.style.green('✔')} ${name}: healthy\n`);
      },
      onFailure: (_application, error) => terminal.err(formatError(error, terminal.errStyle, context.verbose)),
      onRecovered: (application) =>
        terminal.err(`${terminal.errStyle.green('✔')} ${formatApplicationName(application.name)}: works again`),
    },
    { signal: context.signal, intervalMs },
  );
}

/** A path as the user would type it. */
function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near !== '' && !near.startsWith('..') ? near : path;
}
