import type { Json } from '../../../../core/json.ts';
import type { Chart, ChartFile } from '../../load/chart.ts';
import { withinDepth } from '../json-prefix.ts';
import { fromJson, hasKey, isTable, type Table } from '../value.ts';
import { printSchemaErrors } from './schema-error.ts';
import { SchemaIndex, SchemaProblem } from './schema-index.ts';
import { validateValues } from './validate-values.ts';

const MAX_SCHEMA_BYTES = 8 * 1024 * 1024;
const MAX_JSON_DEPTH = 200;

/**
 * Checks the values of a chart and of its subcharts against the `values.schema.json` that each has.
 * @returns what is wrong, a chart at a time; undefined when nothing is
 */
export function schemaProblems(chart: Chart, values: Table, warn: (message: string) => void): string | undefined {
  let text = '';
  if (chart.schema !== undefined) {
    const problem = checkSchema(chart.schema, values, warn);
    if (problem !== '') text += `${chart.metadata.name}:\n${problem}`;
  }
  for (const subchart of chart.dependencies) {
    const { name } = subchart.metadata;
    const own = hasKey(values, name) ? values[name] : null;
    if (own === null || own === undefined) continue;
    if (isTable(own)) text += schemaProblems(subchart, own, warn) ?? '';
    else text += `${name}:\ninvalid type for values: expected object (map)\n`;
  }
  return text === '' ? undefined : text;
}

function checkSchema(file: ChartFile, values: Table, warn: (message: string) => void): string {
  try {
    return reportOf(validateValues(new SchemaIndex(readSchema(file), warn), values));
  } catch (thrown) {
    if (thrown instanceof SchemaProblem) return `values.schema.json cannot be used: ${thrown.message}\n`;
    throw thrown;
  }
}

function reportOf(errors: ReturnType<typeof validateValues>): string {
  return errors.length === 0 ? '' : printSchemaErrors(errors);
}

function readSchema(file: ChartFile): Json {
  if (file.data.length > MAX_SCHEMA_BYTES) {
    throw new SchemaProblem(`it has ${file.data.length} bytes, at most ${MAX_SCHEMA_BYTES} are allowed`);
  }
  const text = new TextDecoder().decode(file.data);
  if (!withinDepth(text, MAX_JSON_DEPTH)) throw new SchemaProblem(`it nests more than ${MAX_JSON_DEPTH} levels deep`);
  try {
    return fromJson(JSON.parse(text) as Json);
  } catch (thrown) {
    throw new SchemaProblem(`it is not JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}
