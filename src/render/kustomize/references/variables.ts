import { BuildError } from '../problems.ts';
import { applyFieldSpec, type FieldSpec } from '../config/field-spec.ts';
import { formatFloat } from '../nodes/from-json.ts';
import { lookup } from '../nodes/path.ts';
import { splitPathWithBrackets } from '../nodes/path-text.ts';
import { isMissingOrNull, isString, QUOTED, STYLE, TAG, type YamlNode } from '../nodes/node.ts';
import type { Resource } from '../resource.ts';
import type { Variable } from '../kustomization.ts';

type VariableValue = string | number | bigint | boolean | undefined;

/** Replaces `$(NAME)` in the fields of the specs by values of fields of other objects. @throws BuildError */
export function replaceVariables(
  resources: readonly Resource[],
  variables: readonly Variable[],
  specs: readonly FieldSpec[],
): void {
  if (variables.length === 0) return;
  const holders = new Map<string, Resource>();
  for (const resource of resources) {
    for (const name of resource.variables) if (!holders.has(name)) holders.set(name, resource);
  }
  const values = new Map<string, VariableValue>();
  for (const variable of variables) values.set(variable.name, findValue(variable, holders.get(variable.name)));
  for (const resource of resources) {
    for (const spec of specs) applyFieldSpec(spec, resource.tree, { set: (node) => replaceIn(node, values) });
  }
}

function findValue(variable: Variable, holder: Resource | undefined): VariableValue {
  if (holder === undefined)
    throw new BuildError('NoMatch', `variable ${variable.name} has no object that it takes its value from`);
  const path = splitPathWithBrackets(variable.fieldPath, '.').flatMap(splitPosition);
  const node = lookup(holder.view, path);
  if (node === undefined)
    throw new BuildError('MissingField', `variable ${variable.name}: field ${variable.fieldPath} is missing`, {
      place: holder.place,
    });
  return valueOf(node, variable);
}

/** `a[2]` is the third item of `a`. */
function splitPosition(part: string): string[] {
  const match = /^(.*)\[(\d+)\]$/.exec(part);
  if (match === null) return [part];
  const [, name = '', position = ''] = match;
  return name === '' ? [position] : [name, position];
}

function valueOf(node: YamlNode, variable: Variable): VariableValue {
  if (node.kind !== 'scalar') return undefined;
  const failed = (): BuildError =>
    new BuildError('InvalidField', `variable ${variable.name}: the value of ${variable.fieldPath} cannot be read`);
  switch (node.tag) {
    case TAG.int: {
      if (!/^[-+]?[0-9]+$/.test(node.text)) throw failed();
      const value = BigInt(node.text.replace('+', ''));
      // Kustomize reads it as a Go int: what has more than 64 bits is an error there.
      if (BigInt.asIntN(64, value) !== value) throw failed();
      return value;
    }
    case TAG.float: {
      const value = Number(node.text);
      // Go's ParseFloat: no underscores, no `.inf`, and what is too large is an error.
      if (!/^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/.test(node.text) || !Number.isFinite(value))
        throw failed();
      return value;
    }
    case TAG.bool:
      if (!/^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(node.text)) throw failed();
      return /^[1tT]/.test(node.text);
    default:
      return node.text;
  }
}

function replaceIn(node: YamlNode, values: ReadonlyMap<string, VariableValue>): void {
  if (isMissingOrNull(node)) return;
  switch (node.kind) {
    case 'scalar':
      if (isString(node)) write(node, expand(node.text, values));
      return;
    case 'map':
      for (const entry of node.entries) {
        if (!isString(entry.key))
          throw new BuildError('InvalidKey', `map key ${JSON.stringify(entry.key.text)} is not a string`);
        if (isString(entry.value)) write(entry.value, expand(entry.value.text, values));
      }
      return;
    case 'list':
      for (const item of node.items) {
        if (!isString(item)) throw new BuildError('WrongKind', 'an item is not a string');
        write(item, expand(item.text, values));
      }
      return;
    case 'none':
      throw new BuildError('WrongKind', 'a value is missing');
  }
}

function write(node: YamlNode, value: Exclude<VariableValue, undefined>): void {
  node.style &= ~(QUOTED | STYLE.tagged);
  node.text = variableText(value);
  if (typeof value === 'bigint') node.tag = TAG.int;
  else if (typeof value === 'number') node.tag = TAG.float;
  else if (typeof value === 'boolean') node.tag = TAG.bool;
  else node.tag = TAG.string;
}

function variableText(value: Exclude<VariableValue, undefined>): string {
  if (typeof value !== 'number') return String(value);
  // Go writes the field with all digits, and within a longer text as %v does.
  return fullDecimal(value);
}

function fullDecimal(value: number): string {
  return value.toString().includes('e')
    ? value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 })
    : String(value);
}

/** Replaces references in a text. A text that is one reference gets the value with its type. `$$` is a dollar sign. */
export function expand(text: string, values: ReadonlyMap<string, VariableValue>): Exclude<VariableValue, undefined> {
  let result = '';
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf('$', at);
    if (dollar < 0 || dollar + 1 >= text.length) break;
    result += text.slice(at, dollar);
    const next = text[dollar + 1] ?? '';
    if (next === '$') {
      result += '$';
      at = dollar + 2;
      continue;
    }
    if (next !== '(') {
      result += `$${next}`;
      at = dollar + 2;
      continue;
    }
    const close = text.indexOf(')', dollar + 2);
    if (close < 0) {
      result += '$(';
      at = dollar + 2;
      continue;
    }
    const name = text.slice(dollar + 2, close);
    const value = values.get(name);
    if (value !== undefined && dollar === 0 && close === text.length - 1) return value;
    result += value === undefined ? `$(${name})` : inText(value);
    at = close + 1;
  }
  return result + text.slice(at);
}

function inText(value: Exclude<VariableValue, undefined>): string {
  return typeof value === 'number' ? formatFloat(value) : String(value);
}
