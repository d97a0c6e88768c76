import { EngineError, type ErrorCode, ERRORS, messageOf } from '../core/errors.ts';
import { readJson, writeJson } from '../core/json-text.ts';
import type { Json } from '../core/json.ts';
import type { RenderResult } from '../core/manifest.ts';
import type { PoolJob } from './pool-job.ts';

/** parent → worker: where the commit is, and what to make of it. */
export interface RenderJob extends PoolJob {
  readonly id: number;
}

/** worker → parent: once when it is ready, then once a job. */
export type RenderMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'result'; readonly id: number; readonly json: string; readonly rssBytes: number }
  | {
      readonly kind: 'error';
      readonly id: number;
      readonly code: ErrorCode;
      readonly message: string;
      readonly remedy: string | undefined;
      readonly rssBytes: number;
    };

/** A result as text: big integers digit by digit, and a key `__proto__` stays a key. */
export function writeResult(result: RenderResult): string {
  return writeJson(result as unknown as Json);
}

export function readResult(json: string): RenderResult {
  return readJson(json) as unknown as RenderResult;
}

/** What the parent is told of whatever a render threw. */
export function describeFailure(thrown: unknown): { code: ErrorCode; message: string; remedy: string | undefined } {
  if (thrown instanceof EngineError) return { code: thrown.code, message: thrown.message, remedy: thrown.remedy };
  if (thrown instanceof RangeError && /stack/i.test(thrown.message)) {
    return {
      code: 'RenderLimit',
      message: 'render went too deep (RenderLimit): the call stack is exhausted',
      remedy: 'look for templates or values that contain themselves',
    };
  }
  return { code: 'RenderCrashed', message: `render failed (RenderCrashed): ${messageOf(thrown)}`, remedy: undefined };
}

export function isErrorCode(text: unknown): text is ErrorCode {
  return typeof text === 'string' && Object.hasOwn(ERRORS, text);
}
