import { own, type Json, type JsonObject } from '../../core/json.ts';
import { items, nameOf, namespaceOf, textOf } from '../object.ts';
import type { Store } from '../store/store.ts';
import type { User } from './context.ts';

/** What somebody wants to do. */
export interface AccessRequest {
  readonly user: User;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** Of a request that names no resource. */
  readonly path: string;
}

export interface AccessDecision {
  readonly allowed: boolean;
  readonly reason?: string;
}

/** Decides on every request; throws nothing. */
export type Authorizer = (request: AccessRequest) => AccessDecision;

export const ALLOW_ALL: Authorizer = () => ({ allowed: true });

function list(rule: Json, field: string): string[] {
  const found = own(rule, field);
  return Array.isArray(found) ? found.map(String) : [];
}

function ruleAllows(rule: JsonObject, request: AccessRequest): boolean {
  const has = (field: string, value: string): boolean => {
    const values = list(rule, field);
    return values.includes('*') || values.includes(value);
  };
  if (!has('verbs', request.verb)) return false;
  if (request.resource === '')
    return list(rule, 'nonResourceURLs').some(
      (url) => url === '*' || url === request.path || (url.endsWith('*') && request.path.startsWith(url.slice(0, -1))),
    );
  const resource = request.subresource === '' ? request.resource : `${request.resource}/${request.subresource}`;
  const resources = list(rule, 'resources');
  const named =
    resources.includes('*') ||
    resources.includes(resource) ||
    (request.subresource !== '' && resources.includes(`*/${request.subresource}`));
  if (!named || !has('apiGroups', request.group)) return false;
  const names = list(rule, 'resourceNames');
  return names.length === 0 || names.includes(request.name);
}

function isSubject(subject: JsonObject, user: User, bindingNamespace: string): boolean {
  const name = textOf(subject, 'name');
  switch (textOf(subject, 'kind')) {
    case 'User':
      return name === user.name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount':
      return user.name === `system:serviceaccount:${textOf(subject, 'namespace') || bindingNamespace}:${name}`;
    default:
      return false;
  }
}

/**
 * Role-based access as the cluster's own Roles and bindings say. `system:masters` may do everything; everybody who is authenticated may
 * read discovery.
 */
export function rbacAuthorizer(store: Store): Authorizer {
  const rulesOf = (binding: JsonObject): readonly JsonObject[] => {
    const role = own(binding, 'roleRef');
    const kind = textOf(role, 'kind') === 'Role' ? 'roles' : 'clusterroles';
    const namespace = kind === 'roles' ? namespaceOf(binding) : '';
    const found = store.get(`rbac.authorization.k8s.io/${kind}`, namespace, textOf(role, 'name'));
    return items(found, 'rules');
  };
  return (request) => {
    const { user } = request;
    if (user.groups.includes('system:masters')) return { allowed: true };
    if (request.resource === '' && (request.verb === 'get' || request.verb === 'head')) return { allowed: true };
    if (request.verb === 'create' && request.resource.startsWith('selfsubject')) return { allowed: true };
    const bindings = [
      ...store.list('rbac.authorization.k8s.io/clusterrolebindings'),
      ...(request.namespace === '' ? [] : store.list('rbac.authorization.k8s.io/rolebindings', request.namespace)),
    ];
    for (const binding of bindings)
      if (items(binding, 'subjects').some((subject) => isSubject(subject, user, namespaceOf(binding))))
        for (const rule of rulesOf(binding))
          if (ruleAllows(rule, request))
            return {
              allowed: true,
              reason: `RBAC: allowed by ${textOf(binding, 'kind')} ${JSON.stringify(nameOf(binding))}`,
            };
    return { allowed: false };
  };
}

/** The message of a refusal, as the API server words it. */
export function denialText(request: AccessRequest): string {
  const what = request.subresource === '' ? request.resource : `${request.resource}/${request.subresource}`;
  const where =
    request.namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(request.namespace)}`;
  return `User ${JSON.stringify(request.user.name)} cannot ${request.verb} resource ${JSON.stringify(what)} in API group ${JSON.stringify(request.group)} ${where}`;
}
