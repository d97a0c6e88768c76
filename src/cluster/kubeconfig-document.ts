import { dirname, isAbsolute, join } from 'node:path';

import { parse } from 'yaml';

import { EngineError, messageOf } from '../core/errors.ts';
import { isJsonObject, listAt, own, stringAt, type Json, type JsonObject } from '../core/json.ts';

export interface KubeconfigCluster {
  readonly server: string;
  readonly caData?: string;
  readonly caFile?: string;
  readonly insecure: boolean;
  readonly serverName?: string;
  readonly proxyUrl?: string;
}

export interface KubeconfigUser {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly certData?: string;
  readonly certFile?: string;
  readonly keyData?: string;
  readonly keyFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly asUser?: string;
  readonly asGroups: readonly string[];
  readonly exec?: ExecSettings;
  /** `{ name, config }` as written; only @kubernetes/client-node knows these. */
  readonly authProvider?: JsonObject;
}

/** `users[].user.exec` (client.authentication.k8s.io). */
export interface ExecSettings {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly provideClusterInfo: boolean;
  readonly installHint?: string;
}

/** One context of a kubeconfig with what it points to; file names are absolute. */
export interface KubeconfigEntry {
  readonly contextName: string;
  readonly clusterName: string;
  readonly userName: string;
  readonly namespace: string;
  readonly cluster: KubeconfigCluster;
  readonly user: KubeconfigUser;
}

const MAX_BYTES = 1024 * 1024;
/** No kubeconfig nests deeper; deeper flow sequences can bring the YAML reader down. */
const MAX_NESTING = 32;

/**
 * Reads one or several kubeconfigs as kubectl merges them: of equal names the first wins, the first current-context counts, relative
 * file names are relative to their file. @throws EngineError ConfigInvalid
 */
export function readKubeconfig(
  files: readonly { readonly path: string; readonly text: string }[],
  contextName?: string,
): KubeconfigEntry {
  const documents = files.map((file) => ({ ...file, document: parseDocument(file.text, file.path) }));
  const wanted =
    contextName ??
    documents
      .map(({ document }) => stringAt(document, 'current-context'))
      .find((name) => name !== undefined && name !== '');
  const where = files.map((file) => file.path).join(', ');
  if (wanted === undefined) {
    throw new EngineError('ConfigInvalid', `kubeconfig ${where} names no current-context (ContextMissing)`, {
      remedy: 'choose one with --context, or kubectl config use-context',
    });
  }
  const context = find(documents, 'contexts', wanted, 'context');
  if (context === undefined) {
    throw new EngineError('ConfigInvalid', `kubeconfig ${where} has no context ${quote(wanted)} (ContextMissing)`, {
      remedy: 'kubectl config get-contexts lists what there is',
    });
  }
  const clusterName = stringAt(context.value, 'cluster') ?? '';
  const userName = stringAt(context.value, 'user') ?? '';
  const cluster = find(documents, 'clusters', clusterName, 'cluster');
  if (cluster === undefined)
    throw new EngineError('ConfigInvalid', `kubeconfig ${where} has no cluster ${quote(clusterName)} (ClusterMissing)`);
  const user = userName === '' ? undefined : find(documents, 'users', userName, 'user');
  if (userName !== '' && user === undefined)
    throw new EngineError('ConfigInvalid', `kubeconfig ${where} has no user ${quote(userName)} (UserMissing)`);
  return {
    contextName: wanted,
    clusterName,
    userName,
    namespace: stringAt(context.value, 'namespace') ?? 'default',
    cluster: readCluster(cluster.value, cluster.folder),
    user: user === undefined ? { asGroups: [] } : readUser(user.value, user.folder),
  };
}

function parseDocument(text: string, path: string): JsonObject {
  guardText(text, path);
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 20, merge: false });
  } catch (thrown) {
    throw new EngineError(
      'ConfigInvalid',
      `kubeconfig ${path} is no YAML (YamlInvalid): ${messageOf(thrown).slice(0, 200)}`,
    );
  }
  if (!isJsonObject(value)) throw new EngineError('ConfigInvalid', `kubeconfig ${path} is not a mapping (YamlInvalid)`);
  return value;
}

