import { EngineError } from '../core/errors.ts';

/** What a request carries to say who asks. */
export interface AuthMaterial {
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** PEM; replaces the connection's own certificate (exec plug-ins may hand one out). */
  readonly clientCertificate?: { readonly cert: string; readonly key: string };
}

/** Where credentials come from. Implementations cache; many callers at once cause one refresh. */
export interface CredentialSource {
  current(): AuthMaterial | Promise<AuthMaterial>;
  /** The server refused `seen` with 401: forget it. False when asking again can bring nothing else. */
  reject(seen: AuthMaterial): boolean;
}

export interface TlsMaterial {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly serverName?: string;
  readonly insecure: boolean;
}

/** One API server as one identity. */
export interface ClusterConnection {
  /** `https://host:port/base`, without a slash at the end. */
  readonly server: string;
  readonly tls: TlsMaterial;
  /** `http://` or `https://`; requests go through it. */
  readonly proxyUrl?: string;
  readonly credentials: CredentialSource;
  /** A name for the identity, without secrets; part of the cluster's id. */
  readonly identity: string;
  /** The context's namespace, or `default`. */
  readonly namespace: string;
}

/** Credentials that never change. */
export function fixedCredentials(material: AuthMaterial): CredentialSource {
  return { current: () => material, reject: () => false };
}

/** A server without credentials or with a fixed token: the embedded server, tests. @throws EngineError ConfigInvalid */
export function plainConnection(server: string, token?: string): ClusterConnection {
  return {
    server: checkServerUrl(server),
    tls: { insecure: false },
    credentials: fixedCredentials({ headers: token === undefined ? {} : { authorization: `Bearer ${token}` } }),
    identity: token === undefined ? 'anonymous' : 'token',
    namespace: 'default',
  };
}

/** An http(s) URL without credentials, query or fragment, with no slash at the end. @throws EngineError ConfigInvalid */
export function checkServerUrl(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new EngineError('ConfigInvalid', 'kubeconfig server is no URL (ServerInvalid)');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new EngineError(
      'ConfigInvalid',
      `kubeconfig server has the scheme ${url.protocol} (ServerInvalid): only https and http are served`,
    );
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new EngineError(
      'ConfigInvalid',
      'kubeconfig server holds credentials, a query or a fragment (ServerInvalid)',
    );
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
