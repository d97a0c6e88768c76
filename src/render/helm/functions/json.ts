import { GoError } from '../gotemplate/errors.ts';
import type { CallContext, GoFunction } from '../gotemplate/function.ts';
import { GoMap, GoSlice, type GoValue, typeOf } from '../gotemplate/values.ts';
import { any, fn, type FunctionGroup, str } from './define.ts';
import { decodeJson, readJson } from './json-read.ts';
import { type JsonStyle, writeJson } from './json-write.ts';

/** Gives what `make` makes, or `otherwise` when it fails in Go's sense. */
export function orElse<T>(make: () => T, otherwise: (error: GoError) => T): T {
  try {
    return make();
  } catch (thrown) {
    if (thrown instanceof GoError) return otherwise(thrown);
    throw thrown;
  }
}

function writer(style: JsonStyle, must: boolean): GoFunction {
  const write = (value: GoValue, context: CallContext): string => writeJson(value, style, context.budget);
  return fn([any], (value, context) =>
    must
      ? write(value, context)
      : orElse(
          () => write(value, context),
          () => '',
        ),
  );
}

const COMPACT: JsonStyle = { escapeHtml: true };
const PRETTY: JsonStyle = { escapeHtml: true, pretty: true };
const RAW: JsonStyle = { escapeHtml: false };

/** sprig's JSON functions. */
export const JSON_FUNCTIONS: FunctionGroup = {
  toJson: writer(COMPACT, false),
  mustToJson: writer(COMPACT, true),
  toPrettyJson: writer(PRETTY, false),
  mustToPrettyJson: writer(PRETTY, true),
  toRawJson: writer(RAW, true),
  mustToRawJson: writer(RAW, true),
  fromJson: fn([str], (text) =>
    orElse<GoValue>(
      () => readJson(text),
      () => null,
    ),
  ),
  mustFromJson: fn([str], (text) => readJson(text)),
};

/** What JSON calls a value that does not fit the type that was wanted. */
function cannotUnmarshal(value: GoValue, wanted: string): GoError {
  const kind =
    value instanceof GoSlice
      ? 'array'
      : value instanceof GoMap
        ? 'object'
        : typeof value === 'boolean'
          ? 'bool'
          : typeof value === 'string'
            ? 'string'
            : typeof value === 'number'
              ? 'number'
              : (typeOf(value)?.name ?? 'null');
  return new GoError(`json: cannot unmarshal ${kind} into Go value of type ${wanted}`);
}

/** A value as the map or list that a caller reads into; `null` gives a nil one. @throws GoError */
export function asMap(value: GoValue): GoMap {
  if (value instanceof GoMap) return value;
  if (value === null || value === undefined) return new GoMap(new Map(), undefined, true);
  throw cannotUnmarshal(value, 'map[string]interface {}');
}

export function asList(value: GoValue): GoSlice {
  if (value instanceof GoSlice) return value;
  if (value === null || value === undefined) return new GoSlice([], undefined, { isNil: true });
  throw cannotUnmarshal(value, '[]interface {}');
}

/** Helm's: errors do not end the render but come back as the value. */
export const HELM_JSON_FUNCTIONS: FunctionGroup = {
  fromJson: fn([str], (text) =>
    orElse<GoValue>(
      () => {
        const { value, error } = decodeJson(text);
        const map = asMap(value);
        return error === undefined ? map : new GoMap(new Map([...map.entries, ['Error', error.bytes]]));
      },
      (error) => new GoMap(new Map([['Error', error.bytes]])),
    ),
  ),
  fromJsonArray: fn([str], (text) =>
    orElse<GoValue>(
      () => {
        const { value, error } = decodeJson(text);
        const list = asList(value);
        return error === undefined ? list : new GoSlice([error.bytes]);
      },
      (error) => new GoSlice([error.bytes]),
    ),
  ),
};
