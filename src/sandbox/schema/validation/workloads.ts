import { isJsonObject, own, type Json, type JsonObject } from '../../../core/json.ts';
import { items, textMap, textOf } from '../../object.ts';
import type { FieldProblem } from '../../status.ts';
import { compareQuantities } from '../quantity.ts';
import { readSelector } from '../selectors.ts';
import { validateLabels } from './metadata.ts';
import { labelFaults, qualifiedNameFaults } from './names.ts';
import { duplicate, forbiddenField, invalidValue, notSupported, required } from './problems.ts';

const NATURAL = 'must be greater than or equal to 0';

function natural(object: Json | undefined, field: string, path: string): FieldProblem[] {
  const value = own(object, field);
  return typeof value === 'number' && value < 0 ? [invalidValue(`${path}.${field}`, value, NATURAL)] : [];
}

/** Deployment, ReplicaSet, DaemonSet, StatefulSet, Job, CronJob. */
export function validateTemplateOwner(object: JsonObject, kind: string): FieldProblem[] {
  const spec = own(object, 'spec');
  if (kind === 'CronJob') return validateCronJob(spec);
  const problems: FieldProblem[] = [];
  for (const field of [
    'replicas',
    'minReadySeconds',
    'revisionHistoryLimit',
    'parallelism',
    'completions',
    'backoffLimit',
    'activeDeadlineSeconds',
    'ttlSecondsAfterFinished',
  ])
    problems.push(...natural(spec, field, 'spec'));
  const template = own(spec, 'template');
  if (kind !== 'Job') problems.push(...validateSelector(spec, template, kind));
  if (kind === 'Deployment') problems.push(...validateStrategy(spec));
  problems.push(...validateTemplate(template, 'spec.template', claimNames(spec)));
  problems.push(...restartPolicy(template, kind, 'spec.template.spec.restartPolicy'));
  const min = own(spec, 'minReadySeconds');
  const deadline = own(spec, 'progressDeadlineSeconds');
  if (
    kind === 'Deployment' &&
    typeof deadline === 'number' &&
    typeof min === 'number' &&
    deadline <= min &&
    deadline !== 2 ** 31 - 1
  )
    problems.push(invalidValue('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'));
  return problems;
}

