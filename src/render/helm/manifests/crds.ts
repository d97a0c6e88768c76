import { loadYaml } from '../../yaml/load.ts';
import type { Chart } from '../load/chart.ts';
import { ChartProblem } from '../load/chart-problem.ts';
import { decodeText } from '../load/decode-text.ts';
import type { ObjectSource } from './collect-objects.ts';
import type { CrdFile } from './print.ts';

/** A file below crds/: it is no template and goes first. */
export interface ChartCrds extends CrdFile {
  readonly documents: readonly ObjectSource[];
}

/** The CRD files of a chart, then those of its subcharts. @throws ChartProblem when one is no YAML */
export function chartCrds(chart: Chart, parentPath = ''): ChartCrds[] {
  const path = parentPath === '' ? chart.metadata.name : `${parentPath}/charts/${chart.metadata.name}`;
  const own = chart.files
    .filter((file) => file.name.startsWith('crds/') && /\.(?:ya?ml|json)$/i.test(file.name))
    .map((file): ChartCrds => {
      const text = decodeText(file.data, file.origin);
      const { documents, problems } = loadYaml(text, 'helm');
      const [problem] = problems;
      if (problem !== undefined) {
        const { line, column, excerpt } = problem;
        throw new ChartProblem(file.origin, `cannot load ${file.name}: ${problem.message}`, { line, column, excerpt });
      }
      return {
        name: `${path}/${file.name}`,
        text,
        documents: documents.map(({ value, line }) => ({
          json: value,
          origin: { path: file.origin, line },
        })),
      };
    });
  return [...own, ...chart.dependencies.flatMap((subchart) => chartCrds(subchart, path))];
}
