/** Who asks. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

/** What a request brings along besides its body. */
export interface RequestContext {
  readonly user: User;
  /** The field manager: given, or the first word of the user agent. */
  readonly fieldManager: string;
  readonly dryRun: boolean;
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore';
  /** Answered as `Warning` headers. */
  readonly warnings: string[];
}

/** A context for the sandbox's own controllers. */
export function systemContext(fieldManager: string): RequestContext {
  return {
    user: { name: `system:${fieldManager}`, groups: ['system:masters'] },
    fieldManager,
    dryRun: false,
    fieldValidation: 'Ignore',
    warnings: [],
  };
}

export interface DeleteRequest {
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
  readonly propagation: 'Background' | 'Foreground' | 'Orphan' | undefined;
  readonly gracePeriodSeconds: number | undefined;
}
