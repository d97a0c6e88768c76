import type { Health, HealthStatus, ObjectHealth } from '../../core/health.ts';
import { describeKey } from '../../core/object-key.ts';
import { safeLine, type Style } from './style.ts';

const SIGNS: Readonly<Record<HealthStatus, string>> = {
  healthy: '✔',
  progressing: '◌',
  degraded: '✗',
  suspended: '⏸',
  missing: '∅',
  unknown: '?',
};

function colourOf(status: HealthStatus, style: Style): (text: string) => string {
  if (status === 'healthy') return style.green;
  if (status === 'degraded' || status === 'missing') return style.red;
  return status === 'suspended' ? style.cyan : style.yellow;
}

export function formatStatus(status: HealthStatus, style: Style): string {
  return colourOf(status, style)(`${SIGNS[status]} ${status}`);
}

/** One object: `✗ degraded  Deployment shop/web  ImagePullBackOff: 3 of 10 pods …`. */
export function formatObjectHealth({ key, health }: ObjectHealth, style: Style): string {
  const detail = health.status === 'healthy' && health.message === '' ? '' : `  ${style.dim(formatReason(health))}`;
  return `${formatStatus(health.status, style).padEnd(style.bold('') === '' ? 13 : 23)} ${describeKey(key)}${detail}`;
}

export function formatReason(health: Health): string {
  const message = safeLine(health.message, 300);
  const reason = health.reason === '' || message === '' ? message || health.reason : `${health.reason}: ${message}`;
  return health.cause === 'environment' ? `${reason} (the environment, not the release)` : reason;
}
