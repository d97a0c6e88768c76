import { own } from '../../core/json.ts';
import { isDeleting, nameOf, namespaceOf, textMap } from '../object.ts';
import { formatAs, usedOf } from '../registry/quota.ts';
import { read, setStatus } from './access.ts';
import { keyOfObject, splitKey, type Controller } from './controller.ts';
import { specOf } from './pod-state.ts';

/** Says how much of each ResourceQuota is used. */
export function quotaController(): Controller {
  const byNamespace = new Map<string, Set<string>>();
  return {
    name: 'resourcequotas',
    keysOf: (event) => {
      const namespace = namespaceOf(event.object);
      if (event.resource !== '/resourcequotas')
        return event.type === 'MODIFIED' && event.resource !== '/pods' ? [] : [...(byNamespace.get(namespace) ?? [])];
      const key = keyOfObject(namespace, nameOf(event.object));
      const known = byNamespace.get(namespace) ?? new Set<string>();
      byNamespace.set(namespace, known);
      if (event.type === 'DELETED') known.delete(key);
      else known.add(key);
      return [key];
    },
    reconcile: (key, { state }) => {
      const { namespace, name } = splitKey(key);
      const quota = read(state, '', 'resourcequotas', namespace, name);
      if (quota === undefined || isDeleting(quota)) return undefined;
      const hard = textMap(own(specOf(quota), 'hard'));
      const used = usedOf(quota, namespace, state);
      setStatus(state, '', 'resourcequotas', quota, {
        hard: Object.fromEntries(hard),
        used: Object.fromEntries(
          [...hard].map(([resource, amount]) => [resource, formatAs(used.get(resource) ?? 0n, amount)]),
        ),
      });
      return undefined;
    },
  };
}
