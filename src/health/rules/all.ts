import type { GroupRules } from './form.ts';

/** Every group of rules that the product ships. */
export const RULES: readonly GroupRules[] = [];
