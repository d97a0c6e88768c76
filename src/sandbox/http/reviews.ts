import {
  isJsonObject,
  own,
  type Json,
  type JsonObject,
  type MutableJson,
  type MutableJsonObject,
} from '../../core/json.ts';
import { textOf } from '../object.ts';
import type { Authorizer } from '../registry/authorize.ts';
import type { User } from '../registry/context.ts';
import { readAsType } from '../schema/go-json.ts';

const AUTHORIZATION = 'authorization.k8s.io/v1';

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** Answers the kinds of review: may somebody do this, who am I, whose token is this. Undefined for other kinds. */
export function answerReview(
  kind: string,
  body: Json | undefined,
  user: User,
  token: string,
  authorize: Authorizer,
): JsonObject | undefined {
  const spec = own(body, 'spec');
  switch (kind) {
    case 'SelfSubjectAccessReview':
      return accessReview(kind, body, user, authorize);
    case 'SubjectAccessReview':
    case 'LocalSubjectAccessReview':
      return accessReview(kind, body, { name: textOf(spec, 'user'), groups: texts(own(spec, 'groups')) }, authorize);
    case 'SelfSubjectRulesReview':
      return {
        kind,
        apiVersion: AUTHORIZATION,
        metadata: { creationTimestamp: null },
        spec: {},
        status: {
          resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
          nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
          incomplete: true,
        },
      };
    case 'SelfSubjectReview':
      return {
        kind,
        apiVersion: 'authentication.k8s.io/v1',
        metadata: { creationTimestamp: null },
        status: { userInfo: { username: user.name, uid: '', groups: [...user.groups] } },
      };
    case 'TokenReview':
      return {
        kind,
        apiVersion: 'authentication.k8s.io/v1',
        metadata: { creationTimestamp: null },
        spec: isJsonObject(spec) ? spec : {},
        status:
          textOf(spec, 'token') === token
            ? { authenticated: true, user: { username: 'admin', groups: ['system:masters', 'system:authenticated'] } }
            : { user: {}, error: 'invalid bearer token' },
      };
    default:
      return undefined;
  }
}

function accessReview(kind: string, body: Json | undefined, user: User, authorize: Authorizer): JsonObject {
  const object = readAsType(isJsonObject(body) ? body : {}, `authorization.v1.${kind}`, kind).object;
  const attributes = own(own(object, 'spec'), 'resourceAttributes');
  const plain = own(own(object, 'spec'), 'nonResourceAttributes');
  const decision = authorize({
    user,
    verb: textOf(attributes, 'verb') || textOf(plain, 'verb'),
    group: textOf(attributes, 'group'),
    resource: textOf(attributes, 'resource'),
    subresource: textOf(attributes, 'subresource'),
    namespace: textOf(attributes, 'namespace'),
    name: textOf(attributes, 'name'),
    path: textOf(plain, 'path'),
  });
  const status: MutableJsonObject = { allowed: decision.allowed };
  if (decision.reason !== undefined) status['reason'] = decision.reason;
  return { ...object, kind, apiVersion: AUTHORIZATION, status: status as MutableJson };
}
