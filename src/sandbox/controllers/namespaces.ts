import { own, type JsonObject } from '../../core/json.ts';
import { formatTime } from '../clock.ts';
import { child, isDeleting, nameOf, namespaceOf, type Stored } from '../object.ts';
import { finalizersOf } from '../registry/persist.ts';
import { resourceId, type Resource } from '../schema/resource.ts';
import { change, create, read, remove, setStatus, withCondition } from './access.ts';
import type { Controller, ControllerContext } from './controller.ts';

const RECHECK_MS = 200;

/** Empties and removes namespaces that are deleted. With `furnish`, gives new ones their service account and root certificates. */
export function namespaceController(furnish: boolean): Controller {
  const terminating = new Set<string>();
  return {
    name: 'namespaces',
    keysOf: (event) => {
      if (event.resource === '/namespaces') return [nameOf(event.object)];
      return event.type === 'DELETED' && terminating.has(namespaceOf(event.object)) ? [namespaceOf(event.object)] : [];
    },
    reconcile: (name, context) => {
      const namespace = read(context.state, '', 'namespaces', '', name);
      if (namespace === undefined) {
        terminating.delete(name);
        return undefined;
      }
      if (!isDeleting(namespace)) {
        if (furnish) furnishNamespace(name, context);
        return undefined;
      }
      terminating.add(name);
      return empty(namespace, context);
    },
  };
}

function furnishNamespace(name: string, { state }: ControllerContext): void {
  if (read(state, '', 'serviceaccounts', name, 'default') === undefined)
    create(state, '', 'serviceaccounts', name, { metadata: { name: 'default' } });
  if (read(state, '', 'configmaps', name, 'kube-root-ca.crt') === undefined)
    create(state, '', 'configmaps', name, {
      metadata: {
        name: 'kube-root-ca.crt',
        annotations: {
          'kubernetes.io/description':
            'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
        },
      },
      data: { 'ca.crt': '' },
    });
}

interface Left {
  readonly resource: Resource;
  readonly objects: readonly Stored[];
}

function empty(namespace: Stored, context: ControllerContext): number | undefined {
  const { state } = context;
  const name = nameOf(namespace);
  const resources = state.catalog.all().filter((resource) => resource.namespaced && resource.verbs.includes('list'));
  const contents = (): Left[] =>
    resources
      .map((resource) => ({ resource, objects: state.store.list(resourceId(resource.group, resource.plural), name) }))
      .filter(({ objects }) => objects.length > 0);
  for (const { resource, objects } of contents())
    for (const object of objects) {
      // Nobody is left to stop these pods gently.
      const grace = resource.kind === 'Pod' && resource.group === '' ? { gracePeriodSeconds: 0 } : {};
      if (!isDeleting(object)) remove(state, resource.group, resource.plural, object, grace);
    }
  const left = contents();
  if (left.length > 0) {
    reportLeft(namespace, left, context);
    return RECHECK_MS;
  }
  const latest = read(state, '', 'namespaces', '', name);
  if (latest !== undefined)
    change(
      state,
      '',
      'namespaces',
      latest,
      (next) => {
        child(next, 'spec')['finalizers'] = [];
      },
      { subresource: 'finalize' },
    );
  return undefined;
}

function reportLeft(namespace: Stored, left: readonly Left[], { state, clock }: ControllerContext): void {
  const time = formatTime(clock.now());
  const counts = left.map(
    ({ resource, objects }) => `${resource.plural}.${resource.group} has ${objects.length} resource instances`,
  );
  const finalizers = new Map<string, number>();
  for (const { objects } of left)
    for (const object of objects)
      for (const entry of finalizersOf(object)) finalizers.set(entry, (finalizers.get(entry) ?? 0) + 1);
  const status = own(namespace, 'status') as JsonObject;
  const quiet: readonly (readonly [string, string, string])[] = [
    ['NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'],
    ['NamespaceDeletionGroupVersionParsingFailure', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
    [
      'NamespaceDeletionContentFailure',
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ],
  ];
  let conditions = own(status, 'conditions');
  for (const [type, reason, message] of quiet)
    conditions = withCondition(conditions, { type, status: 'False', reason, message }, time);
  conditions = withCondition(
    conditions,
    {
      type: 'NamespaceContentRemaining',
      status: 'True',
      reason: 'SomeResourcesRemain',
      message: `Some resources are remaining: ${counts.join(', ')}`,
    },
    time,
  );
  conditions = withCondition(
    conditions,
    finalizers.size > 0
      ? {
          type: 'NamespaceFinalizersRemaining',
          status: 'True',
          reason: 'SomeFinalizersRemain',
          message: `Some content in the namespace has finalizers remaining: ${[...finalizers].map(([entry, count]) => `${entry} in ${count} resource instances`).join(', ')}`,
        }
      : {
          type: 'NamespaceFinalizersRemaining',
          status: 'False',
          reason: 'ContentHasNoFinalizers',
          message: 'All content-preserving finalizers finished',
        },
    time,
  );
  setStatus(state, '', 'namespaces', namespace, { ...status, conditions });
}
