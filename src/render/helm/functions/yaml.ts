import { EngineError } from '../../../core/errors.ts';
import type { Json } from '../../../core/json.ts';
import { findForbiddenCharacter } from '../../yaml/characters.ts';
import { emitYaml } from '../../yaml/emit.ts';
import { loadYaml, type YamlProblem } from '../../yaml/load.ts';
import { fromBytes, toBytes } from '../gotemplate/byte-string.ts';
import type { Budget } from '../gotemplate/budget.ts';
import { jsonOf } from '../gotemplate/plain-data.ts';
import { GoError } from '../gotemplate/errors.ts';
import type { CallContext } from '../gotemplate/function.ts';
import { GoComplex, GoInt, GoMap, GoSlice, type GoValue, goValueOf } from '../gotemplate/values.ts';
import { DURATION, durationText } from './durations.ts';
import { any, fn, type FunctionGroup, str } from './define.ts';
import { asList, asMap, orElse } from './json.ts';
import { type Utf8Fault, untilFault, utf8Fault } from './utf8-fault.ts';
import { cycleError, DEPTH_WITHOUT_CYCLES, writeJson } from './json-write.ts';

/** toYaml and fromYaml: sigs.k8s.io/yaml, which goes through JSON in both directions. */

/** @throws GoError for what JSON cannot hold: complex numbers, NaN, maps that hold themselves */
function checkForJson(value: GoValue, budget: Budget, depth = 0, above?: Set<Map<string, GoValue>>): void {
  budget.step();
  if (typeof value === 'number' && !Number.isFinite(value)) writeJson(value, { escapeHtml: true });
  if (value instanceof GoComplex) writeJson(value, { escapeHtml: true });
  if (value instanceof GoMap) {
    const seen = depth > DEPTH_WITHOUT_CYCLES ? (above ?? new Set()) : undefined;
    if (seen?.has(value.entries) === true) throw cycleError(value);
    seen?.add(value.entries);
    for (const item of value.entries.values()) checkForJson(item, budget, depth + 1, seen);
    seen?.delete(value.entries);
  } else if (value instanceof GoSlice) for (const item of value.items) checkForJson(item, budget, depth + 1, above);
}

function emit(value: Json, form: 'sigs' | 'pretty', context: CallContext): string {
  try {
    const text = toBytes(emitYaml(value, form));
    context.budget.write(text.length);
    return text.endsWith('\n') ? text.slice(0, -1) : text;
  } catch (thrown) {
    // What the real emitter cannot write either is an error value here, and a limit stays a limit.
    if (thrown instanceof EngineError && thrown.code === 'RenderFailed') throw new GoError(toBytes(thrown.message));
    throw thrown;
  }
}

function toYaml(value: GoValue, context: CallContext): string {
  try {
    checkForJson(value, context.budget);
  } catch (thrown) {
    if (thrown instanceof GoError) throw new GoError(`error marshaling into JSON: ${thrown.bytes}`, thrown);
    throw thrown;
  }
  return emit(
    jsonOf(value, () => context.budget.step()),
    'sigs',
    context,
  );
}

/** What the parser (not the scanner before it) complains about: it names the line before, counted from 1. */
const PARSER_MESSAGE = /^did not find expected (?!alphabetic|whitespace|comment|hexdecimal|digit|'!'|URI)/;
/** Errors of the conversion, which know no place. */
const PLACELESS = /^(unknown anchor|map merge|anchor |document contains|invalid map key|cannot decode)/;

/** `line N: ` where yaml.v2 says it; the first line is not said. */
function goLine(problem: YamlProblem, text: string): string {
  if (PLACELESS.test(problem.message)) return '';
  const lines = text.split('\n');
  const atEnd = problem.line >= lines.length && problem.column > (lines[lines.length - 1]?.length ?? 0);
  const fromZero = problem.line - 1;
  if (PARSER_MESSAGE.test(problem.message)) {
    const line = atEnd && problem.column > 1 ? fromZero + 1 : fromZero;
    return line === 0 ? '' : `line ${line}: `;
  }
  const line = problem.message === 'found unexpected end of stream' ? lines.length - 1 : fromZero;
  return line === 0 ? '' : `line ${line + 1}: `;
}

