import { BuildError } from '../problems.ts';
import { matchField, requireKind } from '../nodes/fields.ts';
import { kindBefore } from '../nodes/path.ts';
import { splitPath } from '../nodes/path-text.ts';
import { emptyNode, isNull, type NodeKind, scalarNode, TAG, type YamlNode } from '../nodes/node.ts';
import { isSelectedBy, splitApiVersion, type Gvk } from '../resource-id.ts';
import { fieldOf } from '../nodes/fields.ts';

/** A place in the objects of some kinds: map keys joined by `/`; lists on the way are walked through. */
export interface FieldSpec extends Gvk {
  readonly path: string;
  readonly create: boolean;
}

export interface FieldAction {
  readonly set: (node: YamlNode) => void;
  /** What to make where the field is missing and the spec says `create`; absent = never make. */
  readonly createKind?: NodeKind;
  readonly createTag?: string;
}

const SPLIT = new Map<string, readonly string[]>();

function partsOf(path: string): readonly string[] {
  let parts = SPLIT.get(path);
  if (parts === undefined) {
    parts = splitPath(path, '/');
    if (SPLIT.size > 5_000) SPLIT.clear();
    SPLIT.set(path, parts);
  }
  return parts;
}

/** Runs an action on every node of an object that a spec leads to. @throws BuildError naming the path */
export function applyFieldSpec(spec: FieldSpec, root: YamlNode, action: FieldAction): void {
  if (matchesKind(spec, root)) applyPath(spec, root, action);
}

/** As {@link applyFieldSpec}, whatever the object's kind is. */
export function applyPath(spec: FieldSpec, root: YamlNode, action: FieldAction): void {
  try {
    visit(partsOf(spec.path), 0, root, spec, action);
  } catch (error) {
    if (!(error instanceof BuildError) || error.message.startsWith('field ')) throw error;
    throw new BuildError(error.reason, `field ${spec.path}: ${error.message}`);
  }
}

export function applyFieldSpecs(specs: readonly FieldSpec[], root: YamlNode, action: FieldAction): void {
  for (const spec of specs) applyFieldSpec(spec, root, action);
}

export function matchesKind(spec: Gvk, root: YamlNode): boolean {
  const kind = fieldOf(root, 'kind')?.text ?? '';
  if (spec.kind !== '' && spec.kind !== kind) return false;
  if (spec.group === '' && spec.version === '') return true;
  return isSelectedBy({ ...splitApiVersion(fieldOf(root, 'apiVersion')?.text ?? ''), kind }, spec);
}

function visit(parts: readonly string[], at: number, node: YamlNode, spec: FieldSpec, action: FieldAction): void {
  if (at === parts.length) {
    action.set(node);
    return;
  }
  if (isNull(node)) return;
  if (node.kind === 'list') {
    for (const item of node.items) visit(parts, at, item, spec, action);
    return;
  }
  if (node.kind !== 'map') throw new BuildError('WrongKind', 'expected a list or a map');
  visitMap(parts, at, node, spec, action);
}

function visitMap(parts: readonly string[], at: number, node: YamlNode, spec: FieldSpec, action: FieldAction): void {
  const part = parts[at] ?? '';
  const isList = part.endsWith('[]');
  const name = isList ? part.slice(0, -2) : part;
  if (name === '') throw new BuildError('InvalidPath', 'a field name is empty');
  const isLast = at === parts.length - 1;
  let kind: NodeKind | undefined;
  let tag = '';
  let mayCreate = false;
  if (!spec.create || action.createKind === undefined || isList) {
    if (isList) kind = 'list';
  } else {
    mayCreate = true;
    kind = isLast ? action.createKind : 'map';
    tag = isLast ? (action.createTag ?? '') : TAG.map;
  }
  const field = findOrCreate(node, name, mayCreate ? kind : undefined);
  if (field === undefined) return;
  if (isNull(field) && kind !== undefined) field.become(kind, tag);
  visit(parts, at + 1, field, spec, action);
}

function findOrCreate(node: YamlNode, rawName: string, create: NodeKind | undefined): YamlNode | undefined {
  const name = rawName.trim();
  if (name === '') return node;
  const special =
    name === '-' || name === '*' || /^[-+]?[0-9]+$/.test(name) || (name.startsWith('[') && name.endsWith(']'));
  if (special) requireKind(node, 'list');
  const found = matchField(node, name);
  if (found !== undefined || create === undefined) return found;
  const made = emptyNode(kindBefore(undefined, create));
  node.entries.push({ key: scalarNode(name), value: made });
  return made;
}
