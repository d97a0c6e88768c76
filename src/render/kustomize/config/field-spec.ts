import { BuildError } from '../problems.ts';
import { fieldOf, requireKind } from '../nodes/fields.ts';
import { isListSelector, parseIndex, splitPath } from '../nodes/path-text.ts';
import { emptyNode, isNull, type NodeKind, scalarNode, TAG, type YamlNode } from '../nodes/node.ts';
import { isSelectedBy, splitApiVersion, type Gvk } from '../resource-id.ts';

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
  /** Called where a null would become a list: a tree that is only looked at stays as it is. */
  readonly onNullList?: () => void;
}

/** One step of a path, looked at once. */
interface Step {
  readonly name: string;
  /** Written `name[]`: a list, which is never made. */
  readonly isList: boolean;
  /** Reads as a list position or a list selector, so a map cannot have it. */
  readonly isPosition: boolean;
}

const STEPS = new Map<string, readonly Step[]>();

function stepsOf(path: string): readonly Step[] {
  const known = STEPS.get(path);
  if (known !== undefined) return known;
  const steps = splitPath(path, '/').map((part): Step => {
    const isList = part.endsWith('[]');
    const raw = isList ? part.slice(0, -2) : part;
    if (raw === '') return { name: '', isList, isPosition: false };
    const name = raw.trim();
    const isPosition = name === '-' || name === '*' || parseIndex(name) !== undefined || isListSelector(name);
    return { name: name === '' ? ' ' : name, isList, isPosition };
  });
  if (STEPS.size > 5_000) STEPS.clear();
  STEPS.set(path, steps);
  return steps;
}

/** Runs an action on every node of an object that a spec leads to. @throws BuildError naming the path */
export function applyFieldSpec(spec: FieldSpec, root: YamlNode, action: FieldAction): void {
  if (matchesKind(spec, root)) applyPath(spec, root, action);
}

/** As {@link applyFieldSpec}, whatever the object's kind is. */
export function applyPath(spec: FieldSpec, root: YamlNode, action: FieldAction): void {
  try {
    visit(stepsOf(spec.path), 0, root, spec, action);
  } catch (error) {
    if (!(error instanceof BuildError) || error.message.startsWith('field ')) throw error;
    throw new BuildError(error.reason, `field ${spec.path}: ${error.message}`);
  }
}

export function applyFieldSpecs(specs: readonly FieldSpec[], root: YamlNode, action: FieldAction): void {
  for (const spec of specs) applyFieldSpec(spec, root, action);
}

function matchesKind(spec: Gvk, root: YamlNode): boolean {
  const kind = fieldOf(root, 'kind')?.text ?? '';
  if (spec.kind !== '' && spec.kind !== kind) return false;
  if (spec.group === '' && spec.version === '') return true;
  return isSelectedBy({ ...splitApiVersion(fieldOf(root, 'apiVersion')?.text ?? ''), kind }, spec);
}

function visit(parts: readonly Step[], at: number, node: YamlNode, spec: FieldSpec, action: FieldAction): void {
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

function visitMap(parts: readonly Step[], at: number, node: YamlNode, spec: FieldSpec, action: FieldAction): void {
  const { name, isList, isPosition } = parts[at] as Step;
  if (name === '') throw new BuildError('InvalidPath', 'a field name is empty');
  if (isPosition) requireKind(node, 'list');
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
  if (isNull(field) && kind !== undefined) {
    if (action.onNullList === undefined) field.become(kind, tag);
    else action.onNullList();
  }
  visit(parts, at + 1, field, spec, action);
}

function findOrCreate(node: YamlNode, name: string, create: NodeKind | undefined): YamlNode | undefined {
  // A name of white space stands for the node itself.
  if (name === ' ') return node;
  const found = fieldOf(node, name);
  if (found !== undefined || create === undefined) return found;
  const made = emptyNode(create);
  node.entries.push({ key: scalarNode(name), value: made });
  return made;
}
