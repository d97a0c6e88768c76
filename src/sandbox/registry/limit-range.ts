import { own, type JsonObject, type MutableJsonObject } from '../../core/json.ts';
import { child, items, nameOf, textMap, textOf } from '../object.ts';
import { compareQuantities } from '../schema/quantity.ts';
import { forbidden } from '../status.ts';
import type { Admission } from './state.ts';

/** Fills in what a LimitRange gives containers that say nothing, and refuses what lies outside of its bounds. */
export const limitRanges: Admission = ({ operation, target, object }, state) => {
  const { resource, namespace } = target;
  if (operation !== 'CREATE' || object === undefined || resource.group !== '') return;
  if (resource.kind !== 'Pod' && resource.kind !== 'PersistentVolumeClaim') return;
  const faults: string[] = [];
  const filled: string[] = [];
  for (const range of state.store.list('/limitranges', namespace))
    for (const limit of items(own(range, 'spec'), 'limits')) {
      const type = textOf(limit, 'type');
      if (type === 'Container' && resource.kind === 'Pod')
        for (const container of [
          ...items(own(object, 'spec'), 'containers'),
          ...items(own(object, 'spec'), 'initContainers'),
        ]) {
          filled.push(...fill(container, limit));
          faults.push(...check(own(container, 'resources'), limit, 'Container'));
        }
      if (type === 'PersistentVolumeClaim' && resource.kind === 'PersistentVolumeClaim')
        faults.push(...check(own(own(object, 'spec'), 'resources'), limit, 'PersistentVolumeClaim'));
    }
  if (filled.length > 0)
    child(child(object, 'metadata'), 'annotations')['kubernetes.io/limit-ranger'] =
      `LimitRanger plugin set: ${filled.join('; ')}`;
  if (faults.length > 0)
    throw forbidden(resource, nameOf(object), faults.length === 1 ? (faults[0] ?? '') : `[${faults.join(', ')}]`);
};

/** Says what it filled in, in the words of the annotation that the server leaves. */
function fill(container: MutableJsonObject, limit: JsonObject): string[] {
  const limitsBefore = textMap(own(own(container, 'resources'), 'limits'));
  const requestsBefore = textMap(own(own(container, 'resources'), 'requests'));
  const limits = [...textMap(own(limit, 'default'))].filter(([name]) => !limitsBefore.has(name));
  const requests = [...textMap(own(limit, 'defaultRequest'))].filter(([name]) => !requestsBefore.has(name));
  const name = textOf(container, 'name');
  const words: string[] = [];
  for (const [kind, amounts] of [
    ['request', requests],
    ['limit', limits],
  ] as const) {
    if (amounts.length === 0) continue;
    const map = child(child(container, 'resources'), `${kind}s`);
    for (const [resource, amount] of amounts) map[resource] = amount;
    const list = amounts
      .map(([resource]) => resource)
      .sort()
      .join(', ');
    words.push(`${list} ${kind} for container ${name}`);
  }
  return words;
}

function check(resources: unknown, limit: JsonObject, type: string): string[] {
  const faults: string[] = [];
  const requests = textMap(own(resources, 'requests'));
  const limits = textMap(own(resources, 'limits'));
  for (const [name, least] of textMap(own(limit, 'min'))) {
    const request = requests.get(name);
    if (request === undefined) faults.push(`minimum ${name} usage per ${type} is ${least}.  No request is specified`);
    else if (compareQuantities(request, least) < 0)
      faults.push(`minimum ${name} usage per ${type} is ${least}, but request is ${request}`);
  }
  for (const [name, most] of textMap(own(limit, 'max'))) {
    const value = type === 'Container' ? limits.get(name) : requests.get(name);
    const word = type === 'Container' ? 'limit' : 'request';
    if (value === undefined) faults.push(`maximum ${name} usage per ${type} is ${most}.  No ${word} is specified`);
    else if (compareQuantities(value, most) > 0)
      faults.push(`maximum ${name} usage per ${type} is ${most}, but ${word} is ${value}`);
  }
  return faults;
}
