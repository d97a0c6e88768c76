import { own, type JsonObject, type MutableJsonObject } from '../../core/json.ts';
import { formatTime } from '../clock.ts';
import { annotationOf, isDeleting, items, nameOf, namespaceOf, textOf, uidOf, type Stored } from '../object.ts';
import { ApiError } from '../status.ts';
import { read, remove, setStatus } from './access.ts';
import { keyOfObject, splitKey, type Controller, type ControllerContext } from './controller.ts';
import { recordEvent } from './events.ts';
import type { OwnedIndex } from './owned-index.ts';
import { conditionOf, controllerOf, isPodActive, isPodReady, numberIn, phaseOf, specOf } from './pod-state.ts';
import { createPod } from './replica-sets.ts';

const INDEX = 'batch.kubernetes.io/job-completion-index';
const RETRY_MS = 1000;

/** Runs the pods of Jobs until enough have completed, too many have failed, or the time is over. */
export function jobController(pods: OwnedIndex): Controller {
  return {
    name: 'jobs',
    keysOf: (event) => {
      if (event.resource === 'batch/jobs') return [keyOfObject(namespaceOf(event.object), nameOf(event.object))];
      if (event.resource !== '/pods') return [];
      const owner = controllerOf(event.object);
      return textOf(owner, 'kind') === 'Job' ? [keyOfObject(namespaceOf(event.object), textOf(owner, 'name'))] : [];
    },
    reconcile: (key, context) => {
      const { namespace, name } = splitKey(key);
      const job = read(context.state, 'batch', 'jobs', namespace, name);
      if (job === undefined || isDeleting(job)) return undefined;
      return run(job, pods, context);
    },
  };
}

function isFinished(job: Stored): boolean {
  return conditionOf(job, 'Complete')?.['status'] === 'True' || conditionOf(job, 'Failed')?.['status'] === 'True';
}

function run(job: Stored, index: OwnedIndex, context: ControllerContext): number | undefined {
  const { state, clock } = context;
  if (isFinished(job)) return expire(job, context);
  const spec = specOf(job);
  const all = index.of(uidOf(job));
  const active = all.filter(isPodActive);
  const succeeded = all.filter((pod) => phaseOf(pod) === 'Succeeded');
  const failed = all.filter((pod) => phaseOf(pod) === 'Failed');
  const status = own(job, 'status');
  const suspended = own(spec, 'suspend') === true;
  const start = textOf(status, 'startTime') || (suspended ? '' : formatTime(clock.now()));
  const completions = own(spec, 'completions');
  const needed = typeof completions === 'number' ? completions : undefined;
  const done = needed === undefined ? succeeded.length > 0 && active.length === 0 : succeeded.length >= needed;
  const deadline = own(spec, 'activeDeadlineSeconds');
  const over = typeof deadline === 'number' && start !== '' && clock.now() - Date.parse(start) >= deadline * 1000;
  const tooMany = failed.length > numberIn(spec, 'backoffLimit', 6);
  let retry: number | undefined;
  let running = active;
  if (suspended || over || tooMany || done) {
    for (const pod of active) remove(state, '', 'pods', pod, { propagation: undefined });
    running = [];
  } else retry = fill(job, active, succeeded, needed, context);
  if (!suspended && !over && !tooMany && !done) running = index.of(uidOf(job)).filter(isPodActive);
  const latest = read(state, 'batch', 'jobs', namespaceOf(job), nameOf(job));
  if (latest === undefined) return undefined;
  const conditions = conditionsOf(latest, { suspended, over, tooMany, done }, formatTime(clock.now()));
  const some = (name: string, value: number): JsonObject => (value === 0 ? {} : { [name]: value });
  const next: MutableJsonObject = {
    ...(conditions.length > 0 ? { conditions } : {}),
    ...(start === '' || suspended ? {} : { startTime: start }),
    ...some('active', running.length),
    ...some('succeeded', succeeded.length),
    ...some('failed', failed.length),
    terminating: all.filter(isDeleting).length,
    ready: running.filter(isPodReady).length,
    uncountedTerminatedPods: {},
  } as MutableJsonObject;
  if (done) next['completionTime'] = formatTime(clock.now());
  if (textOf(spec, 'completionMode') === 'Indexed') {
    const indexes = succeeded.map((pod) => Number(annotationOf(pod, INDEX) ?? -1)).sort((a, b) => a - b);
    if (indexes.length > 0) next['completedIndexes'] = ranges(indexes);
  }
  setStatus(state, 'batch', 'jobs', latest, next);
  if (typeof deadline === 'number' && start !== '' && !over && !done)
    return Math.max(10, Date.parse(start) + deadline * 1000 - clock.now());
  return retry;
}

