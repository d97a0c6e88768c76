import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { type Files, git, makeFolder, writeFiles } from './git-repository.ts';
import { signingWith, type SshKeyPair } from './signed-commits.ts';

/** One request that the server saw, with what it was answered. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  status: number;
  /** Bytes of Git's own answer. */
  bytes: number;
}

/**
 * What goes wrong from now on, for requests whose path matches:
 * `status` answers with a code; `stall` never answers; `stallBody` sends some bytes of the answer and stops; `drip` sends a byte at a time;
 * `cut` closes the connection after some bytes; `redirect` sends the client elsewhere; `endless` sends a pack without end; `garbage` sends
 * bytes that are no Git; `flip` changes one byte of the answer.
 */
export type Fault = { readonly path?: RegExp; readonly times?: number } & (
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | { readonly kind: 'stall' }
  | { readonly kind: 'stallBody'; readonly afterBytes: number }
  | { readonly kind: 'drip'; readonly everyMs: number }
  | { readonly kind: 'cut'; readonly afterBytes: number }
  | { readonly kind: 'redirect'; readonly to: (path: string) => string; readonly status?: number }
  | { readonly kind: 'endless' }
  | { readonly kind: 'garbage'; readonly type?: string; readonly body: string | Uint8Array }
  | { readonly kind: 'flip'; readonly at: number }
);

export interface GitServerOptions {
  readonly port?: number;
  /** Every request needs one of these; without it everybody may read and push. */
  readonly basic?: { readonly username: string; readonly password: string };
  readonly bearer?: string;
  /** Speak only the old protocol, as some hosts do. */
  readonly protocol?: 0;
  /** Git settings of the served repositories, e.g. `uploadpack.allowAnySHA1InWant`. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface CommitOptions {
  readonly branch?: string;
  readonly message?: string;
  /** The parent; default: the branch; null starts a new history. */
  readonly from?: string | null;
  /** Signs the commit. */
  readonly sign?: SshKeyPair;
}

/** A Git host for tests: node:http in front of the system's `git http-backend`, with faults on request. */
export interface GitServer {
  readonly url: string;
  readonly root: string;
  readonly requests: SeenRequest[];
  /** The URL of a repository. */
  urlOf(name: string): string;
  /** Makes an empty bare repository that can be fetched and pushed; its folder. */
  create(name: string): string;
  /** Makes a commit on a branch, straight in the repository. */
  commit(name: string, files: Files, options?: CommitOptions): string;
  git(name: string, ...args: string[]): string;
  fault(fault: Fault | undefined): void;
  close(): Promise<void>;
}

