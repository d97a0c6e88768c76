import type { FieldChange } from '../../core/diff.ts';
import { stableJson, type Json } from '../../core/json.ts';
import { describeKey, formatKey } from '../../core/object-key.ts';
import type { Plan, Step } from '../../core/plan.ts';
import { safeLine, safeText, type Style } from './style.ts';

const SIGNS = { create: '+', update: '~', adopt: '⤓', recreate: '±', delete: '-', hook: '▸', unchanged: '=' } as const;
const VERBS = {
  create: 'create',
  update: 'update',
  adopt: 'adopt',
  recreate: 'replace',
  delete: 'delete',
  hook: 'run',
  unchanged: 'unchanged',
} as const;
/** Long values are cut: the plan is read by people. */
const LONGEST_VALUE = 120;
const MOST_CHANGES = 40;

export interface PlanHeader {
  readonly commitSubject: string;
  readonly warnings: readonly string[];
}

/** A plan for people: one line a change, the fields below it, what is refused and kept, and a digest to approve. */
export function formatPlan(plan: Plan, header: PlanHeader, style: Style): string {
  const lines: string[] = [];
  const subject = header.commitSubject === '' ? '' : ` ${style.dim(`"${safeLine(header.commitSubject, 72)}"`)}`;
  lines.push(`${style.bold(`Plan for ${plan.application}`)} at ${plan.commitId.slice(0, 12)}${subject}`);
  lines.push(`  ${formatCounts(plan)}`);
  for (const wave of plan.waves) {
    const steps = wave.steps.filter((step) => step.action !== 'unchanged');
    if (steps.length === 0) continue;
    lines.push('', `  ${style.dim(wave.name + (wave.waitForHealth ? ', then wait until healthy' : ''))}`);
    for (const step of steps) lines.push(...formatStep(step, style));
  }
  if (plan.refusals.length > 0) {
    lines.push(
      '',
      `  ${style.red(plan.refusals.some(({ scope }) => scope === 'plan') ? 'refused: nothing will be applied' : 'refused: these objects are left alone')}`,
    );
    for (const refusal of plan.refusals) {
      lines.push(`    ${style.red('✗')} ${safeLine(refusal.message, 600)} ${style.dim(`(${refusal.guard})`)}`);
      lines.push(`      ${style.dim(`to go on: ${safeLine(refusal.override, 300)}`)}`);
    }
  }
  const kept = plan.kept.filter(
    ({ key }) =>
      !plan.refusals.some((refusal) => refusal.keys.some((other) => describeKey(other) === describeKey(key))),
  );
  if (kept.length > 0) {
    lines.push('', `  ${style.dim('kept')}`);
    for (const { key, reason } of kept) lines.push(`    ${describeKey(key)}  ${style.dim(safeLine(reason))}`);
  }
  for (const warning of [...plan.warnings, ...header.warnings])
    lines.push(`  ${style.yellow('!')} ${safeLine(warning)}`);
  lines.push('', `  ${style.dim(`digest ${plan.digest}`)}`);
  return lines.join('\n');
}

/** `2 to create, 1 to update, 12 unchanged`. */
export function formatCounts(plan: Plan): string {
  const { create, update, adopt, recreate, delete: deletions, hooks, unchanged } = plan.counts;
  const parts = [
    [create, 'to create'],
    [update, 'to update'],
    [adopt, 'to adopt'],
    [recreate, 'to replace'],
    [deletions, 'to delete'],
    [hooks, hooks === 1 ? 'hook to run' : 'hooks to run'],
  ] as const;
  const said = parts.filter(([number]) => number > 0).map(([number, words]) => `${number} ${words}`);
  if (said.length === 0) said.push('nothing to do');
  const refused = new Set(plan.refusals.flatMap(({ keys }) => keys.map(formatKey))).size;
  return [
    ...said,
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
  ].join(', ');
}

