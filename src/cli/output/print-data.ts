import { emitYaml } from '../../render/yaml/emit.ts';
import type { Json } from '../../core/json.ts';
import type { ObjectHealth } from '../../core/health.ts';
import { formatKey } from '../../core/object-key.ts';
import type { Plan, Step, StepOutcome } from '../../core/plan.ts';
import type { OutputFormat } from '../terminal.ts';

/** A result for machines, as JSON or YAML, ending in a newline. */
export function formatData(value: unknown, format: Exclude<OutputFormat, 'text'>): string {
  const json = JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? Number(item) : item), 2);
  return format === 'json' ? `${json}\n` : emitYaml(JSON.parse(json) as Json, 'sigs');
}

/** A plan without manifests: what would be done, never what is in it. */
export function planDocument(plan: Plan): Record<string, unknown> {
  return {
    application: plan.application,
    commit: plan.commitId,
    digest: plan.digest,
    manifestDigest: plan.manifestDigest,
    counts: plan.counts,
    waves: plan.waves.map((wave) => ({
      name: wave.name,
      phase: wave.phase,
      number: wave.number,
      waitForHealth: wave.waitForHealth,
      steps: wave.steps.map(stepDocument),
    })),
    refusals: plan.refusals.map(({ guard, scope, message, keys, override }) => ({
      guard,
      scope,
      message,
      objects: keys,
      override,
    })),
    kept: plan.kept.map(({ key, reason }) => ({ object: key, reason })),
    warnings: plan.warnings,
  };
}

function stepDocument(step: Step): Record<string, unknown> {
  return {
    action: step.action,
    object: step.key,
    ...(step.diff.changes.length === 0 ? {} : { changes: step.diff.changes }),
    ...(step.diff.managers === undefined ? {} : { managers: step.diff.managers }),
    ...(step.diff.ignored === undefined ? {} : { ignored: step.diff.ignored }),
    ...(step.diff.error === undefined
      ? {}
      : { error: { code: step.diff.error.code, message: step.diff.error.message } }),
    ...(step.hook === undefined ? {} : { hook: step.hook }),
  };
}

export function outcomeDocument(outcome: StepOutcome): Record<string, unknown> {
  return {
    object: outcome.key,
    result: outcome.result,
    durationMs: outcome.durationMs,
    ...(outcome.reason === undefined ? {} : { reason: outcome.reason }),
    ...(outcome.error === undefined
      ? {}
      : { error: { code: outcome.error.code, message: outcome.error.message, remedy: outcome.error.remedy } }),
  };
}

export function healthDocument({ key, health }: ObjectHealth): Record<string, unknown> {
  return { object: key, id: formatKey(key), ...health };
}
