import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import { HEALTH_STATUSES } from '../core/health.ts';

/** Values that a label may take; anything else is counted as `other`, so that no input can grow the number of series. */
const OUTCOMES = ['synced', 'unchanged', 'failed', 'refused', 'waiting', 'cancelled'] as const;
const RESULTS = ['created', 'configured', 'unchanged', 'deleted', 'skipped', 'failed'] as const;
const RENDERERS = ['auto', 'plain', 'kustomize', 'helm'] as const;
const RENDERS = ['rendered', 'failed', 'error'] as const;
const POLLS = ['unchanged', 'changed', 'failed'] as const;
const PROVIDERS = ['github', 'gitlab', 'gitea', 'bitbucket', 'generic'] as const;
const DELIVERIES = ['accepted', 'ignored', 'duplicate', 'denied', 'limited', 'invalid'] as const;
const SYNCS = ['synced', 'outOfSync', 'unknown', 'suspended'] as const;
const VERBS = ['get', 'list', 'watch', 'apply', 'dryrun', 'create', 'replace', 'patch', 'delete', 'discovery'] as const;
const REASONS = ['person', 'webhook', 'drift', 'timer'] as const;

export interface ApiRequestFacts {
  readonly method: string;
  readonly path: string;
  /** 0 when no answer came. */
  readonly status: number;
  readonly durationMs: number;
}

/** One count of applications by state. */
export interface ApplicationCount {
  readonly sync: string;
  readonly health: string;
  readonly count: number;
}

/** What the service counts, under names of its own; labels are bounded. */
export interface Metrics {
  reconciled(outcome: string, durationMs: number): void;
  stepped(result: string): void;
  rendered(renderer: string, result: string, durationMs: number): void;
  polled(result: string): void;
  requested(facts: ApiRequestFacts): void;
  delivered(provider: string, result: string): void;
  enqueued(reason: string): void;
  historyFailed(): void;
  watchEvent(): void;
  setApplications(counts: readonly ApplicationCount[]): void;
  setLeader(leads: boolean): void;
  setQueueDegraded(degraded: boolean): void;
  setStaleWatches(count: number): void;
  readonly contentType: string;
  /** The exposition of all of them. */
  text(): Promise<string>;
}

const FAST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const SLOW_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** A registry of its own, so that several can live in one process. `process`: also memory, event loop and garbage collection of Node. */
export function createMetrics(options: { readonly version: string; readonly process?: boolean }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  // A look at the event loop every 10 ms, as it is by default, would be most of what an idle controller does.
  if (options.process === true) collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
    new Counter({ name, help, labelNames: [...labelNames], registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> =>
    new Gauge({ name, help, labelNames: [...labelNames], registers });
  const histogram = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    buckets: readonly number[],
  ): Histogram<L> => new Histogram({ name, help, labelNames: [...labelNames], buckets: [...buckets], registers });

  gauge('evenkeel_build_info', 'Always 1; the version is a label.', ['version']).set({ version: options.version }, 1);
  const reconciles = histogram(
    'evenkeel_reconcile_duration_seconds',
    'Passes over applications by outcome.',
    ['outcome'],
    SLOW_SECONDS,
  );
  const steps = counter('evenkeel_sync_steps_total', 'Objects that syncs handled, by result.', ['result']);
  const renders = histogram(
    'evenkeel_render_duration_seconds',
    'Renders by renderer and result.',
    ['renderer', 'result'],
    FAST_SECONDS,
  );
  const polls = counter('evenkeel_source_polls_total', 'Polls of repositories by result.', ['result']);
  const requests = histogram(
    'evenkeel_api_request_duration_seconds',
    'Requests to the Kubernetes API by verb and class of the answer.',
    ['verb', 'code'],
    FAST_SECONDS,
  );
  const deliveries = counter('evenkeel_webhook_deliveries_total', 'Webhook deliveries by provider and result.', [
    'provider',
    'result',
  ]);
  const jobs = counter('evenkeel_queue_jobs_total', 'Jobs put into the queue by reason.', ['reason']);
  const historyFailures = counter('evenkeel_history_write_failures_total', 'Revisions that could not be stored.', []);
  const watchEvents = counter('evenkeel_watch_events_total', 'Events of all watches.', []);
  const applications = gauge('evenkeel_applications', 'Applications by sync and health.', ['sync', 'health']);
  const leader = gauge('evenkeel_leader', '1 while this process leads.', []);
  const degraded = gauge(
    'evenkeel_queue_degraded',
    '1 while the queue in Redis is away and this process goes on by itself.',
    [],
  );
  const stale = gauge('evenkeel_watches_stale', 'Watches whose view may be old now.', []);
  leader.set(0);
  degraded.set(0);
  stale.set(0);

  return {
    reconciled: (outcome, durationMs) => reconciles.observe({ outcome: bounded(outcome, OUTCOMES) }, durationMs / 1000),
    stepped: (result) => steps.inc({ result: bounded(result, RESULTS) }),
    rendered: (renderer, result, durationMs) =>
      renders.observe({ renderer: bounded(renderer, RENDERERS), result: bounded(result, RENDERS) }, durationMs / 1000),
    polled: (result) => polls.inc({ result: bounded(result, POLLS) }),
    requested: (facts) =>
      requests.observe({ verb: bounded(verbOf(facts), VERBS), code: codeOf(facts.status) }, facts.durationMs / 1000),
    delivered: (provider, result) =>
      deliveries.inc({ provider: bounded(provider, PROVIDERS), result: bounded(result, DELIVERIES) }),
    enqueued: (reason) => jobs.inc({ reason: bounded(reason, REASONS) }),
    historyFailed: () => historyFailures.inc(),
    watchEvent: () => watchEvents.inc(),
    setApplications: (counts) => {
      applications.reset();
      for (const { sync, health, count } of counts)
        applications.inc({ sync: bounded(sync, SYNCS), health: bounded(health, HEALTH_STATUSES) }, count);
    },
    setLeader: (leads) => leader.set(leads ? 1 : 0),
    setQueueDegraded: (is) => degraded.set(is ? 1 : 0),
    setStaleWatches: (count) => stale.set(count),
    contentType: registry.contentType,
    text: async () => registry.metrics(),
  };
}

function bounded<T extends string>(value: string, allowed: readonly T[]): T | 'other' {
  return (allowed as readonly string[]).includes(value) ? (value as T) : 'other';
}

/** What a request does, from its method and path; the path itself is never a label. */
function verbOf({ method, path }: ApiRequestFacts): string {
  const query = path.indexOf('?');
  const params = query < 0 ? '' : path.slice(query);
  const steps = (query < 0 ? path : path.slice(0, query)).split('/').filter((step) => step !== '');
  if (params.includes('dryRun=All')) return 'dryrun';
  switch (method) {
    case 'PATCH':
      return params.includes('fieldValidation=') ? 'apply' : 'patch';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'replace';
    case 'DELETE':
      return 'delete';
    default:
      break;
  }
  if (params.includes('watch=true')) return 'watch';
  const rest = steps.slice(steps[0] === 'apis' ? 3 : 2);
  if ((steps[0] !== 'api' && steps[0] !== 'apis') || rest.length === 0) return 'discovery';
  const named = rest[0] === 'namespaces' && rest.length > 2 ? rest.slice(2) : rest;
  return named.length === 1 ? 'list' : 'get';
}

function codeOf(status: number): string {
  if (status === 0) return 'none';
  if (status === 409 || status === 422 || status === 429) return String(status);
  return status >= 100 && status < 600 ? `${Math.floor(status / 100)}xx` : 'other';
}