function formatStep(step: Step, style: Style): string[] {
  const colour =
    step.action === 'delete' || step.action === 'recreate'
      ? style.red
      : step.action === 'create'
        ? style.green
        : style.yellow;
  const from =
    step.action === 'adopt' && (step.diff.managers?.length ?? 0) > 0 ? `  from ${step.diff.managers?.join(', ')}` : '';
  const reason = step.reason === undefined ? '' : `  ${step.reason}`;
  const lines = [
    `    ${colour(`${SIGNS[step.action]} ${VERBS[step.action].padEnd(7)}`)} ${describeKey(step.key)}${style.dim(from + reason)}`,
  ];
  const changes = step.diff.changes.slice(0, MOST_CHANGES);
  for (const change of changes) lines.push(...formatChange(change, style).map((line) => `        ${line}`));
  if (step.diff.changes.length > MOST_CHANGES)
    lines.push(`        ${style.dim(`… ${step.diff.changes.length - MOST_CHANGES} more fields`)}`);
  if (step.diff.error !== undefined)
    lines.push(`        ${style.red(`the server says: ${safeLine(step.diff.error.message, 600)}`)}`);
  if ((step.diff.ignored?.length ?? 0) > 0)
    lines.push(`        ${style.dim(`ignored: ${step.diff.ignored?.join(', ')}`)}`);
  return lines;
}

/** One field: its path and what it was and will be. Values of Secrets are never shown. */
export function formatChange(change: FieldChange, style: Style): string[] {
  const path = safeLine(change.path, 300);
  if (change.masked === true) return [`${path}: ${style.dim(`secret value ${wordOf(change)}`)}`];
  if (change.op === 'release') {
    const keeper =
      change.owner === undefined ? 'is not ours any more' : `stays, ${safeLine(change.owner, 100)} owns it too`;
    return [`${path}: ${style.dim(keeper)}`];
  }
  const before = change.before === undefined ? undefined : formatValue(change.before);
  const after = change.after === undefined ? undefined : formatValue(change.after);
  if (change.op === 'add') return block(`${path}: `, style.green, '+', after ?? '');
  if (change.op === 'remove')
    return before === undefined ? [`${path}: ${style.red('removed')}`] : block(`${path}: `, style.red, '-', before);
  if ((before ?? '').includes('\n') || (after ?? '').includes('\n')) {
    return [
      `${path}:`,
      ...textDiff(before ?? '', after ?? '').map(
        ([sign, line]) => `  ${sign === '-' ? style.red(`- ${line}`) : style.green(`+ ${line}`)}`,
      ),
    ];
  }
  return [`${path}: ${style.red(before ?? '')} → ${style.green(after ?? '')}`];
}

function wordOf(change: FieldChange): string {
  return change.op === 'add'
    ? 'added'
    : change.op === 'change'
      ? 'changed'
      : change.op === 'remove'
        ? 'removed'
        : 'released';
}

function block(head: string, colour: (text: string) => string, sign: string, value: string): string[] {
  if (!value.includes('\n')) return [`${head}${colour(`${sign} ${value}`)}`];
  return [head.trimEnd(), ...value.split('\n').map((line) => `  ${colour(`${sign} ${line}`)}`)];
}

function formatValue(value: Json): string {
  const text = typeof value === 'string' && !/^[\s"]|[\s"]$|^$/.test(value) ? value : stableJson(value);
  return safeText(text, LONGEST_VALUE * (text.includes('\n') ? 8 : 1));
}

/** The lines that differ between two texts: what the common head and tail leave. */
function textDiff(before: string, after: string): ['-' | '+', string][] {
  const left = before.split('\n');
  const right = after.split('\n');
  let head = 0;
  while (head < left.length && head < right.length && left[head] === right[head]) head += 1;
  let tail = 0;
  while (tail < left.length - head && tail < right.length - head && left.at(-1 - tail) === right.at(-1 - tail))
    tail += 1;
  return [
    ...left.slice(head, left.length - tail).map((line): ['-', string] => ['-', line]),
    ...right.slice(head, right.length - tail).map((line): ['+', string] => ['+', line]),
  ];
}
