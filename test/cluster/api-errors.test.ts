import { describe, expect, it } from 'vitest';

import { apiError, saysObjectAbsent, type RequestSubject } from '../../src/cluster/api-errors.ts';
import { parseStatus } from '../../src/cluster/api-status.ts';

function about(kind: string, group = ''): RequestSubject {
  return { subject: `${kind} shop/web`, failed: 'could not be applied', group, kind, name: 'web' };
}

function invalid(...causes: readonly (readonly [reason: string, field: string, message: string])[]): string {
  return JSON.stringify({
    kind: 'Status',
    code: 422,
    reason: 'Invalid',
    message: `it is invalid: ${causes.map(([, field, message]) => `${field}: ${message}`).join(', ')}`,
    details: { name: 'web', kind: 'x', causes: causes.map(([reason, field, message]) => ({ reason, field, message })) },
  });
}

describe('answers of an API server as errors', () => {
  it.each([
    [
      'Deployment',
      'apps',
      'FieldValueInvalid',
      'spec.selector',
      'Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
    ],
    ['Job', 'batch', 'FieldValueInvalid', 'spec.template', 'Invalid value: {"spec":{}}: field is immutable'],
    [
      'StatefulSet',
      'apps',
      'FieldValueForbidden',
      'spec',
      "Forbidden: updates to statefulset spec for fields other than 'replicas', 'template' are forbidden",
    ],
    [
      'PersistentVolumeClaim',
      '',
      'FieldValueForbidden',
      'spec',
      'Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n  core.PersistentVolumeClaimSpec{}',
    ],
    ['Service', '', 'FieldValueInvalid', 'spec.clusterIPs[0]', 'Invalid value: ["10.0.0.2"]: may not change once set'],
    [
      'RoleBinding',
      'rbac.authorization.k8s.io',
      'FieldValueInvalid',
      'roleRef',
      'Invalid value: {"kind":"Role"}: cannot change roleRef',
    ],
    [
      'StorageClass',
      'storage.k8s.io',
      'FieldValueInvalid',
      'parameters',
      'Invalid value: {"x":"2"}: field is immutable',
    ],
    [
      'PriorityClass',
      'scheduling.k8s.io',
      'FieldValueForbidden',
      'value',
      'Forbidden: may not be changed in an update.',
    ],
    ['Secret', '', 'FieldValueForbidden', 'data', 'Forbidden: field is immutable when `immutable` is set'],
    ['Widget', 'example.com', 'FieldValueInvalid', 'spec.size', 'Invalid value: "integer": Value is immutable'],
    [
      'Pod',
      '',
      'FieldValueForbidden',
      'spec',
      'Forbidden: pod updates may not change fields other than `spec.containers[*].image`\n  core.PodSpec{ Env: "hunter2" }',
    ],
  ])('%s: an immutable field', (kind, group, reason, field, message) => {
    const error = apiError(parseStatus(422, invalid([reason, field, message])), about(kind, group));
    expect(error.code).toBe('FieldImmutable');
    expect(error.message).not.toContain('hunter2');
  });

  it.each([
    [
      'a value that only speaks of it',
      'Deployment',
      'apps',
      [
        [
          'FieldValueInvalid',
          'metadata.labels',
          'Invalid value: "field is immutable": a valid label must be an empty string',
        ],
      ],
    ],
    [
      'one other cause beside it',
      'Deployment',
      'apps',
      [
        ['FieldValueInvalid', 'spec.selector', 'Invalid value: {}: field is immutable'],
        ['FieldValueInvalid', 'spec.replicas', 'Invalid value: -1: must be greater than or equal to 0'],
      ],
    ],
    ['a missing field', 'Deployment', 'apps', [['FieldValueRequired', 'spec.selector', 'Required value']]],
    [
      'a wording of another kind',
      'Deployment',
      'apps',
      [['FieldValueInvalid', 'spec.x', 'Invalid value: 1: may not change once set']],
    ],
    [
      'a plain refusal of a field',
      'StatefulSet',
      'apps',
      [['FieldValueForbidden', 'spec.template.spec.hostNetwork', 'Forbidden: not allowed']],
    ],
    ['no causes', 'Deployment', 'apps', []],
  ] as const)('not immutable: %s', (_name, kind, group, causes) => {
    expect(apiError(parseStatus(422, invalid(...causes)), about(kind, group)).code).toBe('ClusterRejected');
  });

  it.each([
    [400, 'BadRequest', 'ClusterRejected'],
    [401, 'Unauthorized', 'ClusterDenied'],
    [403, 'Forbidden', 'ClusterDenied'],
    [405, 'MethodNotAllowed', 'ClusterRejected'],
    [409, 'AlreadyExists', 'ObjectConflict'],
    [409, 'Conflict', 'ObjectConflict'],
    [410, 'Gone', 'WatchExpired'],
    [413, 'RequestEntityTooLarge', 'ClusterRejected'],
    [415, 'UnsupportedMediaType', 'ClusterRejected'],
    [429, 'TooManyRequests', 'ClusterBusy'],
    [500, 'InternalError', 'ClusterBusy'],
    [503, 'ServiceUnavailable', 'ClusterBusy'],
    [504, 'Timeout', 'ClusterBusy'],
  ])('%i %s is %s', (code, reason, expected) => {
    const error = apiError(
      parseStatus(code, JSON.stringify({ kind: 'Status', code, reason, message: 'm' })),
      about('Deployment', 'apps'),
    );
    expect(error.code).toBe(expected);
    expect(error.message).toBe(`Deployment shop/web could not be applied (${reason}): m`);
  });

  it('tells an object that does not fit its kind from a server that fails', () => {
    const text = (message: string): string => JSON.stringify({ kind: 'Status', code: 500, message });
    expect(
      apiError(
        parseStatus(
          500,
          text('failed to create typed patch object (/x; /v1, Kind=ConfigMap): .dat: field not declared in schema'),
        ),
        about('ConfigMap'),
      ).code,
    ).toBe('ClusterRejected');
    expect(apiError(parseStatus(500, text('etcdserver: request timed out')), about('ConfigMap')).code).toBe(
      'ClusterBusy',
    );
  });

  it('names managers and fields of a conflict', () => {
    const cause = (manager: string, field: string): unknown => ({
      reason: 'FieldManagerConflict',
      message: `conflict with "${manager}" with subresource "scale" using apps/v1`,
      field,
    });
    const body = JSON.stringify({
      kind: 'Status',
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed',
      details: { causes: [cause('hpa', '.spec.replicas'), cause('helm', '.spec.a'), cause('hpa', '.spec.b')] },
    });
    const error = apiError(parseStatus(409, body), about('Deployment', 'apps'));
    expect(error.code).toBe('FieldConflict');
    expect(error.message).toBe(
      'Deployment shop/web could not be applied (Conflict): hpa owns .spec.replicas, .spec.b; helm owns .spec.a',
    );
    expect(error.data['conflicts']).toEqual([
      { manager: 'hpa', field: '.spec.replicas' },
      { manager: 'helm', field: '.spec.a' },
      { manager: 'hpa', field: '.spec.b' },
    ]);
  });

  it('knows which 404 speaks of the object', () => {
    const status = (details: unknown): ReturnType<typeof parseStatus> =>
      parseStatus(404, JSON.stringify({ kind: 'Status', code: 404, reason: 'NotFound', details }));
    expect(saysObjectAbsent(status({ name: 'web', kind: 'deployments' }), 'web', 'deployments')).toBe(true);
    expect(saysObjectAbsent(status({ name: 'shop', kind: 'namespaces' }), 'web', 'deployments')).toBe(false);
    expect(saysObjectAbsent(status({}), 'web', 'deployments')).toBe(false);
    expect(saysObjectAbsent(parseStatus(404, '<html>not found</html>'), 'web', 'deployments')).toBe(false);
  });

  it.each([
    ['a decode error', 500, { message: 'error decoding from json: cannot unmarshal hunter2 into Go value' }],
    [
      'a quoted value',
      422,
      {
        reason: 'Invalid',
        message: 'Secret "web" is invalid: data[x]: Invalid value: "hunter2"',
        details: {
          name: 'web',
          causes: [{ reason: 'FieldValueInvalid', field: 'data[x]', message: 'Invalid value: "hunter2": too short' }],
        },
      },
    ],
    [
      'a webhook',
      403,
      { reason: 'Forbidden', message: 'admission webhook "w" denied the request: password hunter2 is weak' },
    ],
    ['a bare text', 400, { reason: 'BadRequest', message: 'strict decoding error: hunter2' }],
    ['a conflict', 409, { reason: 'Conflict', message: 'hunter2', details: { name: 'web' } }],
  ])('a Secret is never quoted: %s', (_name, code, body) => {
    const error = apiError(parseStatus(code, JSON.stringify({ kind: 'Status', code, ...body })), about('Secret'));
    expect(JSON.stringify({ message: error.message, data: error.data, remedy: error.remedy })).not.toContain('hunter2');
  });

  it('still says what is wrong with a Secret where that is harmless', () => {
    const message =
      'secrets "web" is forbidden: User "system:serviceaccount:a:b" cannot patch resource "secrets" in API group "" in the namespace "shop"';
    const error = apiError(
      parseStatus(
        403,
        JSON.stringify({
          kind: 'Status',
          code: 403,
          reason: 'Forbidden',
          message,
          details: { name: 'web', kind: 'secrets' },
        }),
      ),
      about('Secret'),
    );
    expect(error.message).toContain('cannot patch resource "secrets"');
    const typed = apiError(
      parseStatus(422, invalid(['FieldValueInvalid', 'type', 'Invalid value: "b": field is immutable'])),
      about('Secret'),
    );
    expect(typed.message).toBe('Secret shop/web could not be applied (Invalid): type: field is immutable');
  });

  it('cuts long and many-lined messages and takes control characters out', () => {
    const error = apiError(
      parseStatus(
        400,
        JSON.stringify({
          kind: 'Status',
          code: 400,
          reason: 'BadRequest',
          message: `a\u001b[31m${'x'.repeat(5000)}\nsecond`,
        }),
      ),
      about('Pod'),
    );
    expect(error.message.length).toBeLessThan(1200);
    expect(error.message).not.toContain('\u001b');
    expect(error.message).not.toContain('second');
  });
});
