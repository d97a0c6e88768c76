import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';

/** The shape of a field of a configuration file. */
export type FieldShape =
  | { readonly kind: 'string' | 'bool' | 'int' | 'any' | 'texts' }
  | { readonly kind: 'list'; readonly of: FieldShape }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, FieldShape>> };

export const text: FieldShape = { kind: 'string' };
export const bool: FieldShape = { kind: 'bool' };
export const int: FieldShape = { kind: 'int' };
export const any: FieldShape = { kind: 'any' };
/** A map from text to text. */
export const texts: FieldShape = { kind: 'texts' };

export function list(of: FieldShape): FieldShape {
  return { kind: 'list', of };
}

export function object(fields: Readonly<Record<string, FieldShape>>): FieldShape {
  return { kind: 'object', fields };
}

export interface DecodeFault {
  /** Keys and list positions from the top. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly remedy?: string;
}

/**
 * Reads JSON into a shape as Go's encoding/json does: keys in any case, null is nothing, no conversion between types. All faults are
 * reported; unknown keys are one when `strict`. Answers what fits.
 */
export function decode(
  value: Json | undefined,
  shape: FieldShape,
  strict: boolean,
): { readonly value: Json | undefined; readonly faults: readonly DecodeFault[] } {
  const faults: DecodeFault[] = [];
  const result = read(value, shape, [], { strict, faults });
  return { value: result, faults };
}

interface Context {
  readonly strict: boolean;
  readonly faults: DecodeFault[];
}

type Path = readonly (string | number)[];

function read(value: Json | undefined, shape: FieldShape, path: Path, context: Context): Json | undefined {
  if (value === null || value === undefined) return undefined;
  switch (shape.kind) {
    case 'any':
      return value;
    case 'string':
      return typeof value === 'string' ? value : wrong(value, 'a text', path, context);
    case 'bool':
      return typeof value === 'boolean' ? value : wrong(value, 'true or false', path, context);
    case 'int':
      return isInteger(value) ? value : wrong(value, 'a whole number', path, context);
    case 'texts':
      return readTexts(value, path, context);
    case 'list':
      if (!Array.isArray(value)) return wrong(value, 'a list', path, context);
      return value.map((item: Json, index) => read(item, shape.of, [...path, index], context) ?? emptyOf(shape.of));
    case 'object':
      return readObject(value, shape.fields, path, context);
  }
}

/** What a null item of a list becomes. */
function emptyOf(shape: FieldShape): Json {
  switch (shape.kind) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'int':
      return 0;
    case 'list':
      return [];
    case 'any':
      return null;
    default:
      return Object.create(null) as JsonObject;
  }
}

function isInteger(value: Json): boolean {
  return (
    typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 63)
  );
}

function readTexts(value: Json, path: Path, context: Context): Json | undefined {
  if (!isJsonObject(value)) return wrong(value, 'a map', path, context);
  const result = Object.create(null) as Record<string, Json>;
  for (const [key, item] of Object.entries(value)) {
    if (item === null || item === undefined) result[key] = '';
    else if (typeof item === 'string') result[key] = item;
    else wrong(item, 'a text', [...path, key], context);
  }
  return result;
}

function readObject(
  value: Json,
  fields: Readonly<Record<string, FieldShape>>,
  path: Path,
  context: Context,
): Json | undefined {
  if (!isJsonObject(value)) return wrong(value, 'a map', path, context);
  const result = Object.create(null) as Record<string, Json>;
  for (const key of Object.keys(value).sort()) {
    const name = findField(fields, key);
    const shape = name === undefined ? undefined : fields[name];
    if (name === undefined || shape === undefined) {
      if (context.strict) context.faults.push(unknownField(fields, key, path));
      continue;
    }
    const read_ = read(value[key], shape, [...path, key], context);
    if (read_ !== undefined) result[name] = read_;
  }
  return result;
}

function findField(fields: Readonly<Record<string, FieldShape>>, key: string): string | undefined {
  if (Object.hasOwn(fields, key)) return key;
  const lower = key.toLowerCase();
  return Object.keys(fields).find((name) => name.toLowerCase() === lower);
}

function unknownField(fields: Readonly<Record<string, FieldShape>>, key: string, path: Path): DecodeFault {
  const near = nearest(key, Object.keys(fields));
  return {
    path: [...path, key],
    message: `unknown field ${JSON.stringify(key)}`,
    ...(near === undefined ? {} : { remedy: `did you mean ${near}?` }),
  };
}

function wrong(value: Json, expected: string, path: Path, context: Context): undefined {
  const found = Array.isArray(value)
    ? 'a list'
    : isJsonObject(value)
      ? 'a map'
      : typeof value === 'string'
        ? 'a text'
        : typeof value === 'boolean'
          ? 'true or false'
          : 'a number';
  const needsQuotes = expected === 'a text' && (found === 'a number' || found === 'true or false');
  context.faults.push({
    path,
    message: `expected ${expected} but found ${found}`,
    ...(needsQuotes ? { remedy: 'put the value in quotes' } : {}),
  });
  return undefined;
}

/** The known name that is at most two edits away. */
function nearest(key: string, names: readonly string[]): string | undefined {
  if (key.length > 60) return undefined;
  let best: string | undefined;
  let bestDistance = 3;
  for (const name of names) {
    const distance = editDistance(key.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const cost = left[i - 1] === right[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

export function formatPath(path: readonly (string | number)[]): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}
