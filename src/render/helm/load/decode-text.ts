import { ChartProblem } from './chart-problem.ts';

const strict = new TextDecoder('utf-8', { fatal: true });

/**
 * The text of a file of a chart, without a byte order mark. Anything else than UTF-8 is refused, not guessed.
 * @throws ChartProblem
 */
export function decodeText(data: Uint8Array, origin: string): string {
  try {
    return strict.decode(data);
  } catch {
    throw new ChartProblem(origin, 'it is not UTF-8 text');
  }
}
