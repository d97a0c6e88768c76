import { JOB_PRIORITIES, type Job, type JobReason } from '../core/ports.ts';
import { jobKey, strongerReason } from './job-data.ts';

const REASONS = (Object.keys(JOB_PRIORITIES) as JobReason[]).sort(
  (left, right) => JOB_PRIORITIES[left] - JOB_PRIORITIES[right],
);

/** The waiting jobs of one reason: namespaces take turns, within one it is first come, first served. */
interface Lane {
  readonly byNamespace: Map<string, Map<string, Job>>;
}

/**
 * Who is next: the strongest reason first; within a reason the namespaces take turns, so that a tenant with a thousand applications
 * does not keep one with a single application waiting. One place per application.
 */
export class FairLine {
  readonly #lanes = new Map<JobReason, Lane>(REASONS.map((reason) => [reason, { byNamespace: new Map() }]));
  readonly #reasonOf = new Map<string, JobReason>();

  get size(): number {
    return this.#reasonOf.size;
  }

  /** Lines up; an application that waits already keeps its place, or gets a better one. */
  add(job: Job): void {
    const key = jobKey(job.application);
    const present = this.#reasonOf.get(key);
    const reason = present === undefined ? job.reason : strongerReason(present, job.reason);
    if (reason === present) return;
    if (present !== undefined) this.#remove(present, job.application.namespace, key);
    const lane = this.#lanes.get(reason);
    if (lane === undefined) return;
    const { namespace } = job.application;
    const jobs = lane.byNamespace.get(namespace) ?? new Map<string, Job>();
    jobs.set(key, { application: job.application, reason });
    lane.byNamespace.set(namespace, jobs);
    this.#reasonOf.set(key, reason);
  }

  /** Takes the next job for which `free` says that it may run now. */
  take(free: (key: string) => boolean): Job | undefined {
    for (const reason of REASONS) {
      const lane = this.#lanes.get(reason);
      if (lane === undefined) continue;
      for (const [namespace, jobs] of lane.byNamespace) {
        for (const [key, job] of jobs) {
          if (!free(key)) continue;
          jobs.delete(key);
          this.#reasonOf.delete(key);
          // To the end of the round.
          lane.byNamespace.delete(namespace);
          if (jobs.size > 0) lane.byNamespace.set(namespace, jobs);
          return job;
        }
      }
    }
    return undefined;
  }

  #remove(reason: JobReason, namespace: string, key: string): void {
    const lane = this.#lanes.get(reason);
    const jobs = lane?.byNamespace.get(namespace);
    jobs?.delete(key);
    if (jobs?.size === 0) lane?.byNamespace.delete(namespace);
    this.#reasonOf.delete(key);
  }
}