function validateSelector(spec: Json | undefined, template: Json | undefined, kind: string): FieldProblem[] {
  const selector = own(spec, 'selector');
  const labels = textMap(own(own(template, 'metadata'), 'labels'));
  const mismatch = invalidValue(
    'spec.template.metadata.labels',
    labels.size === 0 ? null : Object.fromEntries(labels),
    '`selector` does not match template `labels`',
  );
  if (!isJsonObject(selector)) return [required('spec.selector'), mismatch];
  const problems: FieldProblem[] = validateLabels(own(selector, 'matchLabels'), 'spec.selector.matchLabels');
  for (const [index, entry] of items(selector, 'matchExpressions').entries()) {
    const operator = textOf(entry, 'operator');
    const values = own(entry, 'values');
    const path = `spec.selector.matchExpressions[${index}]`;
    if (operator === 'In' || operator === 'NotIn') {
      if (!Array.isArray(values) || values.length === 0)
        problems.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (Array.isArray(values) && values.length > 0)
        problems.push(
          forbiddenField(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
        );
    } else problems.push(invalidValue(`${path}.operator`, operator, 'not a valid selector operator'));
  }
  const empty = textMap(own(selector, 'matchLabels')).size === 0 && items(selector, 'matchExpressions').length === 0;
  if (empty) {
    const text =
      kind === 'StatefulSet' || kind === 'DaemonSet'
        ? `empty selector is invalid for ${kind.toLowerCase()}`
        : `empty selector is invalid for ${kind === 'Deployment' ? 'deployment' : 'replicaset'}`;
    problems.push(invalidValue('spec.selector', {}, text));
  }
  if (!empty && !readSelector(selector)(labels)) problems.push(mismatch);
  return problems;
}

function validateStrategy(spec: Json | undefined): FieldProblem[] {
  const strategy = own(spec, 'strategy');
  const type = textOf(strategy, 'type');
  const rolling = own(strategy, 'rollingUpdate');
  if (type !== 'RollingUpdate' && type !== 'Recreate')
    return [
      notSupported('spec.strategy', { Type: type, RollingUpdate: rolling ?? null }, ['Recreate', 'RollingUpdate']),
    ];
  if (type === 'Recreate')
    return rolling === undefined
      ? []
      : [forbiddenField('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'")];
  const problems: FieldProblem[] = [];
  const zero = (value: Json | undefined): boolean => value === 0 || value === '0%' || value === '0';
  for (const field of ['maxUnavailable', 'maxSurge']) {
    const value = own(rolling, field);
    if (typeof value === 'string' && !/^\d+%$/.test(value))
      problems.push(
        invalidValue(
          `spec.strategy.rollingUpdate.${field}`,
          value,
          "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%', regex used for validation is '[0-9]+%')",
        ),
      );
    problems.push(...natural(rolling, field, 'spec.strategy.rollingUpdate'));
  }
  if (zero(own(rolling, 'maxUnavailable')) && zero(own(rolling, 'maxSurge')))
    problems.push(
      invalidValue(
        'spec.strategy.rollingUpdate.maxUnavailable',
        own(rolling, 'maxUnavailable'),
        'may not be 0 when `maxSurge` is 0',
      ),
    );
  return problems;
}

function restartPolicy(template: Json | undefined, kind: string, path: string): FieldProblem[] {
  const policy = textOf(own(template, 'spec'), 'restartPolicy');
  const allowed = kind === 'Job' || kind === 'CronJob' ? ['OnFailure', 'Never'] : ['Always'];
  if (allowed.includes(policy)) return [];
  if (allowed.length > 1)
    return [required(path, `valid values: ${allowed.map((value) => JSON.stringify(value)).join(', ')}`)];
  return [notSupported(path, policy, allowed)];
}

function validateCronJob(spec: Json | undefined): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const schedule = textOf(spec, 'schedule');
  if (schedule === '') problems.push(required('spec.schedule'));
  else if (
    !/^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|@every .+|(TZ=\S+ |CRON_TZ=\S+ )?\S+ \S+ \S+ \S+ \S+)$/.test(
      schedule.trim(),
    )
  )
    problems.push(
      invalidValue(
        'spec.schedule',
        schedule,
        `expected exactly 5 fields, found ${schedule.trim().split(/\s+/).length}: [${schedule}]`,
      ),
    );
  const template = own(own(own(spec, 'jobTemplate'), 'spec'), 'template');
  const path = 'spec.jobTemplate.spec.template';
  problems.push(...validateTemplate(template, path));
  problems.push(...restartPolicy(template, 'CronJob', `${path}.spec.restartPolicy`));
  return problems;
}

/** Claims of a StatefulSet become volumes of its pods. */
function claimNames(spec: Json | undefined): string[] {
  return items(spec, 'volumeClaimTemplates').map((claim) => textOf(own(claim, 'metadata'), 'name'));
}

function validateTemplate(template: Json | undefined, path: string, claims: readonly string[] = []): FieldProblem[] {
  return [
    ...validateLabels(own(own(template, 'metadata'), 'labels'), `${path}.labels`),
    ...validatePodSpec(own(template, 'spec'), `${path}.spec`, claims),
  ];
}

export function validatePodObject(object: JsonObject): FieldProblem[] {
  return validatePodSpec(own(object, 'spec'), 'spec');
}

function validatePodSpec(spec: Json | undefined, path: string, claims: readonly string[] = []): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const volumes = new Set<string>();
  for (const [index, volume] of items(spec, 'volumes').entries()) {
    const at = `${path}.volumes[${index}]`;
    const name = textOf(volume, 'name');
    if (name === '') problems.push(required(`${at}.name`));
    else if (volumes.has(name)) problems.push(duplicate(`${at}.name`, name));
    else for (const fault of labelFaults(name)) problems.push(invalidValue(`${at}.name`, name, fault));
    volumes.add(name);
    if (Object.keys(volume).length > 2) {
      const extra = Object.keys(volume).filter((key) => key !== 'name')[1] ?? '';
      problems.push(forbiddenField(`${at}.${extra}`, 'may not specify more than 1 volume type'));
    }
  }
  for (const claim of claims) volumes.add(claim);
  const containers = items(spec, 'containers');
  if (containers.length === 0) problems.push(required(`${path}.containers`));
  const names = new Set<string>();
  for (const list of ['containers', 'initContainers'])
    for (const [index, container] of items(spec, list).entries())
      problems.push(...validateContainer(container, `${path}.${list}[${index}]`, names, volumes));
  const policy = textOf(spec, 'restartPolicy');
  if (!['Always', 'OnFailure', 'Never', ''].includes(policy))
    problems.push(notSupported(`${path}.restartPolicy`, policy, ['Always', 'Never', 'OnFailure']));
  const dns = textOf(spec, 'dnsPolicy');
  if (dns !== '' && !['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'].includes(dns))
    problems.push(
      notSupported(`${path}.dnsPolicy`, dns, ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None']),
    );
  problems.push(...validateLabels(own(spec, 'nodeSelector'), `${path}.nodeSelector`));
  const grace = own(spec, 'terminationGracePeriodSeconds');
  if (typeof grace === 'number' && grace < 0)
    problems.push(invalidValue(`${path}.terminationGracePeriodSeconds`, grace, NATURAL));
  return problems;
}

function validateContainer(
  container: JsonObject,
  path: string,
  names: Set<string>,
  volumes: ReadonlySet<string>,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const name = textOf(container, 'name');
  if (name === '') problems.push(required(`${path}.name`));
  else if (names.has(name)) problems.push(duplicate(`${path}.name`, name));
  else for (const fault of labelFaults(name)) problems.push(invalidValue(`${path}.name`, name, fault));
  names.add(name);
  const image = textOf(container, 'image');
  if (image === '') problems.push(required(`${path}.image`));
  else if (image.trim() !== image)
    problems.push(invalidValue(`${path}.image`, image, 'must not have leading or trailing whitespace'));
  const pull = textOf(container, 'imagePullPolicy');
  if (pull !== '' && !['Always', 'IfNotPresent', 'Never'].includes(pull))
    problems.push(notSupported(`${path}.imagePullPolicy`, pull, ['Always', 'IfNotPresent', 'Never']));
  problems.push(
    ...validatePorts(container, path),
    ...validateEnv(container, path),
    ...validateResources(container, path),
  );
  const paths = new Set<string>();
  for (const [index, mount] of items(container, 'volumeMounts').entries()) {
    const at = `${path}.volumeMounts[${index}]`;
    const volume = textOf(mount, 'name');
    if (volume === '') problems.push(required(`${at}.name`));
    else if (!volumes.has(volume))
      problems.push({
        field: `${at}.name`,
        reason: 'FieldValueNotFound',
        message: `Not found: ${JSON.stringify(volume)}`,
      });
    const mountPath = textOf(mount, 'mountPath');
    if (mountPath === '') problems.push(required(`${at}.mountPath`));
    else if (paths.has(mountPath)) problems.push(invalidValue(`${at}.mountPath`, mountPath, 'must be unique'));
    paths.add(mountPath);
  }
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const value = own(container, probe);
    if (!isJsonObject(value)) continue;
    const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc'].filter((key) => own(value, key) !== undefined);
    if (handlers.length === 0) problems.push(required(`${path}.${probe}`, 'must specify a handler type'));
    if (
      probe === 'livenessProbe' &&
      typeof own(value, 'successThreshold') === 'number' &&
      own(value, 'successThreshold') !== 1
    )
      problems.push(invalidValue(`${path}.${probe}.successThreshold`, own(value, 'successThreshold'), 'must be 1'));
  }
  return problems;
}

