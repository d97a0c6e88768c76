import { isJsonObject } from '../../../core/json.ts';
import { ChartProblem } from '../load/chart-problem.ts';
import { decodeText } from '../load/decode-text.ts';
import { readYamlText } from '../load/read-yaml-file.ts';
import { fromJson, isTable, mergeTables, newTable, type Table } from './value.ts';

/**
 * Values from YAML text. Several documents are merged, later ones win; each must be a map or empty.
 * @param origin path for messages
 * @throws ChartProblem
 */
export function readValues(data: Uint8Array, origin: string): Table {
  let values = newTable();
  for (const { text, firstLine } of splitDocuments(decodeText(data, origin), origin)) {
    const json = readYamlText(text, origin, 'values', firstLine);
    if (json === null) continue;
    if (!isJsonObject(json)) {
      throw new ChartProblem(origin, 'cannot load values: the document is not a map', { line: firstLine });
    }
    const table = fromJson(json);
    if (isTable(table)) values = mergeTables(values, table);
  }
  return values;
}

interface ValuesDocument {
  readonly text: string;
  /** 1-based line in the file. */
  readonly firstLine: number;
}

/** Splits at lines that begin with `---`; after it only blanks and a comment may stand. */
function splitDocuments(text: string, origin: string): ValuesDocument[] {
  const documents: ValuesDocument[] = [];
  let lines: string[] = [];
  let firstLine = 1;
  const close = (next: number): void => {
    if (lines.length > 0) documents.push({ text: `${lines.join('\n')}\n`, firstLine });
    lines = [];
    firstLine = next;
  };
  for (const [index, line] of text.split('\n').entries()) {
    if (!line.startsWith('---')) {
      lines.push(line);
      continue;
    }
    const after = line.slice(3).trim();
    if (after !== '' && !after.startsWith('#')) {
      throw new ChartProblem(origin, `cannot load values: invalid YAML document separator: ${after}`, {
        line: index + 1,
      });
    }
    close(index + 2);
  }
  close(0);
  return documents;
}