export async function startGitServer(options: GitServerOptions = {}): Promise<GitServer> {
  const folder = makeFolder();
  const root = join(folder.path, 'repositories');
  mkdirSync(root);
  const requests: SeenRequest[] = [];
  const children = new Set<ChildProcess>();
  const timers = new Set<NodeJS.Timeout>();
  let fault: Fault | undefined;
  let faultsLeft = 0;
  let commits = 0;

  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const seen: SeenRequest = { method: request.method ?? '', path, headers: request.headers, status: 0, bytes: 0 };
    requests.push(seen);
    response.on('close', () => {
      seen.status = response.statusCode;
    });
    if (!allowed(request, options)) {
      request.resume();
      response.writeHead(401, {
        'www-authenticate': options.bearer === undefined ? 'Basic realm="git"' : 'Bearer realm="git"',
      });
      response.end('who are you?');
      return;
    }
    let active: Fault | undefined;
    if (fault !== undefined && faultsLeft > 0 && (fault.path === undefined || fault.path.test(path))) {
      faultsLeft--;
      active = fault;
    }
    if (active !== undefined && breakEarly(active, path, request, response)) return;
    serve(request, response, path, seen, active);
  });

  function breakEarly(active: Fault, path: string, request: IncomingMessage, response: ServerResponse): boolean {
    switch (active.kind) {
      case 'status':
        request.resume();
        response.writeHead(active.status, active.headers ?? {}).end(active.body ?? '');
        return true;
      case 'stall':
        request.resume();
        return true;
      case 'redirect':
        request.resume();
        response.writeHead(active.status ?? 302, { location: active.to(path) }).end();
        return true;
      case 'garbage':
        request.resume();
        response
          .writeHead(200, { 'content-type': active.type ?? 'application/x-git-upload-pack-advertisement' })
          .end(active.body);
        return true;
      case 'endless': {
        request.resume();
        response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-result' });
        response.write('000dpackfile\n');
        const block = Buffer.concat([Buffer.from('fff0\u0001'), Buffer.alloc(65_515)]);
        const pump = (): void => {
          while (!response.destroyed && response.write(block));
        };
        response.on('drain', pump);
        pump();
        return true;
      }
      default:
        return false;
    }
  }

  function serve(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    seen: SeenRequest,
    active: Fault | undefined,
  ): void {
    const url = new URL(path, 'http://localhost');
    const child = spawn('git', ['http-backend'], {
      env: {
        PATH: process.env.PATH ?? '',
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        REQUEST_METHOD: request.method ?? 'GET',
        PATH_INFO: decodeURIComponent(url.pathname),
        QUERY_STRING: url.search.slice(1),
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        REMOTE_USER: 'tester',
        REMOTE_ADDR: '127.0.0.1',
        ...(options.protocol === 0 ? {} : { GIT_PROTOCOL: String(request.headers['git-protocol'] ?? '') }),
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    children.add(child);
    child.on('close', () => children.delete(child));
    response.on('close', () => child.kill());
    child.stdin.on('error', () => {});
    const body = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request;
    body.pipe(child.stdin);
    let head: Buffer | undefined = Buffer.alloc(0);
    child.stdout.on('data', (chunk: Buffer) => {
      let bytes = chunk;
      if (head !== undefined) {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        writeHeaders(response, head.toString('latin1', 0, end));
        bytes = head.subarray(end + 4);
        head = undefined;
      }
      send(response, bytes, seen, active);
    });
    child.stdout.on('end', () => {
      if (active?.kind === 'stallBody' || active?.kind === 'drip') return;
      response.end();
    });
  }

  function send(response: ServerResponse, bytes: Buffer, seen: SeenRequest, active: Fault | undefined): void {
    const before = seen.bytes;
    seen.bytes += bytes.byteLength;
    if (active?.kind === 'flip' && active.at >= before && active.at < seen.bytes) {
      const at = active.at - before;
      bytes[at] = (bytes[at] ?? 0) ^ 0x55;
    }
    if (active?.kind === 'drip') {
      let at = 0;
      const timer = setInterval(() => response.write(bytes.subarray(at, ++at)), active.everyMs);
      timers.add(timer);
      return;
    }
    const limit = active?.kind === 'cut' || active?.kind === 'stallBody' ? active.afterBytes : Number.POSITIVE_INFINITY;
    if (before < limit) response.write(bytes.subarray(0, limit - before));
    if (seen.bytes >= limit && active?.kind === 'cut') setImmediate(() => response.destroy());
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const bare = (name: string): string => join(root, `${name}.git`);
  return {
    url,
    root,
    requests,
    urlOf: (name) => `${url}/${name}.git`,
    create(name) {
      git(root, ['init', '--quiet', '--bare', bare(name)]);
      const settings = { 'http.receivepack': 'true', 'gc.auto': '0', ...options.settings };
      for (const [key, value] of Object.entries(settings)) git(bare(name), ['config', key, value]);
      return bare(name);
    },
    commit(name, files, { branch = 'main', message = `commit ${commits}`, from, sign } = {}) {
      const work = makeFolder();
      try {
        git(work.path, ['clone', '--quiet', '--no-checkout', bare(name), 'work']);
        const copy = join(work.path, 'work');
        const heads = git(copy, ['for-each-ref', '--format=%(refname)', `refs/remotes/origin/${branch}`]);
        const parent = from === null ? undefined : (from ?? (heads === '' ? undefined : `origin/${branch}`));
        if (parent === undefined) git(copy, ['checkout', '--quiet', '--orphan', 'made-here']);
        else git(copy, ['checkout', '--quiet', '-B', 'made-here', parent]);
        if (parent === undefined) git(copy, ['rm', '-r', '--quiet', '--cached', '--ignore-unmatch', '.']);
        writeFiles(copy, files);
        git(copy, ['add', '--all']);
        const how = sign === undefined ? ['commit'] : signingWith(sign);
        git(copy, [...how, '--quiet', '--allow-empty', '-m', message], { timeSeconds: 1_700_000_000 + commits++ });
        git(copy, ['push', '--quiet', '--force', 'origin', `HEAD:refs/heads/${branch}`]);
        return git(copy, ['rev-parse', 'HEAD']);
      } finally {
        work.remove();
      }
    },
    git: (name, ...args) => git(bare(name), args),
    fault(next) {
      fault = next;
      faultsLeft = next?.times ?? Number.POSITIVE_INFINITY;
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      for (const child of children) child.kill();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      folder.remove();
    },
  };
}

function allowed(request: IncomingMessage, options: GitServerOptions): boolean {
  const given = request.headers.authorization;
  const wanted: string[] = [];
  if (options.bearer !== undefined) wanted.push(`Bearer ${options.bearer}`);
  if (options.basic !== undefined)
    wanted.push(`Basic ${Buffer.from(`${options.basic.username}:${options.basic.password}`).toString('base64')}`);
  return wanted.length === 0 || (given !== undefined && wanted.includes(given));
}

function writeHeaders(response: ServerResponse, text: string): void {
  let status = 200;
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(': ');
    const [name, value] = [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)];
    if (name === 'status') status = Number.parseInt(value, 10);
    else if (colon > 0) response.setHeader(name, value);
  }
  response.writeHead(status);
  response.flushHeaders();
}
