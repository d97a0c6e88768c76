import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OVERLAYS } from '../../src/cli/install/overlays.ts';
import { printOverlay } from '../../src/cli/install/render-overlay.ts';

const folder = process.env['ORACLES'] ?? '';
const kustomize = join(folder, 'kustomize');
const missing = folder === '' || !existsSync(kustomize) ? 'ORACLES names no folder with kustomize' : undefined;
if (missing !== undefined) console.log(`skipped: ${missing}`);

describe.skipIf(missing !== undefined)('the overlays of deploy/', () => {
  it.each(OVERLAYS)('print %s as kustomize build does, byte for byte', (overlay) => {
    const built = spawnSync(kustomize, ['build', `deploy/overlays/${overlay}`], { encoding: 'utf8' });
    expect(built.stderr).toBe('');
    expect(printOverlay({ overlay })).toBe(built.stdout);
  });
});
