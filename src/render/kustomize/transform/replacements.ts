import { BuildError, type Place } from '../problems.ts';
import type { FieldOptions, Replacement, ReplacementTarget } from '../kustomization.ts';
import { lookup } from '../nodes/path.ts';
import { splitPathWithBrackets } from '../nodes/path-text.ts';
import { CopyBudget, isNilOrEmpty, type NodeKind, scalarNode, textOf, type YamlNode } from '../nodes/node.ts';
import { describeId, effectiveNamespace, isSelectedBy, makeId, NO_SCOPES, type ResourceId } from '../resource-id.ts';
import type { Resource } from '../resource.ts';
import { compileSelector, matchesSelectors, type Selector, type TargetMatch } from '../select/target.ts';
import { matchPath, type ParseText } from './match-path.ts';
import { setInStructuredText } from './structured-text.ts';

/** Copies values from fields of one object into fields of others. @throws BuildError */
export function replaceFields(
  resources: readonly Resource[],
  replacements: readonly Replacement[],
  place: Place,
  parseText: ParseText,
): void {
  const world = { parseText, budget: new CopyBudget() };
  for (const [index, replacement] of replacements.entries()) {
    try {
      replaceOne(resources, replacement, world);
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      throw new BuildError(error.reason, `replacements[${index}]: ${error.message}`, { place: error.place ?? place });
    }
  }
}

interface World {
  readonly parseText: ParseText;
  readonly budget: CopyBudget;
}

function replaceOne(resources: readonly Resource[], replacement: Replacement, world: World): void {
  if ((replacement.source === undefined && replacement.sourceValue === undefined) || replacement.targets === undefined)
    throw new BuildError('MissingField', 'a source and at least one target are needed');
  const value = findValue(resources, replacement);
  for (const target of replacement.targets) copyToTargets(resources, value, target, world);
}

function findValue(resources: readonly Resource[], replacement: Replacement): YamlNode {
  const { source, sourceValue } = replacement;
  if (source !== undefined && sourceValue !== undefined)
    throw new BuildError('InvalidField', 'source and sourceValue cannot be given together');
  if (sourceValue !== undefined) return scalarNode(sourceValue);
  if (source === undefined) throw new BuildError('MissingField', 'a source is needed');
  const holder = findSource(resources, source.selector);
  const fieldPath = source.fieldPath === '' ? 'metadata.name' : source.fieldPath;
  // Not a look at it alone: the tool hands the very node on, and a target that changes it changes what later targets get.
  const node = lookup(holder.tree, splitPathWithBrackets(fieldPath, '.'));
  if (isNilOrEmpty(node))
    throw new BuildError('MissingField', `the source ${describeId(holder.id)} has no field ${fieldPath}`, {
      place: holder.place,
    });
  return refine(node as YamlNode, source.options);
}

function findSource(resources: readonly Resource[], selector: Selector): Resource {
  const wanted = makeId(selector, selector.name, selector.namespace, NO_SCOPES);
  const found = resources.filter((resource) => idsOf(resource).some((id) => isPicked(id, wanted)));
  const [first] = found;
  const text = describeSelector(selector);
  if (first === undefined) throw new BuildError('NoMatch', `no object is selected by the source ${text}`);
  if (found.length > 1) {
    const list = found.map((resource) => `${describeId(resource.id)} (${resource.place.path})`).join(', ');
    throw new BuildError('AmbiguousMatch', `the source ${text} selects several objects: ${list}`);
  }
  return first;
}

function isPicked(id: ResourceId, wanted: ResourceId): boolean {
  return (
    (wanted.name === '' || wanted.name === id.name) &&
    (wanted.namespace === '' || effectiveNamespace(wanted) === effectiveNamespace(id)) &&
    isSelectedBy(id, wanted)
  );
}

/** The current id, without knowledge of scopes, then the previous ones. */
function idsOf(resource: Resource): readonly ResourceId[] {
  return [makeId(resource.gvk, resource.name, resource.namespace, NO_SCOPES), ...resource.previousIds];
}