/** Bounds what the YAML reader gets to see: size, flow brackets, and indicators that nest without indentation (`- - -`, `? ? ?`). */
function guardText(text: string, path: string): void {
  const refuse = (what: string): never => {
    throw new EngineError('ConfigInvalid', `kubeconfig ${path} is refused (YamlInvalid): ${what}`);
  };
  if (text.length > MAX_BYTES) refuse(`larger than ${MAX_BYTES} bytes`);
  let open = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x5b || code === 0x7b) open += 1;
    else if ((code === 0x5d || code === 0x7d) && open > 0) open -= 1;
    if (open > MAX_NESTING) refuse(`nested deeper than ${MAX_NESTING}`);
  }
  for (const line of text.split('\n')) {
    const lead = /^[ \t\-?:]*/.exec(line)?.[0] ?? '';
    if (lead.length > 4 * MAX_NESTING) refuse(`nested deeper than ${MAX_NESTING}`);
  }
}

function find(
  documents: readonly { readonly path: string; readonly document: JsonObject }[],
  list: string,
  name: string,
  field: string,
): { readonly value: Json; readonly folder: string } | undefined {
  for (const { path, document } of documents) {
    for (const item of listAt(document, list)) {
      if (stringAt(item, 'name') === name)
        return { value: own(item, field) ?? {}, folder: path === '' ? '' : dirname(path) };
    }
  }
  return undefined;
}

function readCluster(value: Json, folder: string): KubeconfigCluster {
  const server = stringAt(value, 'server');
  if (server === undefined || server === '')
    throw new EngineError('ConfigInvalid', 'kubeconfig cluster has no server (ServerMissing)');
  return {
    server,
    insecure: own(value, 'insecure-skip-tls-verify') === true,
    ...text('caData', value, 'certificate-authority-data'),
    ...file('caFile', value, 'certificate-authority', folder),
    ...text('serverName', value, 'tls-server-name'),
    ...text('proxyUrl', value, 'proxy-url'),
  };
}

function readUser(value: Json, folder: string): KubeconfigUser {
  const exec = own(value, 'exec');
  const authProvider = own(value, 'auth-provider');
  return {
    ...text('token', value, 'token'),
    ...file('tokenFile', value, 'tokenFile', folder),
    ...text('certData', value, 'client-certificate-data'),
    ...file('certFile', value, 'client-certificate', folder),
    ...text('keyData', value, 'client-key-data'),
    ...file('keyFile', value, 'client-key', folder),
    ...text('username', value, 'username'),
    ...text('password', value, 'password'),
    ...text('asUser', value, 'as'),
    asGroups: listAt(value, 'as-groups').filter((item): item is string => typeof item === 'string'),
    ...(isJsonObject(exec) ? { exec: readExec(exec, folder) } : {}),
    ...(isJsonObject(authProvider) ? { authProvider } : {}),
  };
}

function readExec(value: JsonObject, folder: string): ExecSettings {
  const command = stringAt(value, 'command') ?? '';
  if (command === '') throw new EngineError('ConfigInvalid', 'kubeconfig exec plug-in names no command (ExecInvalid)');
  const env: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const item of listAt(value, 'env')) {
    const name = stringAt(item, 'name');
    if (name !== undefined) env[name] = stringAt(item, 'value') ?? '';
  }
  const hint = stringAt(value, 'installHint');
  return {
    apiVersion: stringAt(value, 'apiVersion') ?? '',
    // As kubectl: a command with a slash is relative to the kubeconfig, one without is looked up in PATH.
    command: command.includes('/') && !isAbsolute(command) && folder !== '' ? join(folder, command) : command,
    args: listAt(value, 'args').filter((item): item is string => typeof item === 'string'),
    env,
    provideClusterInfo: own(value, 'provideClusterInfo') === true,
    ...(hint === undefined ? {} : { installHint: hint }),
  };
}

function text<K extends string>(key: K, value: Json, name: string): { readonly [P in K]?: string } {
  const found = stringAt(value, name);
  return found === undefined || found === '' ? {} : ({ [key]: found } as { readonly [P in K]?: string });
}

function file<K extends string>(key: K, value: Json, name: string, folder: string): { readonly [P in K]?: string } {
  const found = stringAt(value, name);
  if (found === undefined || found === '') return {};
  return { [key]: isAbsolute(found) || folder === '' ? found : join(folder, found) } as { readonly [P in K]?: string };
}

function quote(name: string): string {
  return JSON.stringify(name.slice(0, 200));
}
