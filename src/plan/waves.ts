import { compareKeys } from '../core/object-key.ts';
import type { Step, Wave } from '../core/plan.ts';
import { tierOf, TIERS } from './kind-order.ts';
import { compareRanks, type Rank } from './order-steps.ts';

export interface RankedStep {
  readonly step: Step;
  readonly rank: Rank;
}

const TIER_NAMES: Readonly<Record<number, string>> = {
  [TIERS.definitions]: 'definitions and namespaces',
  [TIERS.accounts]: 'accounts and rights',
  [TIERS.configuration]: 'configuration and storage',
  [TIERS.network]: 'services and networks',
  [TIERS.workloads]: 'workloads',
  [TIERS.custom]: 'custom resources',
  [TIERS.webhooks]: 'webhooks',
};

/**
 * Steps of equal rank form a wave. A wave waits for health where the next one needs it: definitions (a CRD must be established, a
 * namespace active), the last part of a numbered wave, and whatever another object depends on by name.
 *
 * @param moreFollows deletions or later hooks come after: what old pods still use goes only when the new ones are healthy
 */
export function syncWaves(steps: readonly RankedStep[], moreFollows: boolean): Wave[] {
  const sorted = steps.toSorted((a, b) => compareRanks(a.rank, b.rank) || compareKeys(a.step.key, b.step.key));
  const groups: { rank: Rank; steps: Step[] }[] = [];
  for (const { step, rank } of sorted) {
    const last = groups.at(-1);
    if (last !== undefined && compareRanks(last.rank, rank) === 0) last.steps.push(step);
    else groups.push({ rank, steps: [step] });
  }
  return groups.map(({ rank, steps: members }, index) => {
    const next = groups[index + 1]?.rank;
    const waitForHealth =
      next === undefined
        ? moreFollows
        : rank.tier === TIERS.definitions || next.wave !== rank.wave || next.depth > rank.depth;
    const failureStops = next === undefined || next.wave !== rank.wave || next.depth > rank.depth;
    return {
      name: waveName(rank, groups),
      phase: 'sync',
      number: rank.wave,
      steps: members,
      waitForHealth,
      failureStops,
    };
  });
}

function waveName(rank: Rank, groups: readonly { readonly rank: Rank }[]): string {
  const numbered = groups.some((group) => group.rank.wave !== 0);
  const tier = TIER_NAMES[rank.tier] ?? 'objects';
  const depth = rank.depth > 0 ? ` (after what they depend on${rank.depth > 1 ? `, ${rank.depth}` : ''})` : '';
  return numbered ? `wave ${rank.wave}: ${tier}${depth}` : `${tier}${depth}`;
}

/** Deletion goes the other way round: what stands on others goes first. */
export function pruneWaves(steps: readonly Step[]): Wave[] {
  const tiers = [...new Set(steps.map((step) => tierOf(step.key)))].sort((a, b) => b - a);
  return tiers.map((tier) => ({
    name: `prune ${TIER_NAMES[tier] ?? 'objects'}`,
    phase: 'prune',
    number: 0,
    steps: steps.filter((step) => tierOf(step.key) === tier).toSorted((a, b) => compareKeys(a.key, b.key)),
    waitForHealth: false,
    failureStops: false,
  }));
}

/** What hooks before the sync cannot do without comes before them. */
export function namespaceWave(steps: readonly Step[]): Wave[] {
  if (steps.length === 0) return [];
  return [
    {
      name: 'namespaces of hooks',
      phase: 'sync',
      number: 0,
      steps: steps.toSorted((a, b) => compareKeys(a.key, b.key)),
      waitForHealth: true,
      failureStops: true,
    },
  ];
}

/** Hooks of one phase: lower weights first, each weight is done before the next begins. */
export function hookWaves(hooks: readonly Step[], phase: 'pre' | 'post'): Wave[] {
  const members = hooks.filter((hook) => hook.hook?.phase === phase);
  const weights = [...new Set(members.map((hook) => hook.hook?.weight ?? 0))].sort((a, b) => a - b);
  return weights.map((weight) => ({
    name: `${phase === 'pre' ? 'hooks before the sync' : 'hooks after the sync'}${weights.length > 1 ? `, weight ${weight}` : ''}`,
    phase,
    number: weight,
    steps: members
      .filter((hook) => (hook.hook?.weight ?? 0) === weight)
      .toSorted((a, b) => tierOf(a.key) - tierOf(b.key) || compareKeys(a.key, b.key)),
    waitForHealth: true,
    failureStops: true,
  }));
}
