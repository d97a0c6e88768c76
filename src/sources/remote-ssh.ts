import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../core/errors.ts';
import { tooLarge } from './objects/corrupt.ts';
import { ObjectStore } from './objects/object-store.ts';
import type { PackLimits } from './objects/pack-indexer.ts';
import { checkComplete } from './history-walk.ts';
import { printable } from './printable.ts';
import type { RemoteRefs } from './remote.ts';
import type { FetchOrder, Transport } from './transport.ts';
import { readAdvertisedLines } from './wire/advertisement.ts';

export interface SshOptions {
  /** What git and ssh see of the environment: PATH finds them, HOME has keys and known hosts, SSH_AUTH_SOCK is the agent. */
  readonly environment: Readonly<Partial<Record<'PATH' | 'HOME' | 'SSH_AUTH_SOCK', string>>>;
}

export interface SshTransportOptions extends SshOptions {
  readonly url: string;
  readonly host: string;
  readonly shown: string;
  readonly limits: PackLimits;
  readonly listTimeoutMs: number;
  readonly fetchTimeoutMs: number;
}

const MAX_LIST_BYTES = 64 * 1024 * 1024;

/** Settings that win over every file: no hooks, no helpers, no other transport, no submodules, no upkeep in the background. */
const SETTINGS = [
  'protocol.allow=never',
  'protocol.ssh.allow=always',
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.askPass=',
  'credential.helper=',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'fetch.fsckObjects=true',
  'fetch.unpackLimit=1',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);

/**
 * A repository over ssh, through the system's git with a closed environment. Host keys are checked strictly, nothing is ever asked for, and
 * no file of settings is read except those of ssh itself.
 */
export class SshTransport implements Transport {
  readonly host: string;
  readonly #options: SshTransportOptions;

  constructor(options: SshTransportOptions) {
    this.#options = options;
    this.host = options.host;
  }

  async list(prefixes: readonly string[], signal: AbortSignal): Promise<RemoteRefs> {
    const patterns = [...new Set(prefixes.map((prefix) => (prefix.endsWith('/') ? `${prefix}*` : prefix)))];
    const output = await this.#git(
      ['ls-remote', '--quiet', '--symref', '--', this.#options.url, ...patterns, ...peeled(patterns)],
      this.#options.listTimeoutMs,
      signal,
    );
    return readAdvertisedLines(output, this.host);
  }

