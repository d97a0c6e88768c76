import type { ApiStatus, StatusCause } from './api-status.ts';

/**
 * Which refusals mean "this field cannot change on a live object". kube-apiserver has no reason of its own for it: it answers 422 with
 * causes FieldValueInvalid or FieldValueForbidden, so the cause's reason, its field and the fixed wording of the validation are
 * matched together, kind by kind (validation packages of Kubernetes 1.36). The verdict is still only a proposal: whoever replaces an
 * object proves first, by a dry-run create, that the new one is valid.
 */
interface ImmutableRule {
  readonly group: string;
  readonly kind: string;
  readonly reason: 'FieldValueInvalid' | 'FieldValueForbidden';
  /** The field itself, or a parent of it. */
  readonly field: string;
  /** Wording of which the cause holds one. */
  readonly words: readonly string[];
}

const RULES: readonly ImmutableRule[] = [
  {
    group: '',
    kind: 'PersistentVolumeClaim',
    reason: 'FieldValueForbidden',
    field: 'spec',
    words: ['spec is immutable after creation'],
  },
  {
    group: '',
    kind: 'PersistentVolume',
    reason: 'FieldValueForbidden',
    field: 'spec',
    words: ['is immutable after creation'],
  },
  { group: '', kind: 'Service', reason: 'FieldValueInvalid', field: 'spec', words: ['may not change once set'] },
  {
    group: '',
    kind: 'Pod',
    reason: 'FieldValueForbidden',
    field: 'spec',
    words: ['pod updates may not change fields other than'],
  },
  { group: '', kind: 'Node', reason: 'FieldValueForbidden', field: 'spec', words: ['node updates may not change'] },
  {
    group: 'apps',
    kind: 'StatefulSet',
    reason: 'FieldValueForbidden',
    field: 'spec',
    words: ['updates to statefulset spec for fields other than'],
  },
  {
    group: 'storage.k8s.io',
    kind: 'VolumeAttributesClass',
    reason: 'FieldValueForbidden',
    field: '',
    words: ['updates to driverName are forbidden', 'updates to parameters are forbidden'],
  },
  {
    group: 'scheduling.k8s.io',
    kind: 'PriorityClass',
    reason: 'FieldValueForbidden',
    field: 'value',
    words: ['may not be changed in an update'],
  },
  {
    group: 'rbac.authorization.k8s.io',
    kind: 'RoleBinding',
    reason: 'FieldValueInvalid',
    field: 'roleRef',
    words: ['cannot change roleRef'],
  },
  {
    group: 'rbac.authorization.k8s.io',
    kind: 'ClusterRoleBinding',
    reason: 'FieldValueInvalid',
    field: 'roleRef',
    words: ['cannot change roleRef'],
  },
];

/** The wording that validation uses for an immutable field of any built-in kind, and of a CRD's own fields. */
const FIELD_IS_IMMUTABLE = /(?:^|: )field is immutable(?: when `immutable` is set)?$/;

/** The wording that the documentation of CRD validation rules proposes for transition rules. */
const TRANSITION_RULE = /^(?:invalid value: .{0,400}: )?(?:\S{1,80} )?(?:value |field )?is immutable\.?$/i;

/** Whether every cause says that a field is immutable. One other cause means that a replacement would fail as well. */
export function isImmutableRefusal(
  status: ApiStatus,
  target: { readonly group: string; readonly kind: string },
): boolean {
  return (
    status.code === 422 && status.causes.length > 0 && status.causes.every((cause) => isImmutableCause(cause, target))
  );
}

function isImmutableCause(cause: StatusCause, target: { readonly group: string; readonly kind: string }): boolean {
  if (cause.reason !== 'FieldValueInvalid' && cause.reason !== 'FieldValueForbidden') return false;
  const words = wordsOf(cause.message);
  if (FIELD_IS_IMMUTABLE.test(words) || TRANSITION_RULE.test(words)) return true;
  return RULES.some(
    (rule) =>
      rule.kind === target.kind &&
      rule.group === target.group &&
      rule.reason === cause.reason &&
      (rule.field === '' ||
        cause.field === rule.field ||
        cause.field.startsWith(`${rule.field}.`) ||
        cause.field.startsWith(`${rule.field}[`)) &&
      rule.words.some((word) => words.includes(word)),
  );
}

/** The first line without the quoted value: the value may hold any words. */
function wordsOf(message: string): string {
  const line = message.split('\n', 1)[0] ?? '';
  const quoted = /^(Invalid value|Forbidden|Unsupported value): /.exec(line);
  if (quoted === null) return line;
  const rest = line.slice(quoted[0].length);
  if (quoted[1] === 'Forbidden') return rest;
  const cut = rest.lastIndexOf(': ');
  return cut < 0 ? rest : rest.slice(cut + 2);
}
