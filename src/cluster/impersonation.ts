import { EngineError } from '../core/errors.ts';
import type { RequestHeaders } from './object-list.ts';

const NAMESPACE = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;

/**
 * Headers that make a request act as a ServiceAccount. The groups are left to the server: for the user name of a ServiceAccount it adds
 * `system:serviceaccounts`, `system:serviceaccounts:NAMESPACE` and `system:authenticated` by itself, and naming them here would need
 * the right to impersonate groups. An empty or odd name is refused: there is no way back to the caller's own identity.
 * @throws EngineError ClusterDenied
 */
export function impersonationHeaders(user: {
  readonly namespace: string;
  readonly serviceAccountName: string;
}): RequestHeaders {
  if (!NAMESPACE.test(user.namespace) || !NAME.test(user.serviceAccountName)) {
    throw new EngineError(
      'ClusterDenied',
      'service account cannot be impersonated (NameInvalid): namespace and name must be DNS names',
      {
        remedy: 'name an existing ServiceAccount in destination.serviceAccountName',
        data: { reason: 'NameInvalid' },
      },
    );
  }
  return { 'impersonate-user': `system:serviceaccount:${user.namespace}:${user.serviceAccountName}` };
}