  async fetch(order: FetchOrder, signal: AbortSignal): Promise<void> {
    const depth = order.depth === undefined ? [] : [`--depth=${order.depth}`];
    const before = packBytes(order.gitDir);
    // Without a name of its own a fetched commit is not kept for the next negotiation; the caller writes refs for what it tracks.
    await this.#git(
      [
        `--git-dir=${order.gitDir}`,
        'fetch',
        '--quiet',
        '--no-tags',
        '--no-write-fetch-head',
        '--no-auto-maintenance',
        '--no-recurse-submodules',
        ...depth,
        '--',
        this.#options.url,
        ...order.wants,
      ],
      this.#options.fetchTimeoutMs,
      signal,
      // Git has no limit of its own for what a fetch may bring: what it writes is measured while it runs.
      () => packBytes(order.gitDir) - before,
    );
    const store = new ObjectStore(order.gitDir, { maxObjectBytes: this.#options.limits.objectBytes });
    try {
      const checked = order.haves.find((id) => store.has(id));
      for (const id of order.expected) checkComplete(store, id, checked);
    } finally {
      store.close();
    }
  }

  #git(args: readonly string[], timeoutMs: number, signal: AbortSignal, grownBytes?: () => number): Promise<string> {
    const { environment, limits } = this.#options;
    return new Promise((resolve, reject) => {
      const child = spawn('git', [...SETTINGS, ...args], {
        cwd: '/',
        env: {
          ...environment,
          LC_ALL: 'C',
          GIT_ALLOW_PROTOCOL: 'ssh',
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_CONFIG_GLOBAL: '/dev/null',
          GIT_TERMINAL_PROMPT: '0',
          GIT_NO_REPLACE_OBJECTS: '1',
          GIT_OPTIONAL_LOCKS: '0',
          GIT_SSH_VARIANT: 'ssh',
          GIT_SSH_COMMAND:
            'ssh -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=15 -o ClearAllForwardings=yes',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
        // A group of its own: ssh ends together with git.
        detached: true,
      });
      let output = '';
      let errors = '';
      let failure: EngineError | undefined;
      const stop = (error: EngineError): void => {
        failure ??= error;
        try {
          if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        } catch {
          child.kill('SIGKILL');
        }
      };
      const timer = setTimeout(() => stop(this.#failed('it took longer than the time limit')), timeoutMs);
      const meter = setInterval(() => {
        const bytes = grownBytes?.() ?? 0;
        if (bytes > limits.packBytes) stop(tooLarge('the pack', bytes, limits.packBytes));
      }, 500);
      const onAbort = (): void => {
        const isLate = signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
        const cancelled = `request to ${this.host} was cancelled (Cancelled): it is not needed any more`;
        stop(isLate ? this.#failed('it took longer than the time limit') : new EngineError('Cancelled', cancelled));
      };
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.length > MAX_LIST_BYTES)
          stop(this.#failed(`its list of refs is longer than ${MAX_LIST_BYTES} bytes`));
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        errors = (errors + text).slice(-4096);
      });
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        clearInterval(meter);
        signal.removeEventListener('abort', onAbort);
        settle();
      };
      child.on('error', (error: NodeJS.ErrnoException) =>
        finish(() =>
          reject(error.code === 'ENOENT' ? gitIsMissing(this.#options.shown) : this.#failed('git cannot be started')),
        ),
      );
      child.on('close', (code) =>
        finish(() => {
          if (failure !== undefined) reject(failure);
          else if (code === 0) resolve(output);
          else reject(this.#explained(errors));
        }),
      );
    });
  }

  #failed(cause: string): EngineError {
    return new EngineError('SourceUnreachable', `Git host ${this.host} cannot be used (SourceUnreachable): ${cause}`, {
      remedy: 'check the URL and the network; the last good revision stays in use',
      data: { host: this.host },
    });
  }

  #explained(errors: string): EngineError {
    const denied = (cause: string, remedy: string): EngineError =>
      new EngineError('SourceDenied', `repository ${this.#options.shown} cannot be read (SourceDenied): ${cause}`, {
        remedy,
        data: { host: this.host },
      });
    if (/host key verification failed|remote host identification has changed/i.test(errors))
      return denied(
        'the key of the host is unknown or has changed',
        'put the key of the host into known_hosts, after checking it',
      );
    if (/permission denied/i.test(errors))
      return denied('no key is accepted', 'load a key that may read the repository into the ssh agent');
    if (/does not (?:exist|appear to be a git repository)|not found/i.test(errors))
      return denied(
        'it does not exist, or these credentials may not see it',
        'check the URL and what the key may read',
      );
    if (/not our ref|unadvertised object|couldn't find remote ref/i.test(errors))
      return new EngineError(
        'SourceRefNotFound',
        `a commit of ${this.#options.shown} was not found (SourceRefNotFound): the host does not give it`,
      );
    return this.#failed(`git says ${JSON.stringify(printable(errors))}`);
  }
}

function packBytes(gitDir: string): number {
  const folder = join(gitDir, 'objects', 'pack');
  let bytes = 0;
  for (const name of readdirSync(folder)) bytes += statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
  return bytes;
}

function peeled(patterns: readonly string[]): readonly string[] {
  return patterns
    .filter((pattern) => pattern.startsWith('refs/tags/') && !pattern.endsWith('*'))
    .map((pattern) => `${pattern}^{}`);
}

function gitIsMissing(shown: string): EngineError {
  return new EngineError(
    'SourceRefused',
    `repository ${shown} is refused (SourceRefused): ssh needs git, which is not on the PATH`,
    {
      remedy: 'install git, or use the https URL of the repository',
    },
  );
}
