import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../core/errors.ts';
import type { Cluster } from '../core/ports.ts';
import type { Engine } from '../controller/engine.ts';
import type { OverrideOptions } from './commands/plan.ts';
import type { CommandContext } from './context.ts';
import type { Overlay } from './install/overlays.ts';
import { REFUSED_HELM_FLAGS, setFlags, type Invocation } from './program.ts';

export interface CommandDeps {
  readonly connect: (kubeconfig?: string) => Promise<{ readonly cluster: Cluster; readonly engine: Engine }>;
}

/** Runs one command and answers with its exit code. Each command is loaded when it is called: `evenkeel render` pays for no cluster client. */
export async function runCommand(invocation: Invocation, context: CommandContext, deps: CommandDeps): Promise<number> {
  const { command, words, global } = invocation;
  const option = optionReader(invocation.options);
  const name = words[0] ?? '';
  const waiting = { wait: option.flag('wait'), timeoutMs: option.number('timeout') };
  switch (command) {
    case 'up':
      refuseBoth(option.text('repo'), option.text('file'), '--repo', '--file');
      return (await import('./commands/up.ts')).upCommand(
        context,
        {
          ...option.texts('repo', 'path', 'ref', 'name', 'file'),
          untilHealthy: option.flag('untilHealthy'),
          timeoutMs: waiting.timeoutMs,
          ownCluster: global.kubeconfig !== undefined || global.context !== undefined,
          nodes: option.number('nodes'),
          gpuNodes: option.number('gpuNodes'),
          intervalMs: option.number('interval'),
        },
        deps.connect,
      );
    case 'render':
      refuseHelmFlags(invocation.options);
      return (await import('./commands/render.ts')).renderCommand(context, name, {
        ...option.texts('release', 'nameTemplate', 'registryConfig', 'kubeVersion', 'seed'),
        skipCrds: option.flag('skipCrds'),
        skipSchemaValidation: option.flag('skipSchemaValidation'),
        ...(option.text('reorder') === 'none' ? { reorder: 'none' as const } : {}),
        valueFiles: option.list('values'),
        set: setFlags(),
        includeCrds: option.flag('includeCrds'),
        skipTests: option.flag('skipTests'),
        noHooks: invocation.options['hooks'] === false,
        isUpgrade: option.flag('isUpgrade'),
        apiVersions: option.list('apiVersions'),
        showOnly: option.list('showOnly'),
      });
    case 'diff':
      return diffCommand(context, name, option);
    case 'plan':
      return (await import('./commands/plan.ts')).planCommand(context, name, {
        ...overrides(option),
        ...option.texts('file'),
      });
    case 'sync':
      return (await import('./commands/sync.ts')).syncCommand(context, name, {
        ...overrides(option),
        ...option.texts('file', 'plan'),
        ...waiting,
      });
    case 'get':
      return (await import('./commands/show.ts')).getCommand(context, words[0]);
    case 'status':
      return (await import('./commands/show.ts')).statusCommand(context, name);
    case 'tree':
      return (await import('./commands/show.ts')).treeCommand(context, name);
    case 'explain':
      return (await import('./commands/explain.ts')).explainCommand(context, name);
    case 'history':
      return (await import('./commands/history.ts')).historyCommand(context, name, { limit: option.number('limit') });
    case 'rollback':
      return (await import('./commands/history.ts')).rollbackCommand(context, name, {
        ...waiting,
        ...(words[1] === undefined ? {} : { to: revisionNumber(words[1]) }),
        allowDeletions: option.flag('allowDeletions'),
        confirmDelete: option.list('confirmDelete'),
      });
    case 'install':
      return (await import('./commands/install.ts')).installCommand(context, {
        ...waiting,
        ...option.texts('image'),
        overlay: option.text('overlay') as Overlay,
        apply: option.flag('apply'),
        allowDeletions: option.flag('allowDeletions'),
      });
    case 'uninstall':
      return (await import('./commands/install.ts')).uninstallCommand(context, {
        confirmDelete: option.list('confirmDelete'),
      });
    case 'controller':
      return controllerService(context, global, option);
    case 'health check':
      return (await import('./commands/health.ts')).healthCheckCommand(context, words[0] ?? '-', {
        jsonl: option.flag('jsonl'),
        ...(global.healthRules === undefined ? {} : { rules: global.healthRules }),
      });
    case 'health test':
      return (await import('./commands/health-rules.ts')).healthTestCommand(context, name);
    default:
      throw new EngineError('UsageInvalid', `command ${command} is not known (NotFound)`);
  }
}