function validatePorts(container: JsonObject, path: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const names = new Set<string>();
  for (const [index, port] of items(container, 'ports').entries()) {
    const at = `${path}.ports[${index}]`;
    const number = own(port, 'containerPort');
    if (number === undefined || number === 0) problems.push(required(`${at}.containerPort`));
    else if (typeof number === 'number' && (number < 1 || number > 65535))
      problems.push(invalidValue(`${at}.containerPort`, number, 'must be between 1 and 65535, inclusive'));
    const name = textOf(port, 'name');
    if (name !== '') {
      for (const fault of portNameFaults(name)) problems.push(invalidValue(`${at}.name`, name, fault));
      if (names.has(name)) problems.push(duplicate(`${at}.name`, name));
      names.add(name);
    }
    const protocol = textOf(port, 'protocol');
    if (!['TCP', 'UDP', 'SCTP'].includes(protocol))
      problems.push(notSupported(`${at}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']));
  }
  return problems;
}

function portNameFaults(name: string): string[] {
  const faults: string[] = [];
  if (name.length > 15) faults.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(name)) faults.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(name)) faults.push('must contain at least one letter (a-z)');
  if (name.includes('--')) faults.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) faults.push('must not begin or end with a hyphen');
  return faults;
}

function validateEnv(container: JsonObject, path: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const [index, variable] of items(container, 'env').entries()) {
    const at = `${path}.env[${index}]`;
    if (textOf(variable, 'name') === '') problems.push(required(`${at}.name`));
    const from = own(variable, 'valueFrom');
    if (isJsonObject(from) && textOf(variable, 'value') !== '')
      problems.push(invalidValue(`${at}.valueFrom`, '', 'may not be specified when `value` is not empty'));
    if (isJsonObject(from) && Object.keys(from).length === 0)
      problems.push(
        invalidValue(
          `${at}.valueFrom`,
          '',
          'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
        ),
      );
  }
  return problems;
}

function validateResources(container: JsonObject, path: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const resources = own(container, 'resources');
  const limits = textMap(own(resources, 'limits'));
  const requests = textMap(own(resources, 'requests'));
  for (const [kind, map] of [
    ['limits', limits],
    ['requests', requests],
  ] as const)
    for (const [name, amount] of map) {
      const at = `${path}.resources.${kind}[${name}]`;
      for (const fault of qualifiedNameFaults(name))
        problems.push(invalidValue(`${path}.resources.${kind}`, name, fault));
      if (compareQuantities(amount, '0') < 0) problems.push(invalidValue(at, amount, NATURAL));
    }
  for (const [name, amount] of requests) {
    const limit = limits.get(name);
    if (limit !== undefined && compareQuantities(amount, limit) > 0)
      problems.push(
        invalidValue(`${path}.resources.requests`, amount, `must be less than or equal to ${name} limit of ${limit}`),
      );
    if (
      limit === undefined &&
      name.includes('/') &&
      !name.startsWith('kubernetes.io/') &&
      !name.startsWith('ephemeral')
    )
      problems.push(required(`${path}.resources.limits`, 'Limit must be set for non overcommitable resources'));
  }
  for (const [name, amount] of limits) {
    const request = requests.get(name);
    if (name.includes('/') && request !== undefined && compareQuantities(request, amount) < 0)
      problems.push(invalidValue(`${path}.resources.requests`, request, `must be equal to ${name} limit of ${amount}`));
  }
  return problems;
}
