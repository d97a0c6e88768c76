import { EngineError } from '../core/errors.ts';
import { checkServerUrl, fixedCredentials, type ClusterConnection } from './connection.ts';
import { readKubeconfig, type KubeconfigEntry } from './kubeconfig-document.ts';

/**
 * A kubeconfig from a Secret: whoever may write the Secret must not get more than a connection. Everything that runs a program, reads a
 * file of this machine, weakens TLS or reroutes traffic is refused by name, all of it at once.
 * `name` says where it comes from, for messages. @throws EngineError ConfigInvalid
 */
export function loadUntrustedKubeconfig(text: string, name: string, context?: string): ClusterConnection {
  const entry = readKubeconfig([{ path: name, text }], context);
  const refused = refusedFields(entry);
  if (refused.length > 0) {
    throw new EngineError(
      'ConfigInvalid',
      `kubeconfig ${name} is refused (KubeconfigUnsafe): ${refused.join(', ')} may not be used in a Secret`,
      {
        remedy: 'use a token or client-certificate-data with certificate-authority-data',
        data: { refused },
      },
    );
  }
  const server = checkServerUrl(entry.cluster.server);
  const { user, cluster } = entry;
  return {
    server,
    tls: {
      insecure: false,
      ...(cluster.caData === undefined ? {} : { ca: Buffer.from(cluster.caData, 'base64') }),
      ...(user.certData === undefined ? {} : { cert: Buffer.from(user.certData, 'base64') }),
      ...(user.keyData === undefined ? {} : { key: Buffer.from(user.keyData, 'base64') }),
      ...(cluster.serverName === undefined ? {} : { serverName: cluster.serverName }),
    },
    credentials: fixedCredentials({
      headers: user.token === undefined ? {} : { authorization: `Bearer ${user.token}` },
    }),
    identity: entry.userName === '' ? 'anonymous' : entry.userName,
    namespace: entry.namespace,
  };
}

function refusedFields({ cluster, user }: KubeconfigEntry): readonly string[] {
  const refused: string[] = [];
  const check = (present: boolean, field: string): void => {
    if (present) refused.push(field);
  };
  check(!cluster.server.startsWith('https://'), 'server without https');
  check(cluster.insecure, 'insecure-skip-tls-verify');
  check(cluster.caFile !== undefined, 'certificate-authority (a file)');
  check(cluster.proxyUrl !== undefined, 'proxy-url');
  check(user.exec !== undefined, 'exec');
  check(user.authProvider !== undefined, 'auth-provider');
  check(user.tokenFile !== undefined, 'tokenFile');
  check(user.certFile !== undefined, 'client-certificate (a file)');
  check(user.keyFile !== undefined, 'client-key (a file)');
  check(user.username !== undefined || user.password !== undefined, 'username and password');
  check(user.asUser !== undefined || user.asGroups.length > 0, 'as (impersonation)');
  return refused;
}
