import type { Cluster } from '../core/ports.ts';
import type { Engine } from '../controller/engine.ts';
import { findApplication, listApplications, readApplicationFile, type KnownApplication } from './applications.ts';
import { readState } from '../apply/state-store.ts';
import { safeLine } from './output/style.ts';
import type { OutputFormat, Terminal } from './terminal.ts';

/** What a command gets: where to write, and the engine, which is only built when it is asked for. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly format: OutputFormat;
  readonly verbose: boolean;
  readonly dataDir: string;
  /** Hosts that charts may be fetched from. */
  readonly chartHosts: readonly string[];
  /** Hosts that bases and files of kustomizations may be fetched from. */
  readonly baseHosts: readonly string[];
  /** `-n`: namespace of Applications; undefined means all. */
  readonly namespace: string | undefined;
  readonly signal: AbortSignal;
  readonly cluster: () => Promise<Cluster>;
  readonly engine: () => Promise<Engine>;
  /** Name of the person for history and holds. */
  readonly person: string;
}

/** The application that a command names; `file` declares it without a cluster object. */
export async function openApplication(context: CommandContext, name: string, file?: string): Promise<KnownApplication> {
  const cluster = await context.cluster();
  if (file !== undefined) {
    const declared = readApplicationFile(file, context.namespace ?? 'default');
    const known: KnownApplication[] = [];
    for (const { application, document } of declared) {
      known.push({ application, document, stored: await readState(cluster, application.name, context.signal) });
    }
    return findApplication(known, name);
  }
  const { applications, problems } = await listApplications(cluster, context.namespace);
  for (const problem of problems)
    context.terminal.err(`${context.terminal.errStyle.yellow('!')} ${safeLine(problem.message)}`);
  return findApplication(applications, name);
}
