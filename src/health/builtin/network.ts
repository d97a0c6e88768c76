import type { Health } from '../../core/health.ts';
import { at, isJsonObject, listAt, numberAt, stringAt } from '../../core/json.ts';
import type { KubeObject } from '../../core/object-key.ts';
import { podsOf } from '../pods/summarize-pods.ts';
import { conditionOf } from '../conditions.ts';
import { verdict } from '../verdict.ts';
import { describeDuration, parseTime } from '../times.ts';
import type { AssessContext } from './context.ts';

/** A controller of load balancers or ingresses that has written nothing after this long is most likely not there. */
const CONTROLLER_MS = 10 * 60_000;

/** Only a LoadBalancer waits for something: its address. Services without ready endpoints get a warning when pods are known. */
export function assessService(service: KubeObject, context: AssessContext): Health {
  const type = stringAt(service, 'spec', 'type') ?? 'ClusterIP';
  if (type !== 'LoadBalancer')
    return verdict(
      'healthy',
      'Current',
      type === 'ExternalName' ? 'it is a name for another host' : 'it has its address',
      { warnings: noPods(service, context) },
    );
  if (listAt(service, 'status', 'loadBalancer', 'ingress').length > 0)
    return verdict('healthy', 'AddressAssigned', `its address is ${addressOf(service)}`);
  return waitingForAddress(
    service,
    context,
    'no load balancer has given it an address yet',
    'check the controller for load balancers (cloud controller, MetalLB, …) and its events',
  );
}

/** An Ingress whose controller never writes a status stays without address; after ten minutes that is said, with the remedy. */
export function assessIngress(ingress: KubeObject, context: AssessContext): Health {
  if (listAt(ingress, 'status', 'loadBalancer', 'ingress').length > 0)
    return verdict('healthy', 'AddressAssigned', `its address is ${addressOf(ingress)}`);
  return waitingForAddress(
    ingress,
    context,
    'no ingress controller has given it an address yet',
    'check that the controller of its ingress class runs and writes the status (--publish-service or its like); some controllers never do',
  );
}

function addressOf(object: KubeObject): string {
  return listAt(object, 'status', 'loadBalancer', 'ingress')
    .slice(0, 3)
    .map((entry) => stringAt(entry, 'ip') ?? stringAt(entry, 'hostname') ?? '')
    .filter((text) => text !== '')
    .join(', ');
}

function waitingForAddress(object: KubeObject, context: AssessContext, message: string, remedy: string): Health {
  const since = stringAt(object, 'metadata', 'creationTimestamp');
  const event = context.related.eventsOf(object).findLast((entry) => stringAt(entry, 'type') === 'Warning');
  const told = stringAt(event, 'message') ?? stringAt(event, 'note');
  const began = parseTime(since);
  const late = began !== undefined && context.now - began > CONTROLLER_MS;
  const text = told === undefined ? message : `${message}: ${told}`;
  if (!late) return verdict('progressing', 'NoAddress', text, { since, cause: 'environment' });
  return verdict(
    'progressing',
    'NoAddress',
    `${text} (for ${describeDuration(context.now - (began ?? context.now))})`,
    { since, cause: 'environment', remedy },
  );
}

function noPods(service: KubeObject, context: AssessContext): readonly string[] {
  const labels = at(service, 'spec', 'selector');
  if (!isJsonObject(labels) || Object.keys(labels).length === 0) return [];
  const namespace = stringAt(service, 'metadata', 'namespace') ?? '';
  const pods = context.related.selected('Pod', namespace, { matchLabels: labels });
  if (pods.length === 0) return [];
  return pods.some((pod) => conditionOf(pod, 'Ready')?.status === 'True')
    ? []
    : [`none of the ${pods.length} pods behind it is ready`];
}

/** InsufficientPods means that no disruption is allowed now, which is what a budget is for; only SyncFailed is a fault. */
export function assessBudget(budget: KubeObject, context: AssessContext): Health {
  const allowed = conditionOf(budget, 'DisruptionAllowed');
  if (allowed === undefined) return verdict('progressing', 'NoStatus', 'its controller has not looked at it yet');
  if (allowed.reason === 'SyncFailed')
    return verdict('degraded', 'SyncFailed', allowed.message ?? 'the budget cannot be computed', {
      cause: 'release',
      since: allowed.since,
      remedy: 'its selector has to match pods of a workload that can be scaled',
    });
  const disruptions = numberAt(budget, 'status', 'disruptionsAllowed') ?? 0;
  const expected = numberAt(budget, 'status', 'expectedPods') ?? podsOf(budget, context.related).length;
  const warnings =
    disruptions === 0 && expected > 0 ? ['it allows no disruption now: a drain of these nodes will wait'] : [];
  return verdict(
    'healthy',
    allowed.status === 'True' ? 'SufficientPods' : 'InsufficientPods',
    `${disruptions} of ${expected} pods may be disrupted now`,
    { since: allowed.since, warnings },
  );
}
