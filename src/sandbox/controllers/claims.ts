import { own, type JsonObject, type MutableJsonObject } from '../../core/json.ts';
import { formatTime } from '../clock.ts';
import { child, isDeleting, items, nameOf, namespaceOf, textOf, uidOf, type Stored } from '../object.ts';
import { finalizersOf } from '../registry/persist.ts';
import { compareQuantities } from '../schema/quantity.ts';
import { change, create, read, remove, setStatus } from './access.ts';
import { keyOfObject, splitKey, type Controller, type ControllerContext } from './controller.ts';
import { recordEvent } from './events.ts';
import { isPodActive, phaseOf, specOf } from './pod-state.ts';

const PROTECTION = 'kubernetes.io/pvc-protection';
const VOLUME_PROTECTION = 'kubernetes.io/pv-protection';
const SOURCE = 'persistentvolume-controller';

/** Binds claims to volumes: to one that is there, or to a new one of their class; takes both down again. */
export function claimController(): Controller {
  const waiting = new Set<string>();
  return {
    name: 'persistentvolumeclaims',
    keysOf: (event) => {
      if (event.resource === '/persistentvolumeclaims')
        return [keyOfObject(namespaceOf(event.object), nameOf(event.object))];
      if (event.resource === 'storage.k8s.io/storageclasses' || event.resource === '/persistentvolumes')
        return [...waiting];
      if (event.resource !== '/pods') return [];
      return items(own(event.object, 'spec'), 'volumes')
        .map((volume) => textOf(own(volume, 'persistentVolumeClaim'), 'claimName'))
        .filter((name) => name !== '')
        .map((name) => keyOfObject(namespaceOf(event.object), name));
    },
    reconcile: (key, context) => {
      const { namespace, name } = splitKey(key);
      const claim = read(context.state, '', 'persistentvolumeclaims', namespace, name);
      waiting.delete(key);
      if (claim === undefined) {
        releaseVolumes(namespace, name, context);
        return undefined;
      }
      if (isDeleting(claim)) {
        unprotect(claim, context);
        return undefined;
      }
      if (phaseOf(claim) !== 'Bound' && !bindClaim(claim, context)) waiting.add(key);
      else if (phaseOf(claim) === 'Bound') grow(claim, context);
      return undefined;
    },
  };
}

function usersOf(claim: Stored, { state }: ControllerContext): Stored[] {
  return state.store
    .list('/pods', namespaceOf(claim))
    .filter((pod) =>
      items(own(pod, 'spec'), 'volumes').some(
        (volume) => textOf(own(volume, 'persistentVolumeClaim'), 'claimName') === nameOf(claim),
      ),
    );
}

/** A claim stays as long as a pod uses it. */
function unprotect(claim: Stored, context: ControllerContext): void {
  const list = finalizersOf(claim);
  if (!list.includes(PROTECTION) || usersOf(claim, context).some(isPodActive)) return;
  change(context.state, '', 'persistentvolumeclaims', claim, (next) => {
    child(next, 'metadata')['finalizers'] = list.filter((entry) => entry !== PROTECTION);
  });
}

function bindClaim(claim: Stored, context: ControllerContext): boolean {
  const { state } = context;
  const spec = specOf(claim);
  const wanted = textOf(own(own(spec, 'resources'), 'requests'), 'storage');
  const klassName = textOf(spec, 'storageClassName');
  const found = state.store.list('/persistentvolumes').find((volume) => suits(volume, claim, wanted, klassName));
  if (found !== undefined) {
    join(claim, found, context);
    return true;
  }
  if (klassName === '' || textOf(spec, 'volumeName') !== '') {
    recordEvent(
      context,
      claim,
      SOURCE,
      'Normal',
      'FailedBinding',
      'no persistent volumes available for this claim and no storage class is set',
    );
    return false;
  }
  const klass = read(state, 'storage.k8s.io', 'storageclasses', '', klassName);
  if (klass === undefined) {
    recordEvent(
      context,
      claim,
      SOURCE,
      'Warning',
      'ProvisioningFailed',
      `storageclass.storage.k8s.io ${JSON.stringify(klassName)} not found`,
    );
    return false;
  }
  if (textOf(klass, 'provisioner') === 'kubernetes.io/no-provisioner') {
    recordEvent(
      context,
      claim,
      SOURCE,
      'Warning',
      'ProvisioningFailed',
      'no volume plugin matched name: kubernetes.io/no-provisioner',
    );
    return false;
  }
  if (
    textOf(klass, 'volumeBindingMode') === 'WaitForFirstConsumer' &&
    !usersOf(claim, context).some((pod) => textOf(own(pod, 'spec'), 'nodeName') !== '')
  ) {
    if (usersOf(claim, context).length === 0)
      recordEvent(
        context,
        claim,
        SOURCE,
        'Normal',
        'WaitForFirstConsumer',
        'waiting for first consumer to be created before binding',
      );
    return false;
  }
  claim =
    change(state, '', 'persistentvolumeclaims', claim, (next) => {
      const annotations = child(child(next, 'metadata'), 'annotations');
      for (const name of ['volume.beta.kubernetes.io/storage-provisioner', 'volume.kubernetes.io/storage-provisioner'])
        annotations[name] = textOf(klass, 'provisioner');
    }) ?? claim;
  const volume = create(state, '', 'persistentvolumes', '', {
    metadata: {
      name: `pvc-${uidOf(claim)}`,
      annotations: { 'pv.kubernetes.io/provisioned-by': textOf(klass, 'provisioner') },
    },
    spec: {
      accessModes: own(spec, 'accessModes') ?? [],
      capacity: { storage: wanted },
      hostPath: { path: `/sandbox/volumes/${uidOf(claim)}` },
      persistentVolumeReclaimPolicy: textOf(klass, 'reclaimPolicy') || 'Delete',
      storageClassName: klassName,
      volumeMode: textOf(spec, 'volumeMode') || 'Filesystem',
    },
  });
  join(claim, volume, context);
  return true;
}

