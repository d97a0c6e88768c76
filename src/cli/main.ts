#!/usr/bin/env node
import { setMaxListeners } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { EngineError, isEngineError } from '../core/errors.ts';
import type { Cluster, Logger } from '../core/ports.ts';
import type { OpenEngine } from './build-engine.ts';
import type { CommandContext } from './context.ts';
import { errorDocument, formatError } from './output/print-error.ts';
import { formatData } from './output/print-data.ts';
import { chooseStyle } from './output/style.ts';
import { buildProgram, usageError, type Invocation } from './program.ts';
import { runCommand } from './run-command.ts';
import { chooseDataDir } from './session.ts';
import type { Terminal } from './terminal.ts';

// One signal for the whole process: the first Ctrl-C stops the work in order, the second one ends at once.
const stop = new AbortController();
setMaxListeners(0, stop.signal);
let interrupts = 0;
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    interrupts += 1;
    if (interrupts > 1) process.exit(130);
    stop.abort(new EngineError('Cancelled', 'stopped by a signal (Cancelled)'));
  });
}
// A reader that goes away (`evenkeel get | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const version = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string }
).version;

async function run(invocation: Invocation): Promise<void> {
  const { global } = invocation;
  const env = global.color ? process.env : { ...process.env, NO_COLOR: '1' };
  const terminal: Terminal = {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(`${text}\n`),
    style: chooseStyle(process.stdout.isTTY, env),
    errStyle: chooseStyle(process.stderr.isTTY, env),
    interactive: process.stdout.isTTY && process.stdin.isTTY,
  };
  const dataDir = chooseDataDir(dataDirOf(invocation), process.env, process.cwd(), existsSync);
  const { createLogger } = await import('../telemetry/logger.ts');
  const logger: Logger = createLogger({ level: global.verbose ? 'debug' : 'silent' });
  const opened: { cluster?: Cluster; engine?: OpenEngine } = {};
  const options = {
    dataDir,
    chartHosts: global.allowChartHost ?? [],
    baseHosts: global.allowBaseHost ?? [],
    ...(global.healthRules === undefined ? {} : { healthRules: global.healthRules }),
    env: process.env,
    logger,
    ...(global.kubeconfig === undefined ? {} : { kubeconfig: global.kubeconfig }),
    ...(global.context === undefined ? {} : { context: global.context }),
  };
  const cluster = async (): Promise<Cluster> => {
    if (opened.cluster === undefined) {
      const { openCluster } = await import('./build-engine.ts');
      const connected = await openCluster(options);
      opened.cluster = connected.cluster;
      if (global.verbose) terminal.err(`cluster: ${connected.place}`);
    }
    return opened.cluster;
  };
  const context: CommandContext = {
    terminal,
    format: global.output,
    verbose: global.verbose,
    dataDir,
    chartHosts: options.chartHosts,
    baseHosts: options.baseHosts,
    namespace: global.namespace,
    signal: stop.signal,
    person: personOf(process.env),
    cluster,
    engine: async () => {
      const { buildEngine } = await import('./build-engine.ts');
      opened.engine ??= await buildEngine(await cluster(), options);
      return opened.engine.engine;
    },
  };
  try {
    process.exitCode = await runCommand(invocation, context, {
      connect: async (kubeconfig) => {
        const { buildEngine, openCluster } = await import('./build-engine.ts');
        const connected = await openCluster({ ...options, ...(kubeconfig === undefined ? {} : { kubeconfig }) });
        opened.cluster = connected.cluster;
        opened.engine = await buildEngine(connected.cluster, options);
        return { cluster: connected.cluster, engine: opened.engine.engine };
      },
    });
  } catch (thrown) {
    report(thrown, terminal, global.output, global.verbose);
  } finally {
    await opened.engine?.close();
    await opened.cluster?.close();
  }
}

/** `up` on the examples keeps everything in a folder of its own, beside the user. */
function dataDirOf({ command, global }: Invocation): string | undefined {
  return (
    global.dataDir ?? (command === 'up' && (process.env['EVENKEEL_DATA_DIR'] ?? '') === '' ? '.evenkeel' : undefined)
  );
}

function personOf(env: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    // No entry for this user id (containers): the environment may know.
    return env['USER'] ?? 'unknown';
  }
}

function report(thrown: unknown, terminal: Terminal, format: Invocation['global']['output'], verbose: boolean): void {
  const cancelled = stop.signal.aborted && !isEngineError(thrown, 'PlanMoved');
  const error = cancelled ? new EngineError('Cancelled', 'stopped by a signal (Cancelled)', { cause: thrown }) : thrown;
  if (format === 'text') terminal.err(formatError(error, terminal.errStyle, verbose));
  else terminal.out(formatData(errorDocument(error), format));
  process.exitCode = isEngineError(error) ? error.exitCode : 1;
}

try {
  const program = buildProgram(version, run, (text) => process.stdout.write(text));
  if (process.argv.length <= 2) {
    program.outputHelp();
    process.exitCode = 2;
  } else await program.parseAsync(process.argv);
} catch (thrown) {
  const usage = usageError(thrown);
  if (usage !== undefined) process.exitCode = usage.exitCode;
  else if (!(thrown instanceof Error && 'exitCode' in thrown && thrown.exitCode === 0)) {
    process.stderr.write(`${formatError(thrown, chooseStyle(process.stderr.isTTY, process.env), false)}\n`);
    process.exitCode = isEngineError(thrown) ? thrown.exitCode : 1;
  }
}
