import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { formatFloat } from './nodes/from-json.ts';

/** The shape of a field of a configuration file. */
export type FieldShape = (
  | { readonly kind: 'string' | 'bool' | 'int' | 'any' | 'texts' }
  | { readonly kind: 'list'; readonly of: FieldShape }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, FieldShape>> }
) & {
  /** Belongs to a part that Go's type embeds: sigs.k8s.io/yaml loses sight of the types there and converts nothing. */
  readonly embedded?: true;
};

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

/** Fields of a part that Go's type embeds. */
export function embedded(fields: Readonly<Record<string, FieldShape>>): Readonly<Record<string, FieldShape>> {
  return Object.fromEntries(Object.entries(fields).map(([name, shape]) => [name, { ...shape, embedded: true }]));
}

export interface DecodeFault {
  /** Keys and list positions from the top. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly remedy?: string;
}

/** Which of Go's readers is followed. */
export interface DecodeRules {
  readonly unknownKeys: 'fault' | 'ignored';
  readonly keyCase: 'any' | 'exact';
  /** Where a number or true stands for a text: yaml.v3 takes it everywhere, sigs.k8s.io/yaml where it sees the type, encoding/json never. */
  readonly scalarsAsText: 'everywhere' | 'notEmbedded' | 'never';
}

export const KUSTOMIZATION_RULES: DecodeRules = { unknownKeys: 'fault', keyCase: 'any', scalarsAsText: 'never' };
export const CONFIGURATION_RULES: DecodeRules = { unknownKeys: 'fault', keyCase: 'any', scalarsAsText: 'notEmbedded' };
export const PLUGIN_RULES: DecodeRules = { unknownKeys: 'ignored', keyCase: 'any', scalarsAsText: 'notEmbedded' };
/** The prefix and suffix plugins alone use yaml.v3. */
export const AFFIX_RULES: DecodeRules = { unknownKeys: 'ignored', keyCase: 'exact', scalarsAsText: 'everywhere' };

/** Reads JSON into a shape. Null is nothing. All faults are reported. Answers what fits. */
export function decode(
  value: Json | undefined,
  shape: FieldShape,
  rules: DecodeRules,
): { readonly value: Json | undefined; readonly faults: readonly DecodeFault[] } {
  const faults: DecodeFault[] = [];
  const result = read(value, shape, [], { ...rules, faults });
  return { value: result, faults };
}

interface Context extends DecodeRules {
  readonly faults: DecodeFault[];
}

type Path = readonly (string | number)[];

function read(value: Json | undefined, shape: FieldShape, path: Path, outer: Context): Json | undefined {
  if (value === null || value === undefined) return undefined;
  const blind = shape.embedded === true && outer.scalarsAsText === 'notEmbedded';
  const context: Context = blind ? { ...outer, scalarsAsText: 'never' } : outer;
  switch (shape.kind) {
    case 'any':
      return value;
    case 'string':
      return textFrom(value, context) ?? wrong(value, 'a text', path, context);
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

function textFrom(value: Json, context: Context): string | undefined {
  if (typeof value === 'string') return value;
  if (context.scalarsAsText === 'never') return undefined;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : formatFloat(value);
  return typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : undefined;
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
    const text = item === null || item === undefined ? '' : textFrom(item, context);
    if (text === undefined) wrong(item as Json, 'a text', [...path, key], context);
    else result[key] = text;
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
    const name = findField(fields, key, context);
    const shape = name === undefined ? undefined : fields[name];
    if (name === undefined || shape === undefined) {
      if (context.unknownKeys === 'fault') context.faults.push(unknownField(fields, key, path));
      continue;
    }
    const read_ = read(value[key], shape, [...path, key], context);
    if (read_ !== undefined) result[name] = read_;
  }
  return result;
}

function findField(
  fields: Readonly<Record<string, FieldShape>>,
  key: string,
  { keyCase }: Context,
): string | undefined {
  if (Object.hasOwn(fields, key)) return key;
  if (keyCase === 'exact') return undefined;
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
