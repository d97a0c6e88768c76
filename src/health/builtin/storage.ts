import type { Health } from '../../core/health.ts';
import { at, listAt, stringAt } from '../../core/json.ts';
import type { KubeObject } from '../../core/object-key.ts';
import { conditionOf } from '../conditions.ts';
import { verdict } from '../verdict.ts';
import type { AssessContext } from './context.ts';

/** Bound; Pending is fine while nobody uses a claim that is bound at its first consumer; Lost is lost data. */
export function assessClaim(claim: KubeObject, context: AssessContext): Health {
  const phase = stringAt(claim, 'status', 'phase');
  if (phase === 'Bound') return bound(claim);
  const volume = stringAt(claim, 'spec', 'volumeName');
  if (phase === 'Lost') {
    return verdict('degraded', 'Lost', `its volume ${volume ?? ''} is gone, and the data with it`, {
      cause: 'environment',
      remedy: 'restore from a backup; a claim cannot be bound again',
    });
  }
  if (waitsForConsumer(claim, context)) {
    return verdict('healthy', 'WaitForFirstConsumer', 'it is bound when the first pod uses it');
  }
  const event = context.related.eventsOf(claim).at(-1);
  const told = stringAt(event, 'message') ?? stringAt(event, 'note');
  const failed = stringAt(event, 'reason') === 'ProvisioningFailed';
  const missingClass = /storageclass\S* "([^"]{1,253})" not found/i.exec(told ?? '');
  return verdict(
    failed ? 'degraded' : 'progressing',
    failed ? 'ProvisioningFailed' : phase === undefined ? 'NoStatus' : 'Pending',
    told ?? 'no volume is bound to it yet',
    {
      cause: failed ? (missingClass === null ? 'environment' : 'release') : undefined,
      since: stringAt(claim, 'metadata', 'creationTimestamp'),
      blockedBy:
        missingClass === null
          ? undefined
          : [{ group: 'storage.k8s.io', kind: 'StorageClass', namespace: '', name: missingClass[1] ?? '' }],
      remedy: failed ? 'check the StorageClass and its provisioner' : undefined,
    },
  );
}

function bound(claim: KubeObject): Health {
  const resizing = listAt(claim, 'status', 'conditions').find(
    (entry) =>
      ['Resizing', 'FileSystemResizePending', 'ControllerResizeError', 'NodeResizeError'].includes(
        stringAt(entry, 'type') ?? '',
      ) && stringAt(entry, 'status') === 'True',
  );
  if (resizing === undefined) return verdict('healthy', 'Bound', 'it is bound to a volume');
  const type = stringAt(resizing, 'type') ?? 'Resizing';
  return verdict('healthy', 'Bound', 'it is bound to a volume', {
    warnings: [`${type}: ${stringAt(resizing, 'message') ?? 'the volume is being resized'}`],
  });
}

function waitsForConsumer(claim: KubeObject, context: AssessContext): boolean {
  const events = context.related.eventsOf(claim);
  const last = stringAt(events.at(-1), 'reason');
  if (last === 'WaitForFirstConsumer') return true;
  const name = stringAt(claim, 'spec', 'storageClassName');
  const storageClass =
    name === undefined
      ? undefined
      : context.related.find({ group: 'storage.k8s.io', kind: 'StorageClass', namespace: '', name });
  if (stringAt(storageClass, 'volumeBindingMode') !== 'WaitForFirstConsumer') return false;
  const chosen = at(claim, 'metadata', 'annotations', 'volume.kubernetes.io/selected-node');
  return chosen === undefined && events.length === 0;
}

export function assessVolume(volume: KubeObject): Health {
  const phase = stringAt(volume, 'status', 'phase');
  const message = stringAt(volume, 'status', 'message') ?? '';
  switch (phase) {
    case 'Available':
    case 'Bound':
      return verdict('healthy', phase, phase === 'Bound' ? 'a claim is bound to it' : 'it waits for a claim');
    case 'Released':
      return verdict('healthy', phase, 'its claim is gone and its data is kept');
    case 'Failed':
      return verdict('degraded', phase, `it could not be reclaimed: ${message}`, {
        cause: 'environment',
        remedy: 'reclaim or delete the volume by hand',
      });
    default:
      return verdict(
        'progressing',
        phase === undefined ? 'NoStatus' : 'Pending',
        message === '' ? 'the volume is being made' : message,
      );
  }
}

export function assessNamespace(namespace: KubeObject): Health {
  const phase = stringAt(namespace, 'status', 'phase');
  if (phase === 'Active') return verdict('healthy', 'Active', 'the namespace is active');
  if (phase === undefined) return verdict('progressing', 'NoStatus', 'the namespace is new');
  const held =
    conditionOf(namespace, 'NamespaceFinalizersRemaining') ?? conditionOf(namespace, 'NamespaceContentRemaining');
  return verdict('progressing', 'Terminating', held?.message ?? 'its content is being deleted', {
    since: stringAt(namespace, 'metadata', 'deletionTimestamp'),
  });
}