/** In a pod everybody may connect: what is reachable is the network policy's matter. */
async function controllerService(
  context: CommandContext,
  global: Invocation['global'],
  option: OptionReader,
): Promise<number> {
  const { env } = process;
  const inPod = (env['KUBERNETES_SERVICE_HOST'] ?? '') !== '';
  const redisUrl = env['REDIS_URL'] ?? '';
  const watchNamespace = option.text('watchNamespace');
  const defaultServiceAccount = option.text('defaultServiceAccount');
  const { controllerCommand } = await import('./commands/controller.ts');
  return controllerCommand({
    dataDir: context.dataDir,
    chartHosts: context.chartHosts,
    baseHosts: context.baseHosts,
    ...(global.healthRules === undefined ? {} : { healthRules: global.healthRules }),
    signal: context.signal,
    env,
    namespace: context.namespace ?? env['POD_NAMESPACE'] ?? 'evenkeel-system',
    host: option.text('listen') ?? (inPod ? '0.0.0.0' : '127.0.0.1'),
    port: option.number('port'),
    probesPort: option.number('probesPort'),
    redisPrefix: option.text('redisPrefix') ?? 'evenkeel',
    leaderElection: option.flag('leaderElection'),
    leaseDurationMs: option.number('leaseDuration'),
    concurrency: Math.max(1, option.number('concurrency')),
    resyncMs: option.number('resync'),
    localRepositories: option.flag('allowLocalRepositories'),
    logLevel: global.verbose ? 'debug' : (option.text('logLevel') as 'info'),
    ...(global.kubeconfig === undefined ? {} : { kubeconfig: global.kubeconfig }),
    ...(global.context === undefined ? {} : { context: global.context }),
    ...(redisUrl === '' ? {} : { redisUrl }),
    ...(watchNamespace === undefined ? {} : { watchNamespace }),
    ...(defaultServiceAccount === undefined ? {} : { defaultServiceAccount }),
    ...(option.number('renders') === 0 ? {} : { renderProcesses: option.number('renders') }),
  });
}

/** An application's name, or a folder: a folder is what exists as one, or is compared between revisions. */
async function diffCommand(context: CommandContext, target: string, option: OptionReader): Promise<number> {
  const from = option.text('from');
  const to = option.text('to');
  if (from === undefined && to !== undefined)
    throw new EngineError('UsageInvalid', 'option --to needs --from (Incomplete)');
  if (from !== undefined) return diffBetween(context, target, from, to ?? 'HEAD', option);
  if (/^\.{0,2}\/|^\.{1,2}$/.test(target))
    return (await import('./commands/diff-folder.ts')).diffFolder(context, target);
  return (await import('./commands/plan.ts')).diffApplication(context, target, option.texts('file'));
}

/** Between two commits: of a folder that is there, else of the application with that name. */
async function diffBetween(
  context: CommandContext,
  target: string,
  from: string,
  to: string,
  option: OptionReader,
): Promise<number> {
  const [{ diffRevisions }, { applicationSubject, folderSubject }] = await Promise.all([
    import('./commands/diff-revisions.ts'),
    import('./commands/revision-subject.ts'),
  ]);
  if (!existsSync(target)) {
    if (target.includes('/') && target.split('/').length > 2)
      throw new EngineError('UsageInvalid', `path ${target} does not exist (NotFound)`);
    const engine = await context.engine();
    const subject = await applicationSubject(target, option.text('file'), context, engine);
    return diffRevisions(context, subject, { from, to }, engine.renderer);
  }
  const [{ createLogger }, { openSources }, { openBases }, { createRenderer }] = await Promise.all([
    import('../telemetry/logger.ts'),
    import('./open-sources.ts'),
    import('./open-bases.ts'),
    import('../controller/create-renderer.ts'),
  ]);
  const logger = createLogger({ level: 'silent' });
  const sources = openSources(context.dataDir, process.env, logger);
  const renderer = createRenderer({
    charts: { cacheFolder: join(context.dataDir, 'charts'), allowedHosts: context.chartHosts },
    bases: openBases(context.dataDir, context.baseHosts, logger),
  });
  try {
    return await diffRevisions(context, folderSubject(target, context, sources), { from, to }, renderer);
  } finally {
    await Promise.allSettled([renderer.close(), sources.close()]);
  }
}

/** Flags of `helm template` that cannot mean anything here are refused by name, with what to do instead. */
function refuseHelmFlags(options: Invocation['options']): void {
  for (const { flag, remedy } of REFUSED_HELM_FLAGS) {
    const key = flag.replace(/^--/, '').replaceAll(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());
    if (options[key] === undefined) continue;
    throw new EngineError('NotSupported', `option ${flag} of helm template is not supported (NotSupported)`, {
      remedy,
    });
  }
}

function overrides(option: OptionReader): OverrideOptions {
  return {
    allowEmpty: option.flag('allowEmpty'),
    allowDeletions: option.flag('allowDeletions'),
    confirmDelete: option.list('confirmDelete'),
    retry: option.flag('retry'),
    adopt: option.flag('adopt'),
  };
}

function revisionNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new EngineError('UsageInvalid', `revision ${text} is no number (Invalid)`, {
      remedy: 'take one from evenkeel history APP',
    });
  return Number(text);
}

function refuseBoth(left: string | undefined, right: string | undefined, leftName: string, rightName: string): void {
  if (left !== undefined && right !== undefined)
    throw new EngineError('UsageInvalid', `options ${leftName} and ${rightName} exclude each other (Ambiguous)`);
}

interface OptionReader {
  text(name: string): string | undefined;
  /** The named options that were given, as an object. */
  texts<Name extends string>(...names: readonly Name[]): { readonly [name in Name]?: string };
  flag(name: string): boolean;
  number(name: string): number;
  list(name: string): readonly string[];
}

/** Options as commander read them, by type; what the definition promises is trusted, a wrong name is a bug of ours. */
function optionReader(options: Invocation['options']): OptionReader {
  const text = (name: string): string | undefined => (typeof options[name] === 'string' ? options[name] : undefined);
  return {
    text,
    texts: (...names) =>
      Object.fromEntries(names.flatMap((name) => (text(name) === undefined ? [] : [[name, text(name)]]))) as never,
    flag: (name) => options[name] === true,
    number: (name) => (typeof options[name] === 'number' ? options[name] : 0),
    list: (name) => (Array.isArray(options[name]) ? (options[name] as string[]) : []),
  };
}
