import { isJsonObject, type Json } from '../json.ts';
import { guardDepth } from './depth.ts';
import { fieldElement, formatServerPath, type ElementText } from './field-path.ts';
import { itemElement } from './list-item.ts';
import { fieldType, type ScalarType, type SchemaType } from './schema.ts';
import { shapeOf } from './shape.ts';

/** One thing about a value that its type does not allow; the path has the API server's form. */
export interface TypeProblem {
  readonly path: string;
  readonly message: string;
}

/**
 * Checks a value against its type as the server does before it merges: undeclared fields, wrong forms, duplicate or missing keys.
 * @throws EngineError NotSupported for a value nested too deeply
 */
export function validateValue(
  value: Json,
  type: SchemaType,
  options: { readonly allowDuplicates?: boolean } = {},
): readonly TypeProblem[] {
  const problems: TypeProblem[] = [];
  check(value, type, [], problems, options.allowDuplicates === true);
  return problems;
}

function check(
  value: Json,
  type: SchemaType,
  path: ElementText[],
  problems: TypeProblem[],
  allowDuplicates: boolean,
): void {
  guardDepth(path.length);
  if (value === null) return;
  const problem = (message: string): void => {
    problems.push({ path: formatServerPath(path), message });
  };
  const shape = shapeOf(type, value);
  if (shape.kind === 'scalar') {
    const expected = scalarMismatch(shape.scalar, value);
    if (expected !== undefined) problem(expected);
    return;
  }
  if (shape.kind === 'list') {
    if (!Array.isArray(value)) {
      problem(`expected list, got ${describeGo(value)}`);
      return;
    }
    const seen = new Set<ElementText>();
    for (const [index, item] of (value as readonly Json[]).entries()) {
      let step: ElementText = `i:${index}`;
      if (shape.listType !== 'atomic') {
        const found = itemElement(shape, item);
        if ('problem' in found) {
          problem(`element ${index}: ${found.problem}`);
          return;
        }
        step = found.element;
        if (seen.has(step) && !allowDuplicates) problem(`duplicate entries for key ${formatServerPath([step])}`);
        seen.add(step);
      }
      path.push(step);
      check(item, shape.items(), path, problems, allowDuplicates);
      path.pop();
    }
    return;
  }
  if (!isJsonObject(value)) {
    problem(`expected map, got ${describeGo(value)}`);
    return;
  }
  for (const key of Object.keys(value)) {
    const child = value[key];
    if (child === undefined) continue;
    path.push(fieldElement(key));
    const below = fieldType(shape, key);
    if (below === undefined) problems.push({ path: formatServerPath(path), message: 'field not declared in schema' });
    else check(child, below, path, problems, allowDuplicates);
    path.pop();
  }
}

function scalarMismatch(scalar: ScalarType, value: Json): string | undefined {
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  switch (scalar) {
    case 'number':
      return isNumber ? undefined : `expected numeric (int or float), got ${goType(value)}`;
    case 'string':
    case 'bytes':
      return typeof value === 'string'
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${describeGo(value)}}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got ${describeGo(value)}`;
    default:
      return isNumber || typeof value === 'string' || typeof value === 'boolean'
        ? undefined
        : `expected any scalar, got ${describeGo(value)}`;
  }
}

function goType(value: Json): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
}

function describeGo(value: Json): string {
  if (typeof value === 'object') return goType(value);
  return typeof value === 'bigint' ? value.toString() : JSON.stringify(value);
}
