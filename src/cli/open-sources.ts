import { join } from 'node:path';
import type { Logger, SourceReader } from '../core/ports.ts';
import { GitSources } from '../sources/git-sources.ts';
import { systemClock } from '../telemetry/system-clock.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The sources of the command line: repositories kept in the data folder, folders of this machine and ssh allowed. */
export function openSources(dataDir: string, env: Environment, logger: Logger): SourceReader {
  return new GitSources({
    clock: systemClock,
    logger,
    random: Math.random,
    dataDir: join(dataDir, 'repositories'),
    localRepositories: 'allowed',
    ssh: { environment: sshEnvironment(env) },
  });
}

/** What git and ssh may see of the environment, and no more. */
function sshEnvironment(env: Environment): Partial<Record<'PATH' | 'HOME' | 'SSH_AUTH_SOCK', string>> {
  const names = ['PATH', 'HOME', 'SSH_AUTH_SOCK'] as const;
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
