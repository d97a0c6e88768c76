import type { Health } from '../../core/health.ts';
import type { KubeObject } from '../../core/object-key.ts';
import type { Related } from '../related.ts';

export interface AssessContext {
  readonly related: Related;
  readonly now: number;
}

/** The rule of a built-in kind. The object's deletion was looked at before. */
export type Assessor = (object: KubeObject, context: AssessContext) => Health;
