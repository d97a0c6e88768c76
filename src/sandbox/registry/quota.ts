import { own, type JsonObject } from '../../core/json.ts';
import { items, nameOf, textMap, textOf, type Stored } from '../object.ts';
import { formatQuantity, parseQuantity } from '../schema/quantity.ts';
import { resourceId, type Resource } from '../schema/resource.ts';
import { forbidden } from '../status.ts';
import type { Admission, RegistryState } from './state.ts';

/** Amounts in nano-units by the names that a quota uses. */
export type Usage = Map<string, bigint>;

const ONE = 1_000_000_000n;
const COUNTED: ReadonlyMap<string, string> = new Map([
  ['/pods', 'pods'],
  ['/services', 'services'],
  ['/configmaps', 'configmaps'],
  ['/secrets', 'secrets'],
  ['/replicationcontrollers', 'replicationcontrollers'],
  ['/resourcequotas', 'resourcequotas'],
  ['/persistentvolumeclaims', 'persistentvolumeclaims'],
]);

function add(usage: Usage, name: string, amount: bigint): void {
  usage.set(name, (usage.get(name) ?? 0n) + amount);
}

function amountOf(text: string): bigint {
  return parseQuantity(text)?.nano ?? 0n;
}

function podUsage(pod: JsonObject, usage: Usage): void {
  const spec = own(pod, 'spec');
  const kinds = [
    ['requests', ''],
    ['limits', 'limits.'],
  ] as const;
  for (const [kind, prefix] of kinds) {
    const total = new Map<string, bigint>();
    const initial = new Map<string, bigint>();
    for (const container of items(spec, 'containers'))
      for (const [name, text] of textMap(own(own(container, 'resources'), kind)))
        total.set(name, (total.get(name) ?? 0n) + amountOf(text));
    for (const container of items(spec, 'initContainers'))
      for (const [name, text] of textMap(own(own(container, 'resources'), kind))) {
        const into = container['restartPolicy'] === 'Always' ? total : initial;
        const before = into.get(name) ?? 0n;
        into.set(name, into === total ? before + amountOf(text) : amountOf(text) > before ? amountOf(text) : before);
      }
    for (const [name, amount] of initial) if (amount > (total.get(name) ?? 0n)) total.set(name, amount);
    for (const [name, amount] of total) {
      add(usage, kind === 'requests' ? `requests.${name}` : `${prefix}${name}`, amount);
      if (kind === 'requests') add(usage, name, amount);
    }
  }
}

/** What one object takes from the quotas of its namespace. */
function usageOf(object: JsonObject, resource: Resource): Usage {
  const usage: Usage = new Map();
  const id = resourceId(resource.group, resource.plural);
  const phase = textOf(own(object, 'status'), 'phase');
  const isPod = id === '/pods';
  add(usage, `count/${resource.plural}${resource.group === '' ? '' : `.${resource.group}`}`, ONE);
  if (isPod && (phase === 'Succeeded' || phase === 'Failed')) return usage;
  const counted = COUNTED.get(id);
  if (counted !== undefined) add(usage, counted, ONE);
  if (isPod) podUsage(object, usage);
  if (id === '/persistentvolumeclaims') {
    const spec = own(object, 'spec');
    const storage = amountOf(textOf(own(own(spec, 'resources'), 'requests'), 'storage'));
    add(usage, 'requests.storage', storage);
    const klass = textOf(spec, 'storageClassName');
    if (klass !== '') {
      add(usage, `${klass}.storageclass.storage.k8s.io/requests.storage`, storage);
      add(usage, `${klass}.storageclass.storage.k8s.io/persistentvolumeclaims`, ONE);
    }
  }
  if (id === '/services') {
    const type = textOf(own(object, 'spec'), 'type');
    if (type === 'LoadBalancer') add(usage, 'services.loadbalancers', ONE);
    const ports = items(own(object, 'spec'), 'ports').length;
    if (type === 'NodePort' || type === 'LoadBalancer') add(usage, 'services.nodeports', BigInt(ports) * ONE);
  }
  return usage;
}

/** Whether a quota with scopes counts a pod; quotas with scopes count nothing else. */
function isInScope(quota: JsonObject, object: JsonObject, resource: Resource): boolean {
  const spec = own(quota, 'spec');
  const listed = own(spec, 'scopes');
  const scopes = Array.isArray(listed)
    ? listed.map((scope) => ({ scope: String(scope), operator: 'Exists', values: [] as string[] }))
    : [];
  for (const entry of items(own(spec, 'scopeSelector'), 'matchExpressions')) {
    const values = own(entry, 'values');
    scopes.push({
      scope: textOf(entry, 'scopeName'),
      operator: textOf(entry, 'operator'),
      values: Array.isArray(values) ? values.map(String) : [],
    });
  }
  if (scopes.length === 0) return true;
  if (resource.group !== '' || resource.kind !== 'Pod') return false;
  const pod = own(object, 'spec');
  const usage = usageOf(object, resource);
  const best = ![...usage.keys()].some((name) => /^(requests|limits)\.(cpu|memory)$/.test(name));
  return scopes.every(({ scope, operator, values }) => {
    switch (scope) {
      case 'BestEffort':
        return best;
      case 'NotBestEffort':
        return !best;
      case 'Terminating':
        return own(pod, 'activeDeadlineSeconds') !== undefined;
      case 'NotTerminating':
        return own(pod, 'activeDeadlineSeconds') === undefined;
      case 'PriorityClass': {
        const name = textOf(pod, 'priorityClassName');
        if (operator === 'In') return values.includes(name);
        if (operator === 'NotIn') return !values.includes(name);
        return operator === 'Exists' ? name !== '' : name === '';
      }
      default:
        return false;
    }
  });
}

