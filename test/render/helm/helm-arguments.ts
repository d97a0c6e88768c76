import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HelmSet } from '../../../src/core/manifest.ts';
import { randomEntropy } from '../../../src/render/helm/functions/entropy.ts';
import { renderChart, type RenderChartOptions, type RenderedChart } from '../../../src/render/helm/render-chart.ts';
import { openFolder } from '../../../src/sources/folder.ts';

const SWITCHES: readonly string[] = ['--include-crds', '--no-hooks', '--skip-tests', '--is-upgrade'];
const SET_FLAGS: readonly string[] = ['set', 'set-string', 'set-json', 'set-literal', 'set-file'];

/** Renders as `helm` would with these arguments (`template NAME CHART …`) in this folder. */
export function renderWithArguments(
  folder: string,
  [, releaseName = '', chart = '', ...flags]: readonly string[],
  options: Partial<RenderChartOptions> = {},
): RenderedChart {
  const snapshot = openFolder(join(folder, chart), { boundary: folder });
  const set: HelmSet[] = [];
  const lists: Record<string, string[]> = { '-f': [], '-s': [], '--api-versions': [] };
  const texts: Record<string, string> = {};
  const switches = new Set<string>();
  for (let index = 0; index < flags.length; index++) {
    const flag = flags[index] ?? '';
    if (SWITCHES.includes(flag)) {
      switches.add(flag);
      continue;
    }
    const value = flags[++index] ?? '';
    const name = flag.replace(/^--/, '');
    if (SET_FLAGS.includes(name)) set.push({ flag: name as HelmSet['flag'], text: value });
    else if (flag in lists) lists[flag]?.push(...(flag === '--api-versions' ? value.split(',') : [value]));
    else if (flag === '--namespace' || flag === '--kube-version') texts[flag] = value;
    else throw new Error(`argument ${flag} is not known here`);
  }
  const kubeVersion = texts['--kube-version'];
  return renderChart(snapshot, snapshot.path, {
    releaseName,
    namespace: texts['--namespace'] ?? 'default',
    ...(kubeVersion === undefined ? {} : { kubeVersion }),
    valueFiles: lists['-f'] ?? [],
    apiVersions: lists['--api-versions'] ?? [],
    ...(lists['-s']?.length === 0 ? {} : { showOnly: lists['-s'] ?? [] }),
    includeCrds: switches.has('--include-crds'),
    noHooks: switches.has('--no-hooks'),
    skipTests: switches.has('--skip-tests'),
    isUpgrade: switches.has('--is-upgrade'),
    set,
    readFile: (path) => readFileSync(join(folder, path)),
    entropy: randomEntropy(() => new Date()),
    ...options,
  });
}
