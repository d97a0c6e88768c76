import { homedir } from 'node:os';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import { benchClient } from './client.ts';
import { round, type Bench } from './measure.ts';

export const CLIENT_BENCH: Bench = {
  name: 'client',
  run: async () => {
    const path = process.env['BENCH_KUBECONFIG'];
    if (path === undefined) return { skipped: 'BENCH_KUBECONFIG does not name a cluster that may be written to' };
    const connection = await loadKubeconfig({ clock: systemClock, env: {}, homeFolder: homedir(), path });
    return (await benchClient(connection)).map(({ work, ratio, rawPerSecond, ownPerSecond }) => ({
      name: `${work} requests of the own client, against raw undici`,
      value: round(ratio),
      unit: '×',
      goal: '≥ 0.8×',
      met: ratio >= 0.8,
      detail: `${Math.round(ownPerSecond)}/s, raw ${Math.round(rawPerSecond)}/s`,
    }));
  },
};
