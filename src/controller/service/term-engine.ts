import type { Clock } from '../../core/ports.ts';
import { NOTHING_RELATED } from '../../health/related.ts';
import type { Tracing } from '../../telemetry/tracing.ts';
import type { Engine } from '../engine.ts';
import type { ApplicationView } from './application-view.ts';
import type { ChangeSignals } from './change-signals.ts';
import type { LiveView } from './live-view.ts';
import type { RelatedCache } from './related-cache.ts';
import { superseded } from './schedule.ts';
import { isSuperseded, type Tracked } from './tracked.ts';

/** Pods are looked at only for what has been in trouble for a moment: most things pass by themselves. */
const RELATED_AFTER_MS = 3000;

/** What is not watched is read so often while somebody waits for it. */
const BLIND_MS = 3000;

/** The engine with pods looked at late and seldom. */
export function quietEngine(
  engine: Engine,
  options: { readonly related: RelatedCache; readonly applications: ApplicationView; readonly clock: Clock },
): Engine {
  const { related, applications, clock } = options;
  return {
    ...engine,
    relatedOf: async (application, namespaces) => {
      const tracked = applications.get(`${application.name.namespace}/${application.name.name}`);
      const sinceMs = tracked?.troubledSinceMs;
      if (sinceMs === undefined || clock.monotonic() - sinceMs < RELATED_AFTER_MS) return NOTHING_RELATED;
      return related.list(engine.clusterOf(application), namespaces);
    },
  };
}

/** The engine with the slow parts of a pass as spans. */
export function tracedEngine(engine: Engine, tracing: Tracing): Engine {
  const { sources, renderer } = engine;
  return {
    ...engine,
    sources: {
      resolve: async (source, options) => tracing.span('resolve', {}, async () => sources.resolve(source, options)),
      open: async (source, commitId) => sources.open(source, commitId),
      close: async () => undefined,
    },
    renderer: {
      render: async (fetched, request, signal, world) =>
        tracing.span('render', { 'evenkeel.commit': fetched.commit.id }, async () =>
          renderer.render(fetched, request, signal, world),
        ),
      close: async () => undefined,
    },
  };
}

/** The engine for a pass: it says which commit it is about; waiting frees the worker, and ends when something newer came. */
export function waitingEngine(
  engine: Engine,
  tracked: Tracked,
  {
    signals,
    view,
    tellWaits,
    tellResolved,
  }: {
    readonly signals: ChangeSignals;
    readonly view: LiveView;
    readonly tellWaits: () => void;
    readonly tellResolved: () => void;
  },
): Engine {
  return {
    ...engine,
    sources: {
      resolve: async (source, options) => {
        const fetched = await engine.sources.resolve(source, options);
        if (tracked.pass !== undefined) tracked.pass.commitId = fetched.commit.id;
        tellResolved();
        return fetched;
      },
      open: async (source, commitId) => engine.sources.open(source, commitId),
      close: async () => undefined,
    },
    untilChange: async (_application, keys, maxMs, signal) => {
      if (tracked.pass !== undefined) tracked.pass.waiting = true;
      tellWaits();
      if (isSuperseded(tracked.pass)) tracked.pass?.stop.abort(superseded(tracked));
      try {
        await signals.wait(
          tracked.label,
          keys.every((key) => view.sees(key)) ? maxMs : Math.min(maxMs, BLIND_MS),
          signal,
        );
      } finally {
        if (tracked.pass !== undefined) tracked.pass.waiting = false;
      }
    },
  };
}