function fill(
  job: Stored,
  active: readonly Stored[],
  succeeded: readonly Stored[],
  needed: number | undefined,
  context: ControllerContext,
): number | undefined {
  const spec = specOf(job);
  const parallelism = numberIn(spec, 'parallelism', 1);
  const wanted =
    needed === undefined
      ? succeeded.length > 0
        ? active.length
        : parallelism
      : Math.min(parallelism, needed - succeeded.length);
  const indexed = textOf(spec, 'completionMode') === 'Indexed';
  const taken = new Set([...active, ...succeeded].map((pod) => Number(annotationOf(pod, INDEX) ?? -1)));
  try {
    for (let count = active.length; count < wanted; count++) {
      let place = 0;
      while (taken.has(place)) place++;
      taken.add(place);
      createPod(
        context.state,
        job,
        'batch/v1',
        'Job',
        indexed ? { annotations: { [INDEX]: String(place) }, labels: { [INDEX]: String(place) } } : {},
      );
    }
    for (const pod of active.slice(Math.max(0, wanted)))
      remove(context.state, '', 'pods', pod, { propagation: undefined });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    recordEvent(context, job, 'job-controller', 'Warning', 'FailedCreate', `Error creating: ${error.message}`);
    return RETRY_MS;
  }
}

interface Outcome {
  readonly suspended: boolean;
  readonly over: boolean;
  readonly tooMany: boolean;
  readonly done: boolean;
}

function conditionsOf(job: Stored, outcome: Outcome, time: string): JsonObject[] {
  const before = items(own(job, 'status'), 'conditions') as readonly JsonObject[];
  const list = [...before];
  const put = (type: string, status: string, reason: string, message: string): void => {
    const known = list.findIndex((entry) => entry['type'] === type);
    const same = known >= 0 && list[known]?.['status'] === status;
    if (same) return;
    const condition = { type, status, lastProbeTime: time, lastTransitionTime: time, reason, message };
    if (known >= 0) list[known] = condition;
    else list.push(condition);
  };
  if (outcome.suspended) put('Suspended', 'True', 'JobSuspended', 'Job suspended');
  else if (list.some((entry) => entry['type'] === 'Suspended' && entry['status'] === 'True'))
    put('Suspended', 'False', 'JobResumed', 'Job resumed');
  if (outcome.done) {
    put('SuccessCriteriaMet', 'True', 'CompletionsReached', 'Reached expected number of succeeded pods');
    put('Complete', 'True', 'CompletionsReached', 'Reached expected number of succeeded pods');
  } else if (outcome.tooMany) {
    put('FailureTarget', 'True', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit');
    put('Failed', 'True', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  } else if (outcome.over) {
    put('FailureTarget', 'True', 'DeadlineExceeded', 'Job was active longer than specified deadline');
    put('Failed', 'True', 'DeadlineExceeded', 'Job was active longer than specified deadline');
  }
  return list;
}

/** Finished Jobs with a time to live go when it is over. */
function expire(job: Stored, { state, clock }: ControllerContext): number | undefined {
  const ttl = own(specOf(job), 'ttlSecondsAfterFinished');
  if (typeof ttl !== 'number') return undefined;
  const end = conditionOf(job, 'Complete') ?? conditionOf(job, 'Failed');
  const left = Date.parse(textOf(end, 'lastTransitionTime')) + ttl * 1000 - clock.now();
  if (left > 0) return left;
  remove(state, 'batch', 'jobs', job);
  return undefined;
}

function ranges(sorted: readonly number[]): string {
  const parts: string[] = [];
  for (let index = 0; index < sorted.length; ) {
    let end = index;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end++;
    parts.push(end > index ? `${sorted[index]}-${sorted[end]}` : String(sorted[index]));
    index = end + 1;
  }
  return parts.join(',');
}
