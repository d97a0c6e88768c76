import { own, type JsonObject } from '../../core/json.ts';
import { formatTime } from '../clock.ts';
import { isDeleting, items, nameOf, textOf } from '../object.ts';
import { systemContext } from '../registry/context.ts';
import { finalizersOf } from '../registry/persist.ts';
import { deleteObject } from '../registry/remove.ts';
import { resourceOfDefinition } from '../schema/definitions.ts';
import { resourceId } from '../schema/resource.ts';
import { change, setStatus, targetOf, withCondition } from './access.ts';
import type { Controller, ControllerContext } from './controller.ts';

const GROUP = 'apiextensions.k8s.io';
const PLURAL = 'customresourcedefinitions';
const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

/** Accepts CustomResourceDefinitions, serves their resources, and takes both down again. */
export const definitionController: Controller = {
  name: 'customresourcedefinitions',
  keysOf: (change) => (change.resource === `${GROUP}/${PLURAL}` ? [nameOf(change.object)] : []),
  reconcile: (name, context) => {
    const { state } = context;
    const definition = state.store.get(`${GROUP}/${PLURAL}`, '', name);
    if (definition === undefined) {
      const dot = name.indexOf('.');
      state.catalog.remove(name.slice(dot + 1), name.slice(0, dot));
      return undefined;
    }
    if (isDeleting(definition)) return cleanUp(definition, context);
    return establish(name, context);
  },
};

function establish(name: string, { state, clock }: ControllerContext): undefined {
  const definition = state.store.get(`${GROUP}/${PLURAL}`, '', name);
  if (definition === undefined) return undefined;
  const time = formatTime(clock.now());
  const resource = resourceOfDefinition(definition);
  const accepted = state.catalog.add(resource);
  const spec = own(definition, 'spec');
  const names = own(spec, 'names') as JsonObject;
  let conditions = own(own(definition, 'status'), 'conditions');
  conditions = withCondition(
    conditions,
    accepted
      ? { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
      : {
          type: 'NamesAccepted',
          status: 'False',
          reason: 'PluralConflict',
          message: `"${resource.plural}" is already in use`,
        },
    time,
  );
  conditions = withCondition(
    conditions,
    accepted
      ? {
          type: 'Established',
          status: 'True',
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        }
      : { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' },
    time,
  );
  const before = own(own(definition, 'status'), 'storedVersions');
  const stored = Array.isArray(before) ? before.map(String) : [];
  const storage = items(spec, 'versions').find((version) => version['storage'] === true);
  const storageVersion = textOf(storage, 'name');
  setStatus(
    state,
    GROUP,
    PLURAL,
    definition,
    {
      conditions,
      acceptedNames: accepted ? names : { plural: '', kind: '' },
      storedVersions: stored.includes(storageVersion) ? stored : [...stored, storageVersion],
    },
    'kube-apiserver',
  );
  return undefined;
}

function cleanUp(definition: JsonObject, { state, clock }: ControllerContext): number | undefined {
  const resource = resourceOfDefinition(definition);
  const served = state.catalog.find(resource.group, resource.plural);
  const objects = served?.definition === undefined ? [] : state.store.list(resourceId(resource.group, resource.plural));
  for (const object of objects)
    if (!isDeleting(object))
      deleteObject(
        state,
        targetOf(resource, textOf(own(object, 'metadata'), 'namespace'), nameOf(object)),
        { uid: undefined, resourceVersion: undefined, propagation: undefined, gracePeriodSeconds: undefined },
        systemContext('kube-apiserver'),
      );
  const left = state.store.count(resourceId(resource.group, resource.plural));
  if (left > 0) {
    const time = formatTime(clock.now());
    const status = own(definition, 'status') as JsonObject;
    setStatus(
      state,
      GROUP,
      PLURAL,
      definition,
      {
        ...status,
        conditions: withCondition(
          own(status, 'conditions'),
          {
            type: 'Terminating',
            status: 'True',
            reason: 'InstanceDeletionInProgress',
            message: 'CustomResource deletion is in progress',
          },
          time,
        ),
      },
      'kube-apiserver',
    );
    return 200;
  }
  state.catalog.remove(resource.group, resource.plural);
  change(
    state,
    GROUP,
    PLURAL,
    definition,
    (next) => {
      const meta = next['metadata'] as Record<string, unknown>;
      meta['finalizers'] = finalizersOf(definition).filter((entry) => entry !== CLEANUP);
    },
    { manager: 'kube-apiserver' },
  );
  return undefined;
}
