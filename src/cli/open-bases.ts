import { join } from 'node:path';
import type { Logger } from '../core/ports.ts';
import { openRemoteBases } from '../controller/remote-bases.ts';
import type { BaseAccess } from '../render/traced-renderer.ts';
import { systemClock } from '../telemetry/system-clock.ts';

/** What kustomizations may name on other hosts, as the options of the command line say. */
export function openBases(dataDir: string, allowedHosts: readonly string[], logger: Logger): BaseAccess {
  const fetcher = openRemoteBases({
    clock: systemClock,
    logger,
    random: Math.random,
    dataDir: join(dataDir, 'bases'),
    allowedHosts,
  });
  return { allowedHosts, fetcher };
}
