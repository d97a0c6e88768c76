import { own, type Json, type JsonObject, type MutableJson } from '../../core/json.ts';
import { isDeleting, items, metaOf, nameOf, showScalar, textMap, textOf } from '../object.ts';
import type { Resource } from '../schema/resource.ts';

/** One column of a table. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly priority: number;
  readonly cell: (object: JsonObject, nowMs: number) => MutableJson;
}

type Cell = Column['cell'];

/** How long ago a time was, in the short form of kubectl: `5s`, `3m20s`, `2h`, `4d`. */
function formatAge(time: string, nowMs: number): string {
  const then = Date.parse(time);
  if (Number.isNaN(then)) return '<unknown>';
  const seconds = Math.max(0, Math.floor((nowMs - then) / 1000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return hours % 24 === 0 ? `${days}d` : `${days}d${hours % 24}h`;
  return days < 730 ? `${days}d` : `${Math.floor(days / 365)}y`;
}

const spec = (object: JsonObject): Json | undefined => own(object, 'spec');
const status = (object: JsonObject): Json | undefined => own(object, 'status');
const number = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);
const age: Cell = (object, nowMs) => formatAge(textOf(metaOf(object), 'creationTimestamp'), nowMs);
const count = (value: Json | undefined): number =>
  Array.isArray(value) ? value.length : typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
const orNone = (text: string): string => (text === '' ? '<none>' : text);

function column(name: string, cell: Cell, type = 'string', priority = 0): Column {
  return { name, type, priority, cell };
}

const NAME = column('Name', nameOf);
const AGE = column('Age', age);

function images(object: JsonObject): string {
  return items(own(own(spec(object), 'template'), 'spec'), 'containers')
    .map((entry) => textOf(entry, 'image'))
    .join(',');
}

function selectorText(object: JsonObject): string {
  const map = textMap(own(own(spec(object), 'selector'), 'matchLabels'));
  return map.size === 0 ? '<none>' : [...map].map(([key, value]) => `${key}=${value}`).join(',');
}

function mapText(value: Json | undefined): string {
  const map = textMap(value);
  return map.size === 0 ? '<none>' : [...map].map(([key, text]) => `${key}=${text}`).join(',');
}

function podStatus(pod: JsonObject): string {
  let reason = textOf(status(pod), 'reason') || textOf(status(pod), 'phase');
  for (const container of items(status(pod), 'containerStatuses')) {
    const waiting = textOf(own(own(container, 'state'), 'waiting'), 'reason');
    const ended = textOf(own(own(container, 'state'), 'terminated'), 'reason');
    if (waiting !== '') reason = waiting;
    else if (ended !== '') reason = ended;
  }
  return isDeleting(pod) ? 'Terminating' : reason;
}

const POD: readonly Column[] = [
  NAME,
  column('Ready', (pod) => {
    const all = items(status(pod), 'containerStatuses');
    return `${all.filter((entry) => entry['ready'] === true).length}/${items(spec(pod), 'containers').length}`;
  }),
  column('Status', podStatus),
  column('Restarts', (pod) =>
    String(items(status(pod), 'containerStatuses').reduce((sum, entry) => sum + number(entry['restartCount']), 0)),
  ),
  AGE,
  column('IP', (pod) => orNone(textOf(status(pod), 'podIP')), 'string', 1),
  column('Node', (pod) => orNone(textOf(spec(pod), 'nodeName')), 'string', 1),
  column('Nominated Node', () => '<none>', 'string', 1),
  column('Readiness Gates', () => '<none>', 'string', 1),
];

const TEMPLATE_TAIL: readonly Column[] = [
  column(
    'Containers',
    (object) =>
      items(own(own(spec(object), 'template'), 'spec'), 'containers')
        .map((entry) => textOf(entry, 'name'))
        .join(','),
    'string',
    1,
  ),
  column('Images', images, 'string', 1),
  column('Selector', selectorText, 'string', 1),
];

const COLUMNS: ReadonlyMap<string, readonly Column[]> = new Map<string, readonly Column[]>([
  ['/Pod', POD],
  ['/Namespace', [NAME, column('Status', (object) => textOf(status(object), 'phase')), AGE]],
  [
    '/ConfigMap',
    [NAME, column('Data', (object) => count(own(object, 'data')) + count(own(object, 'binaryData'))), AGE],
  ],
  [
    '/Secret',
    [
      NAME,
      column('Type', (object) => textOf(object, 'type')),
      column('Data', (object) => count(own(object, 'data'))),
      AGE,
    ],
  ],
  [
    '/Service',
    [
      NAME,
      column('Type', (object) => textOf(spec(object), 'type')),
      column('Cluster-IP', (object) => orNone(textOf(spec(object), 'clusterIP'))),
      column('External-IP', (object) => {
        const addresses = items(own(status(object), 'loadBalancer'), 'ingress').map(
          (entry) => textOf(entry, 'ip') || textOf(entry, 'hostname'),
        );
        if (addresses.length > 0) return addresses.join(',');
        if (textOf(spec(object), 'type') === 'ExternalName') return textOf(spec(object), 'externalName');
        return textOf(spec(object), 'type') === 'LoadBalancer' ? '<pending>' : '<none>';
      }),
      column('Port(s)', (object) =>
        orNone(
          items(spec(object), 'ports')
            .map(
              (port) =>
                `${number(port['port'])}${number(port['nodePort']) === 0 ? '' : `:${number(port['nodePort'])}`}/${textOf(port, 'protocol')}`,
            )
            .join(','),
        ),
      ),
      AGE,
      column('Selector', (object) => mapText(own(spec(object), 'selector')), 'string', 1),
    ],
  ],
  [
    '/Node',
    [
      NAME,
      column('Status', (object) => {
        const ready = items(status(object), 'conditions').find((entry) => entry['type'] === 'Ready');
        const text = ready?.['status'] === 'True' ? 'Ready' : ready === undefined ? 'Unknown' : 'NotReady';
        return own(spec(object), 'unschedulable') === true ? `${text},SchedulingDisabled` : text;
      }),
      column('Roles', () => '<none>'),
      AGE,
      column('Version', (object) => textOf(own(status(object), 'nodeInfo'), 'kubeletVersion')),
    ],
  ],
  [
    '/PersistentVolumeClaim',
    [
      NAME,
      column('Status', (object) => textOf(status(object), 'phase')),
      column('Volume', (object) => textOf(spec(object), 'volumeName')),
      column('Capacity', (object) => textOf(own(status(object), 'capacity'), 'storage')),
      column('Access Modes', (object) => accessModes(own(status(object), 'accessModes'))),
      column('StorageClass', (object) => textOf(spec(object), 'storageClassName')),
      column('VolumeAttributesClass', () => '<unset>'),
      AGE,
      column('VolumeMode', (object) => textOf(spec(object), 'volumeMode'), 'string', 1),
    ],
  ],
  [
    '/Event',
    [
      column('Last Seen', (object, nowMs) =>
        formatAge(textOf(object, 'lastTimestamp') || textOf(object, 'eventTime'), nowMs),
      ),
      column('Type', (object) => textOf(object, 'type')),
      column('Reason', (object) => textOf(object, 'reason')),
      column(
        'Object',
        (object) =>
          `${textOf(own(object, 'involvedObject'), 'kind').toLowerCase()}/${textOf(own(object, 'involvedObject'), 'name')}`,
      ),
      column('Message', (object) => textOf(object, 'message').trim()),
    ],
  ],
  [
    'apps/Deployment',
    [
      NAME,
      column(
        'Ready',
        (object) => `${number(own(status(object), 'readyReplicas'))}/${number(own(spec(object), 'replicas'))}`,
      ),
      column('Up-to-date', (object) => number(own(status(object), 'updatedReplicas')), 'integer'),
      column('Available', (object) => number(own(status(object), 'availableReplicas')), 'integer'),
      AGE,
      ...TEMPLATE_TAIL,
    ],
  ],
  [
    'apps/ReplicaSet',
    [
      NAME,
      column('Desired', (object) => number(own(spec(object), 'replicas')), 'integer'),
      column('Current', (object) => number(own(status(object), 'replicas')), 'integer'),
      column('Ready', (object) => number(own(status(object), 'readyReplicas')), 'integer'),
      AGE,
      ...TEMPLATE_TAIL,
    ],
  ],
  [
    'apps/StatefulSet',
    [
      NAME,
      column(
        'Ready',
        (object) => `${number(own(status(object), 'readyReplicas'))}/${number(own(spec(object), 'replicas'))}`,
      ),
      AGE,
      ...TEMPLATE_TAIL.slice(0, 2),
    ],
  ],
  [
    'apps/DaemonSet',
    [
      NAME,
      column('Desired', (object) => number(own(status(object), 'desiredNumberScheduled')), 'integer'),
      column('Current', (object) => number(own(status(object), 'currentNumberScheduled')), 'integer'),
      column('Ready', (object) => number(own(status(object), 'numberReady')), 'integer'),
      column('Up-to-date', (object) => number(own(status(object), 'updatedNumberScheduled')), 'integer'),
      column('Available', (object) => number(own(status(object), 'numberAvailable')), 'integer'),
      column('Node Selector', (object) => {
        const map = textMap(own(own(own(spec(object), 'template'), 'spec'), 'nodeSelector'));
        return map.size === 0 ? '<none>' : [...map].map(([key, value]) => `${key}=${value}`).join(',');
      }),
      AGE,
      ...TEMPLATE_TAIL,
    ],
  ],
  [
    'batch/Job',
    [
      NAME,
      column('Status', (object) => {
        const done = items(status(object), 'conditions').find(
          (entry) => entry['status'] === 'True' && (entry['type'] === 'Complete' || entry['type'] === 'Failed'),
        );
        return done === undefined
          ? own(spec(object), 'suspend') === true
            ? 'Suspended'
            : 'Running'
          : textOf(done, 'type');
      }),
      column(
        'Completions',
        (object) => `${number(own(status(object), 'succeeded'))}/${number(own(spec(object), 'completions') ?? 1)}`,
      ),
      column('Duration', (object, nowMs) => {
        const start = textOf(status(object), 'startTime');
        if (start === '') return '';
        const end = Date.parse(textOf(status(object), 'completionTime'));
        return formatAge(start, Number.isNaN(end) ? nowMs : end);
      }),
      AGE,
      ...TEMPLATE_TAIL,
    ],
  ],
  [
    'batch/CronJob',
    [
      NAME,
      column('Schedule', (object) => textOf(spec(object), 'schedule')),
      column('Timezone', (object) => orNone(textOf(spec(object), 'timeZone'))),
      column('Suspend', (object) => (own(spec(object), 'suspend') === true ? 'True' : 'False')),
      column('Active', (object) => count(own(status(object), 'active')), 'integer'),
      column('Last Schedule', (object, nowMs) => {
        const time = textOf(status(object), 'lastScheduleTime');
        return time === '' ? '<none>' : formatAge(time, nowMs);
      }),
      AGE,
    ],
  ],
  [
    'networking.k8s.io/Ingress',
    [
      NAME,
      column('Class', (object) => orNone(textOf(spec(object), 'ingressClassName'))),
      column(
        'Hosts',
        (object) =>
          items(spec(object), 'rules')
            .map((rule) => textOf(rule, 'host') || '*')
            .join(',') || '*',
      ),
      column('Address', (object) =>
        items(own(status(object), 'loadBalancer'), 'ingress')
          .map((entry) => textOf(entry, 'ip') || textOf(entry, 'hostname'))
          .join(','),
      ),
      column('Ports', (object) => (count(own(spec(object), 'tls')) > 0 ? '80, 443' : '80')),
      AGE,
    ],
  ],
  [
    'autoscaling/HorizontalPodAutoscaler',
    [
      NAME,
      column(
        'Reference',
        (object) =>
          `${textOf(own(spec(object), 'scaleTargetRef'), 'kind')}/${textOf(own(spec(object), 'scaleTargetRef'), 'name')}`,
      ),
      column('Targets', () => '<unknown>'),
      column('MinPods', (object) => String(number(own(spec(object), 'minReplicas')))),
      column('MaxPods', (object) => number(own(spec(object), 'maxReplicas')), 'integer'),
      column('Replicas', (object) => number(own(status(object), 'currentReplicas')), 'integer'),
      AGE,
    ],
  ],
  [
    'policy/PodDisruptionBudget',
    [
      NAME,
      column('Min Available', (object) => showScalar(own(spec(object), 'minAvailable') ?? 'N/A')),
      column('Max Unavailable', (object) => showScalar(own(spec(object), 'maxUnavailable') ?? 'N/A')),
      column('Allowed Disruptions', (object) => number(own(status(object), 'disruptionsAllowed')), 'integer'),
      AGE,
    ],
  ],
  [
    'storage.k8s.io/StorageClass',
    [
      NAME,
      column('Provisioner', (object) => textOf(object, 'provisioner')),
      column('ReclaimPolicy', (object) => textOf(object, 'reclaimPolicy')),
      column('VolumeBindingMode', (object) => textOf(object, 'volumeBindingMode')),
      column('AllowVolumeExpansion', (object) => own(object, 'allowVolumeExpansion') === true, 'string'),
      AGE,
    ],
  ],
  [
    'apiextensions.k8s.io/CustomResourceDefinition',
    [NAME, column('Created At', (object) => textOf(metaOf(object), 'creationTimestamp'), 'date')],
  ],
  [
    'rbac.authorization.k8s.io/Role',
    [NAME, column('Created At', (object) => textOf(metaOf(object), 'creationTimestamp'), 'date')],
  ],
  [
    'rbac.authorization.k8s.io/ClusterRole',
    [NAME, column('Created At', (object) => textOf(metaOf(object), 'creationTimestamp'), 'date')],
  ],
  [
    'rbac.authorization.k8s.io/RoleBinding',
    [
      NAME,
      column('Role', (object) => `${textOf(own(object, 'roleRef'), 'kind')}/${textOf(own(object, 'roleRef'), 'name')}`),
      AGE,
    ],
  ],
]);

const MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

function accessModes(modes: Json | undefined): string {
  return Array.isArray(modes) ? modes.map((mode) => MODES[String(mode)] ?? String(mode)).join(',') : '';
}

/** The columns of a built-in kind; name and age where it has none of its own. */
export function columnsOfKind(resource: Resource): readonly Column[] {
  return COLUMNS.get(`${resource.group}/${resource.kind}`) ?? [NAME, AGE];
}