function suits(volume: Stored, claim: Stored, wanted: string, klassName: string): boolean {
  const spec = specOf(volume);
  const reference = own(spec, 'claimRef');
  if (reference !== undefined) {
    const mine = textOf(reference, 'name') === nameOf(claim) && textOf(reference, 'namespace') === namespaceOf(claim);
    if (!mine || (textOf(reference, 'uid') !== '' && textOf(reference, 'uid') !== uidOf(claim))) return false;
  } else if (phaseOf(volume) === 'Bound' || phaseOf(volume) === 'Released') return false;
  const asked = textOf(specOf(claim), 'volumeName');
  if (asked !== '' && asked !== nameOf(volume)) return false;
  if (textOf(spec, 'storageClassName') !== klassName) return false;
  const modes = own(spec, 'accessModes');
  const needed = own(specOf(claim), 'accessModes');
  const all = Array.isArray(modes) ? modes : [];
  if (Array.isArray(needed) && !needed.every((mode) => all.includes(mode))) return false;
  return compareQuantities(textOf(own(spec, 'capacity'), 'storage'), wanted) >= 0;
}

function phase(name: string, { clock }: ControllerContext): JsonObject {
  return { phase: name, lastPhaseTransitionTime: formatTime(clock.now()) };
}

function join(claim: Stored, volume: Stored, context: ControllerContext): void {
  const { state } = context;
  const bound = change(state, '', 'persistentvolumes', volume, (next) => {
    child(next, 'spec')['claimRef'] = {
      kind: 'PersistentVolumeClaim',
      namespace: namespaceOf(claim),
      name: nameOf(claim),
      uid: uidOf(claim),
      apiVersion: 'v1',
      resourceVersion: textOf(own(claim, 'metadata'), 'resourceVersion'),
    };
  });
  if (bound !== undefined) setStatus(state, '', 'persistentvolumes', bound, phase('Bound', context));
  const named = change(state, '', 'persistentvolumeclaims', claim, (next) => {
    child(next, 'spec')['volumeName'] = nameOf(volume);
    const annotations = child(child(next, 'metadata'), 'annotations');
    annotations['pv.kubernetes.io/bind-completed'] = 'yes';
    annotations['pv.kubernetes.io/bound-by-controller'] = 'yes';
  });
  if (named === undefined) return;
  setStatus(state, '', 'persistentvolumeclaims', named, {
    phase: 'Bound',
    accessModes: own(specOf(volume), 'accessModes') ?? [],
    capacity: own(specOf(volume), 'capacity') ?? {},
  });
}

/** A bound claim that asks for more gets it, where its class allows that. */
function grow(claim: Stored, { state }: ControllerContext): void {
  const wanted = textOf(own(own(specOf(claim), 'resources'), 'requests'), 'storage');
  const status = own(claim, 'status') as JsonObject;
  if (compareQuantities(wanted, textOf(own(status, 'capacity'), 'storage')) <= 0) return;
  const klass = read(state, 'storage.k8s.io', 'storageclasses', '', textOf(specOf(claim), 'storageClassName'));
  if (own(klass, 'allowVolumeExpansion') !== true) return;
  const volume = read(state, '', 'persistentvolumes', '', textOf(specOf(claim), 'volumeName'));
  if (volume !== undefined)
    change(state, '', 'persistentvolumes', volume, (next) => {
      child(child(next, 'spec'), 'capacity')['storage'] = wanted;
    });
  setStatus(state, '', 'persistentvolumeclaims', claim, {
    ...status,
    capacity: { ...(own(status, 'capacity') as MutableJsonObject), storage: wanted },
  });
}

/** Volumes that are deleted go once no claim is bound to them. */
export function volumeController(): Controller {
  return {
    name: 'persistentvolumes',
    keysOf: (event) =>
      event.resource === '/persistentvolumes' && isDeleting(event.object) ? [nameOf(event.object)] : [],
    reconcile: (name, { state }) => {
      const volume = read(state, '', 'persistentvolumes', '', name);
      if (volume === undefined || phaseOf(volume) === 'Bound' || !finalizersOf(volume).includes(VOLUME_PROTECTION))
        return undefined;
      change(state, '', 'persistentvolumes', volume, (next) => {
        child(next, 'metadata')['finalizers'] = finalizersOf(next).filter((entry) => entry !== VOLUME_PROTECTION);
      });
      return undefined;
    },
  };
}

function releaseVolumes(namespace: string, name: string, context: ControllerContext): void {
  const { state } = context;
  for (const volume of state.store.list('/persistentvolumes')) {
    const reference = own(specOf(volume), 'claimRef');
    if (textOf(reference, 'namespace') !== namespace || textOf(reference, 'name') !== name) continue;
    if (textOf(specOf(volume), 'persistentVolumeReclaimPolicy') === 'Delete') {
      setStatus(state, '', 'persistentvolumes', volume, phase('Released', context));
      remove(state, '', 'persistentvolumes', volume);
    } else setStatus(state, '', 'persistentvolumes', volume, phase('Released', context));
  }
}
