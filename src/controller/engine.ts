import type { Application } from '../core/application.ts';
import type { Credentials } from '../core/credentials.ts';
import type { ObjectKey } from '../core/object-key.ts';
import type { Clock, Cluster, HistoryStore, Logger, Renderer, SourceReader } from '../core/ports.ts';
import type { UserRules } from '../health/assess.ts';
import type { Related } from '../health/related.ts';
import type { VerdictCache } from './compare-manifests.ts';
import type { LiveReader } from './live-reader.ts';

/** Everything that a pass over one application needs; built once by the command line or the controller. */
export interface Engine {
  readonly sources: SourceReader;
  readonly renderer: Renderer;
  readonly history: HistoryStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The engine's own identity: state, applications, credentials. */
  readonly home: Cluster;
  /** The destination as the application itself: every read, dry-run and write. @throws EngineError NotSupported for an unknown cluster */
  clusterOf(application: Application): Cluster;
  liveReaderOf(application: Application): LiveReader;
  credentialsOf(application: Application, signal?: AbortSignal): Promise<Credentials | undefined>;
  readonly verdicts: VerdictCache;
  /** Rules of health of the whole installation. */
  readonly healthRules?: UserRules;
  /**
   * Resolves when one of these objects may have changed, or after `maxMs`. Absent: whoever waits looks again after a pause.
   */
  untilChange?(application: Application, keys: readonly ObjectKey[], maxMs: number, signal: AbortSignal): Promise<void>;
  /** Pods and the like of the namespaces in which something is wrong. Absent: they are listed whenever something is. */
  relatedOf?(application: Application, namespaces: readonly string[], signal?: AbortSignal): Promise<Related>;
}
