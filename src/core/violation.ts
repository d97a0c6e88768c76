import type { ObjectKey } from './object-key.ts';

/** One object that breaks one policy. */
export interface Violation {
  readonly policy: string;
  readonly key: ObjectKey;
  readonly path: string;
  readonly message: string;
  readonly fix?: string;
  readonly severity: 'deny' | 'warn';
}
