import { execFile } from 'node:child_process';

import { EngineError } from '../core/errors.ts';
import { stringAt, type Json } from '../core/json.ts';
import type { Clock } from '../core/ports.ts';
import { checkServerUrl, type AuthMaterial, type CredentialSource } from './connection.ts';
import { RefreshedCredentials, type FreshMaterial } from './credentials.ts';
import { cleanText } from './error-text.ts';
import { readJson } from '../core/json-text.ts';
import type { ExecSettings, KubeconfigCluster } from './kubeconfig-document.ts';

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 1024 * 1024;
/** Asked for anew this long before they expire. */
const EARLY_MS = 30_000;
const API_VERSION = /^client\.authentication\.k8s\.io\/v1(?:alpha1|beta1)?$/;

export interface ExecContext {
  readonly clock: Clock;
  /** The caller's environment, to which the plug-in's own variables are added. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cluster: KubeconfigCluster;
  readonly headers: AuthMaterial['headers'];
}

/**
 * Credentials of an exec plug-in (client.authentication.k8s.io): run without a terminal, once for all who wait, kept until shortly before
 * `expirationTimestamp` or until the server refuses them. What it prints on stderr is not repeated: it may hold secrets.
 */
export function execCredentials(settings: ExecSettings, context: ExecContext): CredentialSource {
  if (!API_VERSION.test(settings.apiVersion)) {
    throw new EngineError(
      'ConfigInvalid',
      `exec plug-in ${settings.command} speaks an unknown apiVersion (ExecInvalid): ${cleanText(settings.apiVersion, 100)}`,
    );
  }
  return new RefreshedCredentials(context.clock, async () =>
    readCredential(await run(settings, context), settings, context),
  );
}

async function run(settings: ExecSettings, context: ExecContext): Promise<string> {
  const info = {
    apiVersion: settings.apiVersion,
    kind: 'ExecCredential',
    spec: {
      interactive: false,
      ...(settings.provideClusterInfo
        ? {
            cluster: {
              server: checkServerUrl(context.cluster.server),
              'insecure-skip-tls-verify': context.cluster.insecure,
              ...(context.cluster.caData === undefined ? {} : { 'certificate-authority-data': context.cluster.caData }),
              ...(context.cluster.serverName === undefined ? {} : { 'tls-server-name': context.cluster.serverName }),
            },
          }
        : {}),
    },
  };
  const env = { ...context.env, ...settings.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  return new Promise((resolve, reject) => {
    const child = execFile(
      settings.command,
      [...settings.args],
      {
        env,
        timeout: TIMEOUT_MS,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT_BYTES,
        encoding: 'utf8',
        windowsHide: true,
      },
      (error, stdout) => {
        if (error === null) {
          resolve(stdout);
          return;
        }
        const missing = (error as { readonly code?: unknown }).code === 'ENOENT';
        const how = missing
          ? 'is not installed'
          : error.killed === true
            ? `did not end within ${TIMEOUT_MS} ms`
            : `ended with ${String(error.code ?? error.signal)}`;
        reject(
          new EngineError(
            'ClusterDenied',
            `exec plug-in ${settings.command} gave no credentials (CredentialsFailed): it ${how}`,
            {
              remedy: (missing ? settings.installHint : undefined) ?? 'run the command by hand to see what it says',
            },
          ),
        );
      },
    );
    child.stdin?.end();
  });
}

function readCredential(stdout: string, settings: ExecSettings, context: ExecContext): FreshMaterial {
  let value: Json;
  try {
    value = readJson(stdout);
  } catch {
    throw invalid(settings, 'it printed no JSON');
  }
  if (stringAt(value, 'kind') !== 'ExecCredential' || stringAt(value, 'apiVersion') !== settings.apiVersion) {
    throw invalid(settings, `it printed no ExecCredential of ${settings.apiVersion}`);
  }
  const token = stringAt(value, 'status', 'token');
  const cert = stringAt(value, 'status', 'clientCertificateData');
  const key = stringAt(value, 'status', 'clientKeyData');
  if (token === undefined && (cert === undefined || key === undefined))
    throw invalid(settings, 'its answer holds neither a token nor a certificate with key');
  const expires = stringAt(value, 'status', 'expirationTimestamp');
  const untilMs = expires === undefined ? Number.NaN : Date.parse(expires);
  return {
    material: {
      headers: { ...context.headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      ...(cert === undefined || key === undefined ? {} : { clientCertificate: { cert, key } }),
    },
    validForMs: Number.isNaN(untilMs) ? undefined : Math.max(1000, untilMs - context.clock.now() - EARLY_MS),
  };
}

function invalid(settings: ExecSettings, cause: string): EngineError {
  return new EngineError(
    'ClusterDenied',
    `exec plug-in ${settings.command} gave no credentials (CredentialsFailed): ${cause}`,
  );
}
