import type { Json } from '../../../core/json.ts';
import { loadYaml } from '../../yaml/load.ts';
import type { ChartFile } from './chart.ts';
import { ChartProblem } from './chart-problem.ts';
import { decodeText } from './decode-text.ts';

/** The first document of a YAML file of a chart; null when it is empty. @throws ChartProblem */
export function readYamlFile(file: Pick<ChartFile, 'name' | 'data' | 'origin'>): Json {
  return readYamlText(decodeText(file.data, file.origin), file.origin, file.name);
}

/** {@link readYamlFile} of text. @param name stands in the message @param firstLine 1-based line of the text in its file */
export function readYamlText(text: string, origin: string, name: string, firstLine = 1): Json {
  const { documents, problems } = loadYaml(text, 'helm');
  const [problem] = problems;
  const [document] = documents;
  // Only the first document is read; what follows it may be anything.
  if (problem !== undefined && document === undefined) {
    throw new ChartProblem(origin, `cannot load ${name}: ${problem.message}`, {
      line: problem.line + firstLine - 1,
      column: problem.column,
      excerpt: problem.excerpt,
    });
  }
  return document?.value ?? null;
}
