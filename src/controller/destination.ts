import { formatApplicationName, type Application } from '../core/application.ts';
import { EngineError } from '../core/errors.ts';
import { stringAt } from '../core/json.ts';
import type { Credentials } from '../core/credentials.ts';
import type { Cluster } from '../core/ports.ts';

/** The cluster of an application, as the account that it names. @throws EngineError NotSupported for another cluster */
export function destinationOf(application: Application, home: Cluster): Cluster {
  const { cluster, serviceAccountName } = application.destination;
  if (cluster !== 'in-cluster') {
    throw new EngineError(
      'NotSupported',
      `application ${formatApplicationName(application.name)} has spec.destination.cluster ${cluster} (NotSupported): one cluster per process is served`,
      {
        remedy: 'leave spec.destination.cluster out, and run evenkeel against that cluster',
      },
    );
  }
  return serviceAccountName === undefined
    ? home
    : home.impersonate({ namespace: application.name.namespace, serviceAccountName });
}

/**
 * Git credentials from the Secret that the application names, in its own namespace.
 * @throws EngineError SourceDenied when there are none in it; Cluster*
 */
export async function readCredentials(
  application: Application,
  home: Cluster,
  signal?: AbortSignal,
): Promise<Credentials | undefined> {
  const name = application.source.git.credentialsSecret;
  if (name === undefined) return undefined;
  return readSecretCredentials({ namespace: application.name.namespace, name }, 'Git', home, signal);
}

/**
 * User and password, or a token, of a Secret.
 * @param what what they are for, in messages
 * @throws EngineError SourceDenied, Cluster*
 */
export async function readSecretCredentials(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  what: string,
  home: Cluster,
  signal?: AbortSignal,
): Promise<Credentials> {
  const live = await home.get({ group: '', version: 'v1', kind: 'Secret' }, { namespace, name }, signal);
  if (live.state === 'unknown') throw live.error;
  if (live.state === 'absent') {
    throw new EngineError(
      'SourceDenied',
      `Secret ${namespace}/${name} with ${what} credentials was not found (NotFound)`,
      {
        remedy: 'create it with the keys username and password, or token',
      },
    );
  }
  const read = (key: string): string | undefined => {
    const coded = stringAt(live.object, 'data', key);
    return coded === undefined ? undefined : Buffer.from(coded, 'base64').toString('utf8');
  };
  const username = read('username');
  const password = read('password');
  const token = read('token');
  if (token === undefined && password === undefined) {
    throw new EngineError('SourceDenied', `Secret ${namespace}/${name} holds no ${what} credentials (KeysMissing)`, {
      remedy: 'it needs the keys username and password, or token',
    });
  }
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(token === undefined ? {} : { token }),
  };
}
