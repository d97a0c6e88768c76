import { own, type JsonObject } from '../../core/json.ts';
import { items, textMap } from '../object.ts';
import { parseQuantity } from '../schema/quantity.ts';

/** Amounts of resources in nano-units, `pods` included. */
export type Amounts = ReadonlyMap<string, bigint>;

const ONE = 1_000_000_000n;

function amountsOf(map: unknown): Map<string, bigint> {
  const out = new Map<string, bigint>();
  for (const [name, text] of textMap(map as JsonObject)) out.set(name, parseQuantity(text)?.nano ?? 0n);
  return out;
}

function add(total: Map<string, bigint>, more: Amounts): void {
  for (const [name, amount] of more) total.set(name, (total.get(name) ?? 0n) + amount);
}

function raise(total: Map<string, bigint>, other: Amounts): void {
  for (const [name, amount] of other) if (amount > (total.get(name) ?? 0n)) total.set(name, amount);
}

const cache = new WeakMap<object, Amounts>();

/**
 * What a pod takes from its node: the sum of its containers (and of its sidecars), or the most that an init container needs at once, plus
 * overhead.
 */
export function requestsOf(pod: JsonObject): Amounts {
  const spec = own(pod, 'spec');
  if (typeof spec !== 'object' || spec === null) return new Map();
  const known = cache.get(spec);
  if (known !== undefined) return known;
  const total = new Map<string, bigint>();
  for (const container of items(spec, 'containers'))
    add(total, amountsOf(own(own(container, 'resources'), 'requests')));
  const sidecars = new Map<string, bigint>();
  const initial = new Map<string, bigint>();
  for (const container of items(spec, 'initContainers')) {
    const requests = amountsOf(own(own(container, 'resources'), 'requests'));
    if (container['restartPolicy'] === 'Always') {
      add(total, requests);
      add(sidecars, requests);
      raise(initial, sidecars);
    } else {
      const together = new Map(sidecars);
      add(together, requests);
      raise(initial, together);
    }
  }
  raise(total, initial);
  add(total, amountsOf(own(spec, 'overhead')));
  total.set('pods', ONE);
  cache.set(spec, total);
  return total;
}

/** What a node has to give. */
export function allocatableOf(node: JsonObject): Amounts {
  const status = own(node, 'status');
  if (typeof status !== 'object' || status === null) return new Map();
  const known = cache.get(status);
  if (known !== undefined) return known;
  const amounts = amountsOf(own(status, 'allocatable'));
  cache.set(status, amounts);
  return amounts;
}
