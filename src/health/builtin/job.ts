import type { Health } from '../../core/health.ts';
import { at, listAt, numberAt, stringAt } from '../../core/json.ts';
import type { KubeObject } from '../../core/object-key.ts';
import { conditionOf } from '../conditions.ts';
import { isFresh } from '../observed.ts';
import { describePods, podsOf, summarizePods } from '../pods/summarize-pods.ts';
import { formatTime, parseTime } from '../times.ts';
import { amend, asReason, verdict } from '../verdict.ts';
import type { AssessContext } from './context.ts';
import { failedCreate } from './failed-create.ts';
import { withPods } from './workload-verdict.ts';

/** Complete and Failed count only while they are True; FailureTarget and SuccessCriteriaMet announce them. */
export function assessJob(job: KubeObject, context: AssessContext): Health {
  const failed = conditionOf(job, 'Failed');
  if (failed?.status === 'True') return whyFailed(job, failed.reason, failed.message, failed.since, context);
  const complete = conditionOf(job, 'Complete');
  if (complete?.status === 'True')
    return verdict(
      'healthy',
      'Completed',
      complete.message ?? `${numberAt(job, 'status', 'succeeded') ?? 0} pods succeeded`,
      { since: complete.since },
    );
  const target = conditionOf(job, 'FailureTarget');
  if (target?.status === 'True') return whyFailed(job, target.reason, target.message, target.since, context);
  const suspended = conditionOf(job, 'Suspended');
  if (suspended?.status === 'True' || at(job, 'spec', 'suspend') === true)
    return verdict('suspended', 'Suspended', 'the Job is suspended', { since: suspended?.since });
  if (isFresh(job)) return verdict('progressing', 'NoStatus', 'the Job controller has not looked at it yet');
  return running(job, context);
}

function running(job: KubeObject, context: AssessContext): Health {
  const count = (key: string): number => numberAt(job, 'status', key) ?? 0;
  const wanted = numberAt(job, 'spec', 'completions') ?? 1;
  const since = stringAt(job, 'status', 'startTime');
  const limit = numberAt(job, 'spec', 'activeDeadlineSeconds');
  const began = parseTime(since);
  const deadline = limit === undefined || began === undefined ? undefined : formatTime(began + limit * 1000);
  const failures =
    count('failed') === 0
      ? ''
      : `, ${count('failed')} failed (of ${numberAt(job, 'spec', 'backoffLimit') ?? 6} that may)`;
  const own = verdict(
    'progressing',
    'Running',
    `${count('succeeded')} of ${wanted} done, ${count('active')} running${failures}`,
    { since, deadline },
  );
  const refused = count('active') === 0 ? failedCreate(job, own, context) : undefined;
  if (refused !== undefined) return refused;
  const live = podsOf(job, context.related).filter((pod) => stringAt(pod, 'status', 'phase') !== 'Failed');
  return withPods(own, job, live, wanted, context);
}

function whyFailed(
  job: KubeObject,
  reason: string | undefined,
  message: string | undefined,
  since: string | undefined,
  context: AssessContext,
): Health {
  const pods = podsOf(job, context.related).filter((pod) => stringAt(pod, 'status', 'phase') === 'Failed');
  const own = verdict('degraded', asReason(reason, 'Failed'), message ?? 'the Job failed', {
    cause: 'release',
    since,
    remedy: remedyFor(reason),
  });
  if (pods.length === 0) return own;
  const summary = summarizePods(pods, context.related, context.now);
  return amend(own, {
    message: `${own.message} — ${describePods(summary, pods.length) ?? ''}`,
    cause: summary.worst?.cause,
    blockedBy: summary.example === undefined ? undefined : [summary.example],
  });
}

function remedyFor(reason: string | undefined): string {
  if (reason === 'DeadlineExceeded') return 'give the Job more time (activeDeadlineSeconds), or make it faster';
  return 'read the logs of its pods; a Job is not started again by itself: delete it or change its name';
}

/** The last run has to have succeeded; a suspended CronJob is suspended, whatever its last run was. */
export function assessCronJob(job: KubeObject, context: AssessContext): Health {
  if (at(job, 'spec', 'suspend') === true) return verdict('suspended', 'Suspended', 'the CronJob is suspended');
  const scheduled = stringAt(job, 'status', 'lastScheduleTime');
  const succeeded = stringAt(job, 'status', 'lastSuccessfulTime');
  const active = listAt(job, 'status', 'active').length;
  if (scheduled === undefined) return verdict('healthy', 'NotScheduledYet', 'it has not run yet');
  if (active > 0)
    return verdict('progressing', 'Running', `${active} of its Jobs ${active === 1 ? 'is' : 'are'} running`, {
      since: scheduled,
    });
  const [at0, at1] = [parseTime(scheduled), parseTime(succeeded)];
  if (succeeded === undefined) {
    const text = `it ran at ${scheduled}, and no run has succeeded so far`;
    return verdict('healthy', 'NeverSucceeded', text, { warnings: [text] });
  }
  if (at0 !== undefined && at1 !== undefined && at1 < at0) {
    const last = context.related
      .childrenOf(job)
      .filter((child) => child.kind === 'Job' && conditionOf(child, 'Failed')?.status === 'True')
      .at(-1);
    const why = last === undefined ? '' : `: ${assessJob(last, context).message}`;
    return verdict(
      'degraded',
      'LastRunFailed',
      `the run of ${scheduled} did not succeed (the last that did: ${succeeded})${why}`,
      { cause: 'release', since: scheduled, remedy: 'look at the pods of its last Job' },
    );
  }
  return verdict('healthy', 'LastRunSucceeded', `its last run succeeded at ${succeeded}`, { since: succeeded });
}
