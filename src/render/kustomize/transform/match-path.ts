import { BuildError } from '../problems.ts';
import { elementsOf, fieldOf, matchField, requireKind, setField } from '../nodes/fields.ts';
import { itemWith, kindBefore, parseSelector } from '../nodes/path.ts';
import { isListSelector, parseIndex } from '../nodes/path-text.ts';
import { emptyNode, type NodeKind, scalarNode, type YamlNode } from '../nodes/node.ts';
import { printScalar } from '../nodes/print-scalar.ts';
import { compileSearch } from '../select/pattern.ts';

/** Reads a text within a scalar as a tree, for paths that go on inside of it. @throws BuildError */
export type ParseText = (text: string) => YamlNode;

/**
 * All nodes that a path leads to: map keys, list positions, `*` for every item, `[field=pattern]` for items whose field matches.
 * With `create` missing keys, the item behind the last one and selected items are made. Undefined when there is nothing.
 */
export function matchPath(
  node: YamlNode,
  path: readonly string[],
  create: NodeKind | undefined,
  parseText: ParseText,
): YamlNode[] | undefined {
  const [part, ...rest] = path;
  if (part === undefined) return [node];
  const go = (next: YamlNode): YamlNode[] | undefined => matchPath(next, rest, create, parseText);
  const index = parseIndex(part);
  if (index !== undefined && index >= 0) return atPosition(node, index, rest, create, go);
  if (isListSelector(part)) return atSelector(node, part, create, go);
  if (part === '*') return collect(elementsOf(node).map(go));
  return atField(node, part, rest, create, parseText, go);
}

type Go = (node: YamlNode) => YamlNode[] | undefined;

function collect(found: readonly (YamlNode[] | undefined)[]): YamlNode[] | undefined {
  const all = found.flatMap((nodes) => nodes ?? []);
  return all.length === 0 && found.every((nodes) => nodes === undefined) ? undefined : all;
}

function atPosition(
  node: YamlNode,
  index: number,
  rest: readonly string[],
  create: NodeKind | undefined,
  go: Go,
): YamlNode[] | undefined {
  const items = elementsOf(node);
  if (items.length === index && create !== undefined) {
    requireKind(node, 'list');
    node.items.push(emptyNode(kindBefore(rest[0], create)));
  }
  const item = elementsOf(node)[index];
  if (item === undefined)
    throw new BuildError('InvalidPath', `position ${index} was asked for but the list has ${items.length} items`);
  return go(item);
}

function atSelector(node: YamlNode, part: string, create: NodeKind | undefined, go: Go): YamlNode[] | undefined {
  const { name, value } = parseSelector(part);
  const matches = compileSearch(value, 'list selector');
  const find = (): YamlNode[] | undefined => {
    const found: (YamlNode[] | undefined)[] = [];
    for (const item of elementsOf(node)) {
      if (name === '') {
        if (matches(printScalar(item))) found.push([item]);
        continue;
      }
      const field = fieldOf(item, name);
      if (field !== undefined && matches(printScalar(field))) found.push(go(item));
    }
    const all = found.flatMap((nodes) => nodes ?? []);
    return all.length === 0 ? undefined : all;
  };
  const found = find();
  if (found !== undefined || create === undefined) return found;
  requireKind(node, 'list');
  node.items.push(name === '' ? scalarNode(value) : itemWith(name, value));
  return find();
}

function atField(
  node: YamlNode,
  part: string,
  rest: readonly string[],
  create: NodeKind | undefined,
  parseText: ParseText,
  go: Go,
): YamlNode[] | undefined {
  let field = matchField(node, part);
  if (field === undefined) {
    if (create === undefined) return undefined;
    field = emptyNode(kindBefore(rest[0], create));
    requireKind(node, 'map');
    setField(node, part, field);
  }
  if (field.kind === 'scalar' && rest.length > 0) return matchPath(parseText(field.text), rest, create, parseText);
  return go(field);
}
