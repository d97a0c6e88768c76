import type { EngineError } from './errors.ts';
import type { Json } from './json.ts';
import type { ObjectKey } from './object-key.ts';

/**
 * One field that differs. `path` is for people and stable: `spec.template.spec.containers[name=web].image`. Values of Secrets are
 * never here: `masked` says that there was one.
 */
export interface FieldChange {
  readonly path: string;
  /** `release`: Git gives the field up, and it stays as it is because somebody else owns it too; only our share in it ends. */
  readonly op: 'add' | 'change' | 'remove' | 'release';
  /** Who keeps a released field, where it is known. */
  readonly owner?: string;
  readonly before?: Json;
  readonly after?: Json;
  readonly masked?: boolean;
}

export type DiffAction = 'create' | 'update' | 'unchanged' | 'adopt' | 'recreate' | 'delete' | 'unknown';

/**
 * What Git and the cluster say of one object.
 * `adopt`: it is live, and we own nothing of it yet (another tool's managers are named); `unknown`: it could not be read or judged.
 */
export interface ObjectDiff {
  readonly key: ObjectKey;
  readonly action: DiffAction;
  /** Sorted by path; empty unless update, adopt or recreate. */
  readonly changes: readonly FieldChange[];
  /** Other managers whose fields an `adopt` takes over, or that a forced apply would take. */
  readonly managers?: readonly string[];
  /** Fields that an ignore rule left out of the comparison, for people. */
  readonly ignored?: readonly string[];
  readonly error?: EngineError;
  /** resourceVersion and uid of the live object that was compared; part of the plan's digest. */
  readonly resourceVersion?: string;
  readonly uid?: string;
  /** Only a server dry-run can decide: the form differs where the schema does not tell. */
  readonly needsDryRun?: boolean;
}
