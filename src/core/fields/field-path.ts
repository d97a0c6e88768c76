import { isJsonObject, stableJson, type Json, type JsonObject } from '../json.ts';

/** One step of a path in `managedFields`: a field, an item by its keys, an item of a set by its value, an item by position. */
export type PathElement =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'key'; readonly fields: JsonObject }
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'index'; readonly index: number };

/**
 * A step in the canonical text that `managedFields` uses: `f:name`, `k:{"name":"web"}` with sorted keys, `v:80`, `i:0`. Equal steps
 * have equal texts, so it serves as a map key.
 */
export type ElementText = string;
export type FieldPath = readonly ElementText[];

export function fieldElement(name: string): ElementText {
  return `f:${name}`;
}

function formatElement(element: PathElement): ElementText {
  switch (element.kind) {
    case 'field':
      return `f:${element.name}`;
    case 'key':
      return `k:${stableJson(element.fields)}`;
    case 'value':
      return `v:${stableJson(element.value)}`;
    case 'index':
      return `i:${element.index}`;
  }
}

/** Reads one step; undefined for a kind that is not known (the API server drops those too) or for broken JSON. */
export function parseElement(text: string): PathElement | undefined {
  const rest = text.slice(2);
  switch (text.slice(0, 2)) {
    case 'f:':
      return { kind: 'field', name: rest };
    case 'k:': {
      const fields = parseJson(rest);
      return isJsonObject(fields) ? { kind: 'key', fields } : undefined;
    }
    case 'v:': {
      const value = parseJson(rest);
      return value === undefined ? undefined : { kind: 'value', value };
    }
    case 'i:':
      return /^\d{1,9}$/.test(rest) ? { kind: 'index', index: Number(rest) } : undefined;
    default:
      return undefined;
  }
}

/** The canonical text of a step as it was written by someone else. */
export function canonicalElement(text: string): ElementText | undefined {
  if (text.startsWith('f:')) return text;
  const element = parseElement(text);
  return element === undefined ? undefined : formatElement(element);
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const KIND_ORDER = 'fkvi';

/** The order in which the API server writes them: fields, keys, values, indexes. */
export function compareElements(left: ElementText, right: ElementText): number {
  const a = left.charAt(0);
  const b = right.charAt(0);
  if (a !== b) return KIND_ORDER.indexOf(a) - KIND_ORDER.indexOf(b);
  if (a === 'f') return left < right ? -1 : left > right ? 1 : 0;
  const first = parseElement(left);
  const second = parseElement(right);
  if (first?.kind === 'key' && second?.kind === 'key') return compareKeyFields(first.fields, second.fields);
  if (first?.kind === 'value' && second?.kind === 'value') return compareScalars(first.value, second.value);
  if (first?.kind === 'index' && second?.kind === 'index') return first.index - second.index;
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareKeyFields(left: JsonObject, right: JsonObject): number {
  const a = Object.keys(left).sort();
  const b = Object.keys(right).sort();
  for (let index = 0; index < a.length && index < b.length; index++) {
    const [nameA, nameB] = [a[index] ?? '', b[index] ?? ''];
    if (nameA !== nameB) return nameA < nameB ? -1 : 1;
    const order = compareScalars(left[nameA], right[nameB]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

// Numbers come before texts, texts before booleans, booleans before the rest.
function compareScalars(left: Json | undefined, right: Json | undefined): number {
  const rank = (value: Json | undefined): number =>
    typeof value === 'number' || typeof value === 'bigint'
      ? 0
      : typeof value === 'string'
        ? 1
        : typeof value === 'boolean'
          ? 2
          : 3;
  const order = rank(left) - rank(right);
  if (order !== 0) return order;
  if (left === right || left == null || right == null) return 0;
  if (typeof left === 'object' || typeof right === 'object') {
    const [a, b] = [stableJson(left), stableJson(right)];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The path as people read it: `spec.template.spec.containers[name=web].image`, `metadata.labels["app.kubernetes.io/name"]`. */
export function describePath(path: FieldPath): string {
  let text = '';
  for (const step of path) {
    const element = parseElement(step);
    if (element === undefined) text += `[${step}]`;
    else if (element.kind === 'field') {
      if (/^[A-Za-z_$][\w$-]*$/.test(element.name)) text += text === '' ? element.name : `.${element.name}`;
      else text += `[${JSON.stringify(element.name)}]`;
    } else if (element.kind === 'key') text += `[${describeFields(element.fields)}]`;
    else if (element.kind === 'value') text += `[=${describeScalar(element.value)}]`;
    else text += `[${element.index}]`;
  }
  return text;
}

function describeFields(fields: JsonObject): string {
  return Object.keys(fields)
    .sort()
    .map((name) => `${name}=${describeScalar(fields[name])}`)
    .join(',');
}

function describeScalar(value: Json | undefined): string {
  if (typeof value === 'string' && /^[\w./:@+-]+$/.test(value)) return value;
  return stableJson(value);
}

/** The path as the API server writes it in conflicts: `.spec.template.spec.containers[name="web"].image`. */
export function formatServerPath(path: FieldPath): string {
  return path
    .map((step) => {
      const element = parseElement(step);
      if (element === undefined) return `[${step}]`;
      if (element.kind === 'field') return `.${element.name}`;
      if (element.kind === 'index') return `[${element.index}]`;
      if (element.kind === 'value') return `[=${stableJson(element.value)}]`;
      const fields = Object.keys(element.fields).sort();
      return `[${fields.map((name) => `${name}=${stableJson(element.fields[name])}`).join(',')}]`;
    })
    .join('');
}
