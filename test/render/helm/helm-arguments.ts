import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HelmSet } from '../../../src/core/manifest.ts';
import { randomEntropy } from '../../../src/render/helm/functions/entropy.ts';
import { renderChart, type RenderChartOptions, type RenderedChart } from '../../../src/render/helm/render-chart.ts';
import { openFolder } from '../../../src/sources/folder.ts';

const SET_FLAGS: readonly string[] = ['set', 'set-string', 'set-json', 'set-literal', 'set-file'];

/** Renders as `helm` would with these arguments (`template NAME CHART …`) in this folder. */
export function renderWithArguments(
  folder: string,
  [, releaseName = '', chart = '', ...flags]: readonly string[],
  options: Partial<RenderChartOptions> = {},
): RenderedChart {
  const snapshot = openFolder(join(folder, chart), { boundary: folder });
  const valueFiles: string[] = [];
  const set: HelmSet[] = [];
  let namespace = 'default';
  let kubeVersion: string | undefined;
  for (let index = 0; index < flags.length; index += 2) {
    const [flag = '', value = ''] = flags.slice(index, index + 2);
    const name = flag.replace(/^--/, '');
    if (flag === '--namespace') namespace = value;
    else if (flag === '--kube-version') kubeVersion = value;
    else if (flag === '-f') valueFiles.push(value);
    else if (SET_FLAGS.includes(name)) set.push({ flag: name as HelmSet['flag'], text: value });
    else throw new Error(`argument ${flag} is not known here`);
  }
  return renderChart(snapshot, snapshot.path, {
    releaseName,
    namespace,
    ...(kubeVersion === undefined ? {} : { kubeVersion }),
    valueFiles,
    set,
    readFile: (path) => readFileSync(join(folder, path)),
    entropy: randomEntropy(() => new Date()),
    ...options,
  });
}