/** What is used of a quota now, by the names of its `hard`. */
export function usedOf(quota: Stored, namespace: string, state: RegistryState, except?: JsonObject): Usage {
  const wanted = [...textMap(own(own(quota, 'spec'), 'hard')).keys()];
  const used: Usage = new Map(wanted.map((name) => [name, 0n]));
  for (const resource of state.catalog.all()) {
    const id = resourceId(resource.group, resource.plural);
    const concerns =
      COUNTED.has(id) ||
      wanted.includes(`count/${resource.plural}${resource.group === '' ? '' : `.${resource.group}`}`);
    if (!resource.namespaced || !concerns) continue;
    for (const object of state.store.list(id, namespace)) {
      if (
        except !== undefined &&
        nameOf(object) === nameOf(except) &&
        textOf(object, 'kind') === textOf(except, 'kind')
      )
        continue;
      if (!isInScope(quota, object, resource)) continue;
      for (const [name, amount] of usageOf(object, resource)) if (used.has(name)) add(used, name, amount);
    }
  }
  return used;
}

function show(usage: readonly (readonly [string, bigint])[], form: ReadonlyMap<string, string>): string {
  return [...usage]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, nano]) => `${name}=${formatAs(nano, form.get(name) ?? '')}`)
    .join(',');
}

/** An amount in the form of another: bytes stay in Mi, counts stay plain. */
export function formatAs(nano: bigint, like: string): string {
  return formatQuantity({ nano, form: parseQuantity(like)?.form ?? 'decimal' });
}

const COMPUTE = /^(requests\.|limits\.)?(cpu|memory|ephemeral-storage)$/;

/** Refuses what would exceed a quota of its namespace, and pods that leave out what a quota limits. */
export const resourceQuota: Admission = ({ operation, target, object }, state) => {
  const { resource, namespace } = target;
  if (object === undefined || namespace === '' || target.subresource !== '' || operation === 'DELETE') return;
  const grows = operation === 'CREATE' || resource.kind === 'PersistentVolumeClaim' || resource.kind === 'Service';
  if (!grows || resource.kind === 'ResourceQuota') return;
  const asked = usageOf(object, resource);
  for (const quota of state.store.list('/resourcequotas', namespace)) {
    if (!isInScope(quota, object, resource)) continue;
    const hard = textMap(own(own(quota, 'spec'), 'hard'));
    requireAmounts(object, resource, quota, hard);
    const concerned = [...hard.keys()].filter((name) => (asked.get(name) ?? 0n) > 0n);
    if (concerned.length === 0) continue;
    const used = usedOf(quota, namespace, state, object);
    const over = concerned.filter(
      (name) => (used.get(name) ?? 0n) + (asked.get(name) ?? 0n) > amountOf(hard.get(name) ?? '0'),
    );
    if (over.length === 0) continue;
    const pick = (usage: Usage): (readonly [string, bigint])[] =>
      over.map((name) => [name, usage.get(name) ?? 0n] as const);
    throw forbidden(
      resource,
      nameOf(object),
      `exceeded quota: ${nameOf(quota)}, requested: ${show(pick(asked), hard)}, used: ${show(pick(used), hard)}, limited: ${over
        .sort()
        .map((name) => `${name}=${hard.get(name) ?? ''}`)
        .join(',')}`,
    );
  }
};

/** A quota on cpu or memory wants every container to say how much it takes. */
function requireAmounts(
  object: JsonObject,
  resource: Resource,
  quota: Stored,
  hard: ReadonlyMap<string, string>,
): void {
  if (resource.group !== '' || resource.kind !== 'Pod') return;
  const missing: string[] = [];
  for (const name of [...hard.keys()].filter((entry) => COMPUTE.test(entry)).sort()) {
    const plain = name.replace(/^(requests|limits)\./, '');
    const kind = name.startsWith('limits.') ? 'limits' : 'requests';
    const without = [
      ...items(own(object, 'spec'), 'containers'),
      ...items(own(object, 'spec'), 'initContainers'),
    ].filter((container) => !textMap(own(own(container, 'resources'), kind)).has(plain));
    if (without.length > 0)
      missing.push(`${name} for: ${without.map((container) => textOf(container, 'name')).join(',')}`);
  }
  if (missing.length > 0)
    throw forbidden(resource, nameOf(object), `failed quota: ${nameOf(quota)}: must specify ${missing.join('; ')}`);
}
