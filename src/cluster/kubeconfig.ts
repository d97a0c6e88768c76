import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { EngineError, messageOf } from '../core/errors.ts';
import type { Clock } from '../core/ports.ts';
import {
  checkServerUrl,
  fixedCredentials,
  type AuthMaterial,
  type ClusterConnection,
  type CredentialSource,
  type TlsMaterial,
} from './connection.ts';
import { providerCredentials, tokenFileCredentials } from './credentials.ts';
import { execCredentials } from './exec-credentials.ts';
import { readKubeconfig, type KubeconfigEntry, type KubeconfigUser } from './kubeconfig-document.ts';

export interface KubeconfigOptions {
  readonly clock: Clock;
  /** KUBECONFIG, KUBERNETES_SERVICE_*, and what exec plug-ins inherit. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
  /** `--kubeconfig`; otherwise $KUBECONFIG, then ~/.kube/config, then the pod's own account. */
  readonly path?: string;
  /** `--context`; otherwise current-context. */
  readonly context?: string;
  /** Where a pod finds its account; only tests need another. */
  readonly serviceAccountFolder?: string;
}

const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The cluster that kubectl would talk to. Certificates are read once, token files again every minute, exec plug-ins and providers run when
 * they are needed. @throws EngineError ConfigInvalid, NotSupported, ClusterDenied
 */
export async function loadKubeconfig(options: KubeconfigOptions): Promise<ClusterConnection> {
  const fromEnv = options.env['KUBECONFIG'] ?? '';
  const named = options.path === undefined ? fromEnv.split(delimiter).filter((path) => path !== '') : [options.path];
  if (named.length > 0) {
    const files = await readFiles(named, options.path === undefined);
    return connect(readKubeconfig(files, options.context), options);
  }
  const home = join(options.homeFolder, '.kube', 'config');
  const files = await readFiles([home], true);
  if (files.length > 0) return connect(readKubeconfig(files, options.context), options);
  const inCluster = await loadInCluster(options);
  if (inCluster !== undefined) return inCluster;
  throw new EngineError(
    'ConfigInvalid',
    `no cluster is configured (KubeconfigMissing): there is no ${home}, no $KUBECONFIG and no service account of a pod`,
    {
      remedy: 'name one with --kubeconfig, or run evenkeel up for an embedded cluster',
    },
  );
}

/** The cluster of the pod that this process runs in; undefined outside of a pod. @throws EngineError ConfigInvalid */
export async function loadInCluster(options: KubeconfigOptions): Promise<ClusterConnection | undefined> {
  const host = options.env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = options.env['KUBERNETES_SERVICE_PORT'] ?? '443';
  const folder = options.serviceAccountFolder ?? SERVICE_ACCOUNT_FOLDER;
  if (host === '') return undefined;
  let ca: string;
  try {
    ca = await readFile(join(folder, 'ca.crt'), 'utf8');
  } catch {
    return undefined;
  }
  const namespace = await readFile(join(folder, 'namespace'), 'utf8').catch(() => 'default');
  return {
    server: checkServerUrl(`https://${host.includes(':') ? `[${host}]` : host}:${port}`),
    tls: { ca, insecure: false },
    credentials: tokenFileCredentials(join(folder, 'token'), { clock: options.clock, readFile: readText, headers: {} }),
    identity: 'in-cluster',
    namespace: namespace.trim(),
  };
}

async function readFiles(
  paths: readonly string[],
  missingAllowed: boolean,
): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const files: { readonly path: string; readonly text: string }[] = [];
  for (const path of paths) {
    try {
      files.push({ path, text: await readText(path) });
    } catch (thrown) {
      if (missingAllowed && (thrown as { readonly code?: unknown }).code === 'ENOENT') continue;
      throw new EngineError(
        'ConfigInvalid',
        `kubeconfig ${path} could not be read (KubeconfigMissing): ${messageOf(thrown)}`,
        { cause: thrown },
      );
    }
  }
  return files;
}

async function connect(entry: KubeconfigEntry, options: KubeconfigOptions): Promise<ClusterConnection> {
  const { cluster } = entry;
  const proxyUrl = cluster.proxyUrl;
  if (proxyUrl !== undefined && !/^https?:\/\//.test(proxyUrl)) {
    throw new EngineError(
      'NotSupported',
      `proxy-url of cluster ${entry.clusterName} is not supported (ProxyUnsupported): only http and https proxies are`,
    );
  }
  return {
    server: checkServerUrl(cluster.server),
    tls: await readTls(entry),
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
    credentials: credentialsOf(entry, options),
    identity: entry.userName === '' ? 'anonymous' : entry.userName,
    namespace: entry.namespace,
  };
}

async function readTls({ cluster, user }: KubeconfigEntry): Promise<TlsMaterial> {
  const ca = await pem(cluster.caData, cluster.caFile);
  const cert = await pem(user.certData, user.certFile);
  const key = await pem(user.keyData, user.keyFile);
  return {
    insecure: cluster.insecure,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(cluster.serverName === undefined ? {} : { serverName: cluster.serverName }),
  };
}

function credentialsOf(entry: KubeconfigEntry, options: KubeconfigOptions): CredentialSource {
  const { user, cluster, userName } = entry;
  const headers = impersonation(user);
  const { clock } = options;
  // The order is kubectl's: a token file beats a token, both beat everything else.
  if (user.tokenFile !== undefined) return tokenFileCredentials(user.tokenFile, { clock, readFile: readText, headers });
  if (user.token !== undefined)
    return fixedCredentials({ headers: { ...headers, authorization: `Bearer ${user.token}` } });
  if (user.username !== undefined) {
    const basic = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64');
    return fixedCredentials({ headers: { ...headers, authorization: `Basic ${basic}` } });
  }
  if (user.exec !== undefined) return execCredentials(user.exec, { clock, env: options.env, cluster, headers });
  if (user.authProvider !== undefined) return providerCredentials(user.authProvider, { clock, userName, headers });
  return fixedCredentials({ headers });
}

function impersonation(user: KubeconfigUser): AuthMaterial['headers'] {
  return {
    ...(user.asUser === undefined ? {} : { 'impersonate-user': user.asUser }),
    ...(user.asGroups.length === 0 ? {} : { 'impersonate-group': user.asGroups }),
  };
}

async function pem(data: string | undefined, path: string | undefined): Promise<Buffer | undefined> {
  if (data !== undefined) return Buffer.from(data, 'base64');
  if (path === undefined) return undefined;
  try {
    return await readFile(path);
  } catch (thrown) {
    throw new EngineError(
      'ConfigInvalid',
      `file ${path} of the kubeconfig could not be read (CredentialsFailed): ${messageOf(thrown)}`,
      { cause: thrown },
    );
  }
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8');
}
