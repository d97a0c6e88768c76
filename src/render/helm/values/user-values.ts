import type { Json } from '../../../core/json.ts';
import type { HelmSet } from '../../../core/manifest.ts';
import { ChartProblem } from '../load/chart-problem.ts';
import { readJsonPrefix } from './json-prefix.ts';
import { readValues } from './read-values.ts';
import { applySet, type SetForm } from './set-flags.ts';
import { SetProblem } from './set-reader.ts';
import { fromJson, isTable, mergeTables, newTable, type Table } from './value.ts';

export interface UserValuesInput {
  readonly valueFiles: readonly string[];
  /** Above the files. */
  readonly values?: Json;
  readonly set: readonly HelmSet[];
  /** A file that `valueFiles` or `--set-file` names; undefined when it is not there. */
  readonly readFile: (path: string) => Uint8Array | undefined;
}

/** The order in which Helm applies the flags, however they were mixed. */
const FLAG_ORDER: readonly HelmSet['flag'][] = ['set-json', 'set', 'set-string', 'set-file', 'set-literal'];

/**
 * What the user asks for, without the chart's defaults: files in order, then inline values, then the `--set` family.
 * @throws ChartProblem with the path of the file, or the flag, that is wrong
 */
export function readUserValues(input: UserValuesInput): Table {
  let values = newTable();
  for (const path of input.valueFiles) values = mergeTables(values, readValues(readFile(input, path), path));
  if (input.values !== undefined && input.values !== null) {
    const inline = fromJson(input.values);
    if (!isTable(inline)) throw new ChartProblem('values', 'inline values must be a map');
    values = mergeTables(values, inline);
  }
  for (const flag of FLAG_ORDER) {
    for (const set of input.set) if (set.flag === flag) values = applyFlag(set, values, input);
  }
  return values;
}

function applyFlag(set: HelmSet, values: Table, input: UserValuesInput): Table {
  const subject = `--${set.flag} ${JSON.stringify(set.text.length > 200 ? `${set.text.slice(0, 200)}…` : set.text)}`;
  try {
    if (set.flag === 'set-json' && set.text.trim().startsWith('{')) return mergeJson(set.text.trim(), values);
    applySet(set.text, values, formOf(set.flag, input));
    return values;
  } catch (thrown) {
    if (thrown instanceof SetProblem)
      throw new ChartProblem(subject, `failed parsing --${set.flag} data: ${thrown.message}`);
    throw thrown;
  }
}

function formOf(flag: HelmSet['flag'], input: UserValuesInput): SetForm {
  switch (flag) {
    case 'set':
      return { kind: 'typed' };
    case 'set-string':
      return { kind: 'string' };
    case 'set-json':
      return { kind: 'json' };
    case 'set-literal':
      return { kind: 'literal' };
    case 'set-file':
      return {
        kind: 'file',
        read: (path) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(readFile(input, path)),
      };
  }
}

function mergeJson(text: string, values: Table): Table {
  const found = readJsonPrefix(text);
  if (found === undefined || found.text !== text || !isTable(found.value)) throw new SetProblem('not a JSON object');
  return mergeTables(values, found.value);
}

function readFile(input: UserValuesInput, path: string): Uint8Array {
  const bytes = input.readFile(path);
  if (bytes === undefined) throw new ChartProblem(path, 'values file not found');
  return bytes;
}
