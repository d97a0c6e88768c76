import type { ApplicationName } from '../core/application.ts';
import { isJsonObject } from '../core/json.ts';
import { JOB_PRIORITIES, type Job, type JobReason } from '../core/ports.ts';

const NAMESPACE = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;

/** What a job holds outside of this process: ids and a reason, nothing else. */
export interface JobData {
  readonly namespace: string;
  readonly name: string;
  readonly reason: JobReason;
}

/** One text per application; `_` is in no Kubernetes name, so it is unique, and never digits alone or with a colon. */
export function jobKey(application: ApplicationName): string {
  return `${application.namespace}_${application.name}`;
}

export function dataOfJob(job: Job): JobData {
  return { namespace: job.application.namespace, name: job.application.name, reason: job.reason };
}

/**
 * A job out of data that anybody may have written. Undefined unless it is exactly the names of an application and a known reason (and,
 * in one that waits for its time, `dueMs`).
 */
export function readJobData(data: unknown): Job | undefined {
  if (!isJsonObject(data)) return undefined;
  for (const key of Object.keys(data)) {
    if (key !== 'namespace' && key !== 'name' && key !== 'reason' && key !== 'dueMs') return undefined;
  }
  const { namespace, name, reason } = data;
  if (typeof namespace !== 'string' || !NAMESPACE.test(namespace)) return undefined;
  if (typeof name !== 'string' || !NAME.test(name)) return undefined;
  if (typeof reason !== 'string' || !Object.hasOwn(JOB_PRIORITIES, reason)) return undefined;
  return { application: { namespace, name }, reason: reason as JobReason };
}

/** The reason that comes first: a person before a webhook before drift before a timer. */
export function strongerReason(left: JobReason, right: JobReason): JobReason {
  return JOB_PRIORITIES[left] <= JOB_PRIORITIES[right] ? left : right;
}
