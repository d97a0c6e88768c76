import { own, type JsonObject } from '../../core/json.ts';
import { formatTime } from '../clock.ts';
import { isDeleting, items, labelsOf, metaOf, nameOf, namespaceOf } from '../object.ts';
import { readSelector } from '../schema/selectors.ts';
import { read, setStatus, withCondition } from './access.ts';
import { keyOfObject, splitKey, type Controller } from './controller.ts';
import { isPodActive, isPodReady, numberIn, resolveShare, specOf } from './pod-state.ts';

/** Says how many pods of a PodDisruptionBudget may go now. */
export function budgetController(): Controller {
  const byNamespace = new Map<string, Set<string>>();
  return {
    name: 'poddisruptionbudgets',
    keysOf: (event) => {
      const namespace = namespaceOf(event.object);
      if (event.resource === 'policy/poddisruptionbudgets') {
        const key = keyOfObject(namespace, nameOf(event.object));
        const known = byNamespace.get(namespace) ?? new Set<string>();
        byNamespace.set(namespace, known);
        if (event.type === 'DELETED') known.delete(key);
        else known.add(key);
        return [key];
      }
      return event.resource === '/pods' ? [...(byNamespace.get(namespace) ?? [])] : [];
    },
    reconcile: (key, { state, clock }) => {
      const { namespace, name } = splitKey(key);
      const budget = read(state, 'policy', 'poddisruptionbudgets', namespace, name);
      if (budget === undefined || isDeleting(budget)) return undefined;
      const matches = readSelector(own(specOf(budget), 'selector'));
      const pods = state.store.list('/pods', namespace).filter((pod) => isPodActive(pod) && matches(labelsOf(pod)));
      const healthy = pods.filter(isPodReady).length;
      const expected = pods.length;
      const minAvailable = own(specOf(budget), 'minAvailable');
      const maxUnavailable = own(specOf(budget), 'maxUnavailable');
      const desired =
        minAvailable === undefined
          ? Math.max(0, expected - resolveShare(maxUnavailable, expected, 'up'))
          : resolveShare(minAvailable, expected, 'up');
      const allowed = Math.max(0, expected === 0 ? 0 : healthy - desired);
      const enough = allowed > 0;
      const conditions = withCondition(
        items(own(budget, 'status'), 'conditions') as JsonObject[],
        {
          type: 'DisruptionAllowed',
          status: enough ? 'True' : 'False',
          observedGeneration: numberIn(metaOf(budget), 'generation'),
          reason: enough ? 'SufficientPods' : 'InsufficientPods',
          message: '',
        },
        formatTime(clock.now()),
      );
      setStatus(state, 'policy', 'poddisruptionbudgets', budget, {
        observedGeneration: numberIn(metaOf(budget), 'generation'),
        disruptionsAllowed: allowed,
        currentHealthy: healthy,
        desiredHealthy: desired,
        expectedPods: expected,
        conditions,
      });
      return undefined;
    },
  };
}
