import { at, numberAt, type Json } from '../../../src/core/json.ts';

/** One line a figure: ours, the goal, and the peers' where they ran in the same run. */
export function compare(ours: Readonly<Record<string, unknown>>, peers: Readonly<Record<string, unknown>>): string[] {
  const lines: string[] = [];
  const own = (...path: string[]): number | undefined => numberAt(ours as Json, ...path);
  const flux = (...path: string[]): number | undefined => numberAt(peers as Json, 'flux', ...path);
  const add = (name: string, value: number | undefined, unit: string, goal: number | undefined, why: string): void => {
    if (value === undefined) return;
    const met = goal === undefined ? ' ' : value <= goal ? '✔' : '✗';
    lines.push(
      `${met} ${name}: ${value}${unit}${goal === undefined ? '' : ` (goal ≤ ${goal}${unit}${why === '' ? '' : `, ${why}`})`}`,
    );
  };
  const rawSeconds = rawCreateSeconds(peers);
  add(
    'cold install',
    own('cold', 'seconds'),
    ' s',
    rawSeconds === undefined ? undefined : Math.round((rawSeconds / 0.7) * 10) / 10,
    `70 % of the API server's own rate: ${rawSeconds} s`,
  );
  const fluxCold = flux('cold', 'seconds');
  if (fluxCold !== undefined)
    add('cold install', own('cold', 'seconds'), ' s', Math.round(fluxCold) / 10, `a tenth of Flux: ${fluxCold} s`);
  add('cold install: all healthy after', own('cold', 'ready', 'max'), ' s', undefined, '');
  add('cold install: CPU of the controller', own('cold', 'cpu', 'evenkeel'), ' s', undefined, '');
  add('cold install: requests of the controller', own('cold', 'sent'), '', undefined, '');
  add('cold install: peak memory', own('cold', 'peak_mib', 'evenkeel'), ' MiB', 250, '');
  add(
    'commit: live',
    own('commit', 'live', 'median'),
    ' s',
    0.5,
    flux('commit', 'live', 'median') === undefined ? '' : `Flux ${flux('commit', 'live', 'median')} s`,
  );
  add('commit: ready', own('commit', 'app_ready', 'median'), ' s', undefined, '');
  add('commit: renders', own('commit', 'renders', 'max'), '', 1, '');
  add('commit: applications reconciled', own('commit', 'reconciled', 'max'), '', 1, '');
  add('commit: requests of the controller', own('commit', 'sent', 'max'), '', 30, '');
  add('idle: writes of the controller', own('idle', 'sent_writes'), '', 0, '');
  add('idle: requests of the controller a minute', own('idle', 'per_minute', 'sent'), '', 20, '');
  add('idle: polls of the repository a minute', own('idle', 'per_minute', 'polls'), '', undefined, '');
  add('idle: CPU of the controller a minute', own('idle', 'per_minute', 'cpu', 'evenkeel'), ' s', undefined, '');
  add('idle: peak memory', own('idle', 'peak_mib', 'evenkeel'), ' MiB', 250, '');
  add('deleted object is back', own('drift', 'back', 'max'), ' s', 0.2, '');
  add(
    'deliveries: 99th percentile',
    own('deliveries', 'p99_ms'),
    ' ms',
    100,
    `in ${own('deliveries', 'sent_in') ?? '?'} s`,
  );
  add('deliveries: requests to the Git host', own('deliveries', 'polls'), '', 2, '');
  add('deliveries: memory after', own('deliveries', 'memory_after_mib'), ' MiB', undefined, '');
  return lines;
}

/** Seconds that the creates take at the server's own rate. */
function rawCreateSeconds(peers: Readonly<Record<string, unknown>>): number | undefined {
  const phases = at(peers as Json, 'apiserver');
  return numberAt(phases, 'create', 'seconds');
}
