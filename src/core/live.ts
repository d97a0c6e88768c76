import type { EngineError } from './errors.ts';
import type { KubeObject } from './object-key.ts';

/** What a cluster says of one object: three cases, never two. A failed read is never absence. */
export type Live =
  | { readonly state: 'present'; readonly object: KubeObject }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly error: EngineError };
