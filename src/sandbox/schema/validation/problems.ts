import type { Json } from '../../../core/json.ts';
import type { FieldProblem } from '../../status.ts';

/** Go's text of a value, as validation messages show it. */
export function showValue(value: Json | undefined): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}

export function required(field: string, detail = ''): FieldProblem {
  return { field, reason: 'FieldValueRequired', message: `Required value${detail === '' ? '' : `: ${detail}`}` };
}

export function invalidValue(field: string, value: Json | undefined, detail: string): FieldProblem {
  return { field, reason: 'FieldValueInvalid', message: `Invalid value: ${showValue(value)}: ${detail}` };
}

export function notSupported(field: string, value: Json | undefined, values: readonly string[]): FieldProblem {
  const list = values.map((item) => JSON.stringify(item)).join(', ');
  return {
    field,
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${showValue(value)}: supported values: ${list}`,
  };
}

export function duplicate(field: string, value: Json | undefined): FieldProblem {
  return { field, reason: 'FieldValueDuplicate', message: `Duplicate value: ${showValue(value)}` };
}

export function forbiddenField(field: string, detail: string): FieldProblem {
  return { field, reason: 'FieldValueForbidden', message: `Forbidden: ${detail}` };
}

export const IMMUTABLE = 'field is immutable';
