import type { KindRules, Rule } from './form.ts';

/** Steps that many controllers share, as data; a kind spreads them into its own list. */

/** `Ready` decides: False is a failure. */
export const READY_RULES: readonly Rule[] = [
  { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
  { when: { condition: 'Ready', is: 'False' }, status: 'degraded' },
];

/** `Ready` decides: False is not there yet. */
export const READY_WAITS: readonly Rule[] = [
  { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
  { when: { condition: 'Ready', is: 'False' }, status: 'progressing' },
];

/** When nothing above holds, the controller is at work. */
export const WAITING: Omit<Rule, 'when'> = { status: 'progressing' };

/** Kinds that are configuration: in use as soon as they are stored. */
export const STORED: Pick<KindRules, 'fresh' | 'rules' | 'otherwise' | 'observed'> = {
  fresh: 'healthy',
  observed: false,
  rules: [],
  otherwise: { status: 'healthy', reason: 'Current', message: 'it is in use as soon as it is stored' },
};