/** yaml.v3 writes a duration as its text, a nil list as an empty one, and knows floats from integers. */
function prettyJson(value: GoValue, budget: Budget): Json {
  budget.step();
  if (value instanceof GoInt && value.type === DURATION) return durationText(value.value);
  if (value instanceof GoSlice) return value.items.map((item) => prettyJson(item, budget));
  // A panic there, and so the end of the render.
  if (value instanceof GoComplex) throw new GoError(`cannot marshal type: ${value.type.name}`);
  if (!(value instanceof GoMap)) return jsonOf(value);
  const object = Object.create(null) as { [key: string]: Json };
  for (const [key, item] of value.entries) object[fromBytes(key)] = prettyJson(item, budget);
  return object;
}

function read(bytes: string): GoValue {
  const fault = utf8Fault(bytes);
  const text = fault === undefined ? fromBytes(bytes) : untilFault(bytes, fault);
  const { documents, problems } = loadYaml(text, 'helm');
  const problem = problems[0];
  if (problem !== undefined && (documents.length === 0 || problem.document === 0)) {
    const number = NO_JSON_NUMBER.exec(problem.message)?.[1];
    throw new GoError(
      number === undefined
        ? toBytes(`yaml: ${goProblem(problem, text, fault)}`)
        : `json: unsupported value: ${goNumber(number)}`,
    );
  }
  return goValueOf(documents[0]?.value);
}

const NO_JSON_NUMBER = /^([-+]?\.(?:inf|nan)) cannot be written as JSON$/i;

/** Infinity and NaN of YAML as Go prints them. */
function goNumber(text: string): string {
  if (/nan$/i.test(text)) return 'NaN';
  return text.startsWith('-') ? '-Inf' : '+Inf';
}

/** Errors of the reader below the scanner, which knows no lines. */
const READER_MESSAGE = /^character U\+[0-9A-F]+ is not allowed$/;

function goProblem(problem: YamlProblem, text: string, fault: Utf8Fault | undefined): string {
  // Go's spelling.
  const message = problem.message.replace('hexadecimal number', 'hexdecimal number');
  if (!READER_MESSAGE.test(message)) return goLine({ ...problem, message }, text) + message;
  const isFault = fault !== undefined && findForbiddenCharacter(text) === text.length - 1;
  return isFault ? fault.message : 'control characters are not allowed';
}

/** Reads the first document. @throws GoError */
function readYaml<T extends GoValue>(text: string, as: (value: GoValue) => T, empty: () => T): T {
  const value = orElse(
    () => read(text),
    (error) => {
      throw new GoError(`error converting YAML to JSON: ${error.bytes}`, error);
    },
  );
  return orElse(
    // A text that holds nothing leaves an empty map or list, and no nil.
    () => as(value === null ? empty() : value),
    (error) => {
      throw new GoError(`error unmarshaling JSON: while decoding JSON: ${error.bytes}`, error);
    },
  );
}

export const YAML_FUNCTIONS: FunctionGroup = {
  toYaml: fn([any], (value, context) =>
    orElse(
      () => toYaml(value, context),
      () => '',
    ),
  ),
  mustToYaml: fn([any], (value, context) => toYaml(value, context)),
  toYamlPretty: fn([any], (value, context) => {
    const json = prettyJson(value, context.budget);
    return orElse(
      () => emit(json, 'pretty', context),
      () => '',
    );
  }),
  fromYaml: fn([str], (text) =>
    orElse<GoValue>(
      () => readYaml(text, asMap, () => new GoMap()),
      (error) => new GoMap(new Map([['Error', error.bytes]])),
    ),
  ),
  fromYamlArray: fn([str], (text) =>
    orElse<GoValue>(
      () => readYaml(text, asList, () => new GoSlice([])),
      (error) => new GoSlice([error.bytes]),
    ),
  ),
};
