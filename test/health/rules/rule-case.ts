import type { JsonObject } from '../../../src/core/json.ts';

/** One case of a shipped rule: an object's parts, and `status Reason` (and the cause in brackets) that it must get. */
export interface RuleCase {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: JsonObject;
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
  readonly expect: string;
}

/** Conditions in short: `conditions('Ready=True', 'Error=False:Reason')`. */
export function conditions(...texts: readonly string[]): JsonObject {
  return {
    conditions: texts.map((text) => {
      const [, type = '', status = '', reason = ''] = /^([^=]+)=([^:]+):?(.*)$/.exec(text) ?? [];
      return reason === '' ? { type, status } : { type, status, reason };
    }),
  };
}
