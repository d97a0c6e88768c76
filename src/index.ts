/** The library: the vocabulary, the one pass, and the engines, for programs that bring their own wiring. */
export type * from './core/application.ts';
export type * from './core/diff.ts';
export type * from './core/health.ts';
export type * from './core/live.ts';
export type * from './core/manifest.ts';
export type * from './core/object-key.ts';
export type * from './core/plan.ts';
export type * from './core/ports.ts';
export type * from './core/revision.ts';
export type * from './core/snapshot.ts';
export type * from './core/state.ts';
export { EngineError, ERRORS, type ErrorCode } from './core/errors.ts';
export { resolveApplication } from './config/resolve-application.ts';
export { prepare } from './controller/prepare.ts';
export { reconcile } from './controller/reconcile.ts';
export { rollback } from './controller/rollback.ts';
export { assess } from './health/assess.ts';
