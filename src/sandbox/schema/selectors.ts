import { isJsonObject, own, type Json, type JsonObject } from '../../core/json.ts';
import { textMap, textOf } from '../object.ts';
import { badRequest } from '../status.ts';

type Requirement =
  | { readonly key: string; readonly op: 'in' | 'notin'; readonly values: ReadonlySet<string> }
  | { readonly key: string; readonly op: 'exists' | 'missing' }
  | { readonly key: string; readonly op: 'gt' | 'lt'; readonly number: number };

export type Matcher = (labels: ReadonlyMap<string, string>) => boolean;

function holds(requirement: Requirement, labels: ReadonlyMap<string, string>): boolean {
  const value = labels.get(requirement.key);
  switch (requirement.op) {
    case 'exists':
      return value !== undefined;
    case 'missing':
      return value === undefined;
    case 'in':
      return value !== undefined && requirement.values.has(value);
    case 'notin':
      return value === undefined || !requirement.values.has(value);
    case 'gt':
      return value !== undefined && Number(value) > requirement.number;
    case 'lt':
      return value !== undefined && Number(value) < requirement.number;
  }
}

/** Reads a label selector of a query: `a=b,c!=d,e in (f,g),h,!i`. @throws ApiError 400 */
export function parseLabelSelector(text: string): Matcher {
  const requirements: Requirement[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const match =
      /^(?<not>!)?\s*(?<key>[\w./-]+)\s*(?:(?<op>==|!=|=|>|<)\s*(?<value>[\w.-]*)|(?<set>in|notin)\s*\((?<values>[^()]*)\))?\s*(?:,|$)/.exec(
        rest,
      );
    if (match?.groups === undefined)
      throw badRequest(
        `unable to parse requirement: found ${JSON.stringify(rest.slice(0, 40))}, expected: identifier, or one of: in, notin, =, ==, !=, gt, lt, exists, !`,
      );
    const { not, key = '', op, value = '', set, values = '' } = match.groups;
    if (not !== undefined) requirements.push({ key, op: 'missing' });
    else if (set !== undefined) {
      const list = new Set(values.split(',').map((item) => item.trim()));
      requirements.push({ key, op: set === 'in' ? 'in' : 'notin', values: list });
    } else if (op === undefined) requirements.push({ key, op: 'exists' });
    else if (op === '>' || op === '<') requirements.push({ key, op: op === '>' ? 'gt' : 'lt', number: Number(value) });
    else requirements.push({ key, op: op === '!=' ? 'notin' : 'in', values: new Set([value]) });
    rest = rest.slice(match[0].length).trim();
  }
  return (labels) => requirements.every((requirement) => holds(requirement, labels));
}

/** A LabelSelector of an object: matchLabels and matchExpressions. A missing selector selects nothing, an empty one everything. */
export function readSelector(selector: Json | undefined): Matcher {
  if (!isJsonObject(selector)) return () => false;
  const requirements: Requirement[] = [];
  for (const [key, value] of textMap(own(selector, 'matchLabels')))
    requirements.push({ key, op: 'in', values: new Set([value]) });
  const expressions = own(selector, 'matchExpressions');
  if (Array.isArray(expressions))
    for (const entry of expressions as readonly Json[]) {
      const key = textOf(entry, 'key');
      const list = own(entry, 'values');
      const values = new Set(Array.isArray(list) ? (list as readonly Json[]).map(String) : []);
      const operator = textOf(entry, 'operator');
      if (operator === 'Exists') requirements.push({ key, op: 'exists' });
      else if (operator === 'DoesNotExist') requirements.push({ key, op: 'missing' });
      else if (operator === 'Gt' || operator === 'Lt')
        requirements.push({ key, op: operator === 'Gt' ? 'gt' : 'lt', number: Number([...values][0]) });
      else requirements.push({ key, op: operator === 'In' ? 'in' : 'notin', values });
    }
  return (labels) => requirements.every((requirement) => holds(requirement, labels));
}

/** The text form of a LabelSelector, as `/scale` shows it. */
export function formatSelector(selector: Json | undefined): string {
  const parts: string[] = [];
  for (const [key, value] of textMap(own(selector, 'matchLabels'))) parts.push(`${key}=${value}`);
  const expressions = own(selector, 'matchExpressions');
  if (Array.isArray(expressions))
    for (const entry of expressions as readonly Json[]) {
      const key = textOf(entry, 'key');
      const list = own(entry, 'values');
      const values = (Array.isArray(list) ? (list as readonly Json[]).map(String) : []).sort().join(',');
      const operator = textOf(entry, 'operator');
      if (operator === 'Exists') parts.push(key);
      else if (operator === 'DoesNotExist') parts.push(`!${key}`);
      else parts.push(`${key} ${operator === 'In' ? 'in' : 'notin'} (${values})`);
    }
  return parts.sort().join(',');
}

/** Fields that may be selected by besides name and namespace. */
const SELECTABLE: ReadonlyMap<string, readonly string[]> = new Map([
  [
    '/pods',
    [
      'spec.nodeName',
      'spec.restartPolicy',
      'spec.schedulerName',
      'spec.serviceAccountName',
      'spec.hostNetwork',
      'status.phase',
      'status.podIP',
      'status.podIPs',
      'status.nominatedNodeName',
    ],
  ],
  [
    '/events',
    [
      'involvedObject.kind',
      'involvedObject.namespace',
      'involvedObject.name',
      'involvedObject.uid',
      'involvedObject.apiVersion',
      'involvedObject.resourceVersion',
      'involvedObject.fieldPath',
      'reason',
      'reportingComponent',
      'source',
      'type',
    ],
  ],
  ['/secrets', ['type']],
  ['/namespaces', ['status.phase']],
  ['/nodes', ['spec.unschedulable']],
  ['/services', ['spec.clusterIP', 'spec.type']],
  ['/replicationcontrollers', ['status.replicas']],
  ['apps/replicasets', ['status.replicas']],
  ['batch/jobs', ['status.successful']],
  ['certificates.k8s.io/certificatesigningrequests', ['spec.signerName']],
]);

/**
 * Reads a field selector for a resource (its id, and the paths that a custom resource declares). @throws ApiError 400 for a field that
 * cannot be selected by
 */
export function parseFieldSelector(
  text: string,
  resource: string,
  declared: readonly string[],
): (object: JsonObject) => boolean {
  const tests = text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const match = /^\s*([^=!\s]+)\s*(==|!=|=)\s*(.*?)\s*$/.exec(part);
      if (match === null)
        throw badRequest(`invalid selector: ${JSON.stringify(part)}; can't understand ${JSON.stringify(part)}`);
      const [, field = '', operator, value = ''] = match;
      const known =
        field === 'metadata.name' ||
        field === 'metadata.namespace' ||
        (SELECTABLE.get(resource) ?? []).includes(field) ||
        declared.includes(field);
      if (!known)
        throw badRequest(
          SELECTABLE.has(resource)
            ? `field label not supported: ${field}`
            : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
        );
      const path = field.split('.');
      return (object: JsonObject): boolean => {
        let current: Json | undefined = object;
        for (const step of path) current = own(current, step);
        const found =
          typeof current === 'string'
            ? current
            : current === undefined || current === null
              ? ''
              : JSON.stringify(current);
        return (found === value) === (operator !== '!=');
      };
    });
  return (object) => tests.every((test) => test(object));
}
