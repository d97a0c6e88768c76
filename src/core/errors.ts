/**
 * The one table of errors. Exit codes, retry, conditions and documentation derive from it; nobody branches on message text.
 * `stage` is the folder that raises it; `retry` says when trying again can help: `backoff` (the world may recover),
 * `on-change` (only another commit, setting or object helps), `never` (a person has to act).
 */
export const ERRORS = {
  // usage and configuration: exit 2
  UsageInvalid: { stage: 'cli', retry: 'never', exitCode: 2 },
  ConfigInvalid: { stage: 'config', retry: 'on-change', exitCode: 2 },
  NotSupported: { stage: 'config', retry: 'on-change', exitCode: 2 },
  // sources: exit 5
  SourceUnreachable: { stage: 'sources', retry: 'backoff', exitCode: 5 },
  SourceDenied: { stage: 'sources', retry: 'on-change', exitCode: 5 },
  SourceRefNotFound: { stage: 'sources', retry: 'on-change', exitCode: 5 },
  SourcePathNotFound: { stage: 'sources', retry: 'on-change', exitCode: 5 },
  SourceCorrupt: { stage: 'sources', retry: 'backoff', exitCode: 5 },
  SourceUnverified: { stage: 'sources', retry: 'on-change', exitCode: 5 },
  SourceRefused: { stage: 'sources', retry: 'on-change', exitCode: 5 },
  // render and policy: exit 6
  RenderFailed: { stage: 'render', retry: 'on-change', exitCode: 6 },
  RenderLimit: { stage: 'render', retry: 'on-change', exitCode: 6 },
  RenderCrashed: { stage: 'render', retry: 'backoff', exitCode: 6 },
  PolicyViolated: { stage: 'policy', retry: 'on-change', exitCode: 6 },
  // plan: exit 7
  PlanRefused: { stage: 'plan', retry: 'on-change', exitCode: 7 },
  PlanMoved: { stage: 'plan', retry: 'on-change', exitCode: 7 },
  // cluster and apply: exit 8
  ClusterUnreachable: { stage: 'cluster', retry: 'backoff', exitCode: 8 },
  ClusterDenied: { stage: 'cluster', retry: 'on-change', exitCode: 8 },
  ClusterBusy: { stage: 'cluster', retry: 'backoff', exitCode: 8 },
  ClusterRejected: { stage: 'cluster', retry: 'on-change', exitCode: 8 },
  KindUnknown: { stage: 'cluster', retry: 'backoff', exitCode: 8 },
  ObjectNotFound: { stage: 'cluster', retry: 'backoff', exitCode: 8 },
  ObjectConflict: { stage: 'apply', retry: 'backoff', exitCode: 8 },
  FieldConflict: { stage: 'apply', retry: 'on-change', exitCode: 8 },
  FieldImmutable: { stage: 'apply', retry: 'on-change', exitCode: 8 },
  WatchExpired: { stage: 'cluster', retry: 'backoff', exitCode: 8 },
  ApplyFailed: { stage: 'apply', retry: 'backoff', exitCode: 8 },
  StateCorrupt: { stage: 'history', retry: 'never', exitCode: 8 },
  StateMoved: { stage: 'history', retry: 'backoff', exitCode: 8 },
  // history and queue: exit 9
  RevisionNotFound: { stage: 'history', retry: 'never', exitCode: 9 },
  HistoryUnavailable: { stage: 'history', retry: 'backoff', exitCode: 9 },
  QueueUnavailable: { stage: 'queue', retry: 'backoff', exitCode: 9 },
  // waiting: exit 4
  NotHealthyInTime: { stage: 'health', retry: 'backoff', exitCode: 4 },
  // a person or a signal stopped it
  Cancelled: { stage: 'cli', retry: 'never', exitCode: 130 },
} as const satisfies Record<string, ErrorSpec>;

export interface ErrorSpec {
  readonly stage: string;
  readonly retry: 'backoff' | 'on-change' | 'never';
  readonly exitCode: number;
}

export type ErrorCode = keyof typeof ERRORS;

export interface EngineErrorOptions {
  readonly cause?: unknown;
  /** What to do about it, in plain words. */
  readonly remedy?: string;
  /** JSON-safe facts for machines; never secret text. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * The broken world, typed. The message follows `<subject> <what failed> (<Reason>): <cause>`, lower case, no final stop;
 * the remedy is a field of its own.
 */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: ErrorCode;
  readonly remedy: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: EngineErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy;
    this.data = options.data ?? {};
  }

  get exitCode(): number {
    return ERRORS[this.code].exitCode;
  }

  get retry(): ErrorSpec['retry'] {
    return ERRORS[this.code].retry;
  }
}

export function isEngineError(value: unknown, code?: ErrorCode): value is EngineError {
  return value instanceof EngineError && (code === undefined || value.code === code);
}

/** The text of whatever was thrown, on one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}
