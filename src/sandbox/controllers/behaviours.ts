import { own, type JsonObject } from '../../core/json.ts';
import { formatTime } from '../clock.ts';
import { isDeleting, metaOf, nameOf, namespaceOf, showScalar, textOf, uidOf, type Stored } from '../object.ts';
import { systemContext } from '../registry/context.ts';
import { updateObject } from '../registry/write.ts';
import { resourceId } from '../schema/resource.ts';
import { targetOf } from './access.ts';
import { splitKey, type Controller } from './controller.ts';

/** How the controller of a custom kind is played: some time after each change of the spec, the object gets a status. */
export interface Behaviour {
  readonly group: string;
  readonly kind: string;
  /** Default 0. */
  readonly afterMs?: number;
  /** The status, or what makes it from the object (with the time as RFC 3339); undefined leaves the object alone. */
  readonly status: JsonObject | ((object: JsonObject, time: string) => JsonObject | undefined);
}

/** Plays the controllers of a table of behaviours. */
export function behaviourController(behaviours: readonly Behaviour[]): Controller {
  /** Per object: the generation that was answered, or when its turn comes. */
  const answered = new Map<string, string>();
  const due = new Map<string, { readonly stamp: string; readonly atMs: number }>();
  return {
    name: 'behaviours',
    keysOf: (change) => {
      const group = change.resource.slice(0, change.resource.indexOf('/'));
      const kind = textOf(change.object, 'kind');
      const key = `${group}|${kind}|${namespaceOf(change.object)}/${nameOf(change.object)}`;
      if (change.type === 'DELETED') {
        answered.delete(key);
        due.delete(key);
        return [];
      }
      return behaviours.some((behaviour) => behaviour.group === group && behaviour.kind === kind) ? [key] : [];
    },
    reconcile: (key, { state, clock }) => {
      const [group = '', kind = '', id = ''] = key.split('|');
      const { namespace, name } = splitKey(id);
      const resource = state.catalog.byKind(group, kind);
      const behaviour = behaviours.find((entry) => entry.group === group && entry.kind === kind);
      if (resource === undefined || behaviour === undefined) return undefined;
      const object: Stored | undefined = state.store.get(resourceId(group, resource.plural), namespace, name);
      if (object === undefined || isDeleting(object)) return undefined;
      const stamp = `${uidOf(object)} ${showScalar(own(metaOf(object), 'generation') ?? own(metaOf(object), 'resourceVersion'))}`;
      if (answered.get(key) === stamp) return undefined;
      const now = clock.now();
      let turn = due.get(key);
      if (turn?.stamp !== stamp) due.set(key, (turn = { stamp, atMs: now + (behaviour.afterMs ?? 0) }));
      if (turn.atMs > now) return turn.atMs - now;
      const status =
        typeof behaviour.status === 'function' ? behaviour.status(object, formatTime(now)) : behaviour.status;
      answered.set(key, stamp);
      if (status === undefined) return undefined;
      const hasStatus = resource.versions.some((version) => version.hasStatus);
      updateObject(
        state,
        targetOf(resource, namespace, name, hasStatus ? 'status' : ''),
        systemContext(`${kind.toLowerCase()}-controller`),
        (current) => ({
          ...current,
          status,
        }),
      );
      return undefined;
    },
  };
}
