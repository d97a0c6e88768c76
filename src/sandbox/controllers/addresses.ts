import { own, type JsonObject } from '../../core/json.ts';
import { annotationOf, isDeleting, items, nameOf, namespaceOf, textOf, uidOf } from '../object.ts';
import { read, setStatus } from './access.ts';
import { keyOfObject, splitKey, type Controller } from './controller.ts';

const FAILS = 'test.evenkeel.dev/fails';
const DELAY_MS = 300;

/** Gives load balancers and Ingresses an address after a moment, unless their annotation says that they never get one. */
export function addressController(group: string, plural: string, ip: string): Controller {
  const seen = new Map<string, number>();
  return {
    name: `addresses of ${plural}`,
    keysOf: (event) => {
      if (event.resource !== `${group}/${plural}`) return [];
      if (event.type === 'DELETED') seen.delete(uidOf(event.object));
      return [keyOfObject(namespaceOf(event.object), nameOf(event.object))];
    },
    reconcile: (key, { state, clock }) => {
      const { namespace, name } = splitKey(key);
      const object = read(state, group, plural, namespace, name);
      if (object === undefined || isDeleting(object)) return undefined;
      const wanted = wantsAddress(object, plural) && annotationOf(object, FAILS) === undefined;
      const has = items(own(own(object, 'status'), 'loadBalancer'), 'ingress').length > 0;
      if (wanted === has) return undefined;
      if (wanted) {
        const start = seen.get(uidOf(object)) ?? clock.now();
        seen.set(uidOf(object), start);
        const left = start + DELAY_MS - clock.now();
        if (left > 0) return left;
      } else if (plural !== 'services') return undefined;
      const address = plural === 'services' ? { ip, ipMode: 'VIP' } : { ip };
      setStatus(
        state,
        group,
        plural,
        object,
        { ...(own(object, 'status') as JsonObject | undefined), loadBalancer: wanted ? { ingress: [address] } : {} },
        'cloud-controller-manager',
      );
      return undefined;
    },
  };
}

function wantsAddress(object: JsonObject, plural: string): boolean {
  return plural !== 'services' || textOf(own(object, 'spec'), 'type') === 'LoadBalancer';
}