function describeSelector(selector: Selector): string {
  const parts = [selector.group, selector.version, selector.kind].filter((part) => part !== '').join('/');
  const name = [selector.namespace, selector.name].filter((part) => part !== '').join('/');
  return `${parts} ${name}`.trim() || '(empty)';
}

function refine(node: YamlNode, options: FieldOptions | undefined): YamlNode {
  if (options === undefined || options.delimiter === '') return node;
  if (node.kind !== 'scalar') throw new BuildError('WrongKind', 'a delimiter needs a plain value');
  const parts = textOf(node).split(options.delimiter);
  const part = options.index < 0 ? undefined : parts[options.index];
  if (part === undefined)
    throw new BuildError(
      'InvalidField',
      `options.index ${options.index} is out of the ${parts.length} parts of the source`,
    );
  const result = node.copy();
  result.text = part;
  return result;
}

function copyToTargets(resources: readonly Resource[], value: YamlNode, target: ReplacementTarget, world: World): void {
  if (target.select === undefined) throw new BuildError('MissingField', 'a target needs select');
  const fieldPaths = target.fieldPaths.length === 0 ? ['metadata.name'] : target.fieldPaths;
  const select = compileSelector(target.select, 'select');
  const reject = target.reject.map((one) => compileSelector(one, 'reject'));
  for (const resource of resources) {
    const ids = idsOf(resource);
    if (!matchesSelectors(resource, select) || isRejected(resource, ids, reject)) continue;
    if (!ids.some((id) => fits(id, select))) continue;
    try {
      for (const path of fieldPaths) copyToField(resource.tree, value, path, target.options, world);
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      throw new BuildError(error.reason, `${describeId(resource.id)}: ${error.message}`, { place: resource.place });
    }
  }
}

function fits(id: ResourceId, match: TargetMatch): boolean {
  return match.gvk(id) && match.name(id.name) && match.namespace(id.namespace);
}

function isRejected(resource: Resource, ids: readonly ResourceId[], reject: readonly TargetMatch[]): boolean {
  return reject.some((match) => {
    const { selector } = match;
    const byLabels = selector.labelSelector !== '' || selector.annotationSelector !== '';
    if (byLabels && matchesSelectors(resource, match)) return true;
    const byId = [selector.group, selector.version, selector.kind, selector.name, selector.namespace].some(
      (part) => part !== '',
    );
    return byId && ids.some((id) => fits(id, match));
  });
}

function copyToField(
  tree: YamlNode,
  value: YamlNode,
  path: string,
  options: FieldOptions | undefined,
  world: World,
): void {
  const create: NodeKind | undefined = options?.create === true ? value.kind : undefined;
  const parts = splitPathWithBrackets(path, '.');
  if (setInStructuredText(tree, value, parts, create, world.parseText)) return;
  let found: YamlNode[] | undefined;
  try {
    found = matchPath(tree, parts, create, world.parseText);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    throw new BuildError(error.reason, `field ${path}: ${error.message}`);
  }
  if (found === undefined || found.length === 0)
    throw new BuildError('MissingField', `there is no field ${path}`, { remedy: 'options.create: true makes it' });
  for (const node of found) setValue(node, world.budget.copy(value), options);
}

function setValue(node: YamlNode, value: YamlNode, options: FieldOptions | undefined): void {
  if (options !== undefined && options.delimiter !== '') {
    if (node.kind !== 'scalar') throw new BuildError('WrongKind', 'a delimiter needs a plain value');
    const parts = node.text.split(options.delimiter);
    const text = textOf(value);
    if (options.index < 0) parts.unshift(text);
    else if (options.index >= parts.length) parts.push(text);
    else parts[options.index] = text;
    value.text = parts.join(options.delimiter);
  }
  // Only the text of a plain value is taken over: what it reads as is decided by the target.
  if (node.kind === 'scalar') node.text = value.text;
  else node.assign(value);
}
