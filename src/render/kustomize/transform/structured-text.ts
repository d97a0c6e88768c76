import { BuildError } from '../problems.ts';
import { goJson } from '../hash.ts';
import { lookup } from '../nodes/path.ts';
import { STYLE, type NodeKind, type YamlNode } from '../nodes/node.ts';
import { nodeToJson } from '../nodes/to-json.ts';
import { writeYaml } from '../nodes/write-yaml.ts';
import { matchPath, type ParseText } from './match-path.ts';
import type { Json } from '../../../core/json.ts';

/**
 * Sets a value inside of a text that holds JSON or YAML itself (a file in a ConfigMap), when a path goes on into one. Answers
 * whether it did; whatever does not fit is left to the ordinary way.
 */
export function setInStructuredText(
  tree: YamlNode,
  value: YamlNode,
  path: readonly string[],
  create: NodeKind | undefined,
  parseText: ParseText,
): boolean {
  if (path.length < 2) return false;
  try {
    const found = findText(tree, path, parseText);
    if (found === undefined) return false;
    const root = parseText(found.node.text);
    const targets = matchPath(root, path.slice(found.depth), create, parseText);
    if (targets === undefined || targets.length === 0) return false;
    for (const target of targets) {
      if (target.kind === 'scalar') target.text = value.text;
      else target.assign(value);
    }
    found.node.text = serialize(root, found.node.text, parseText);
    return true;
  } catch (error) {
    if (error instanceof BuildError && !(error instanceof NotWritable)) return false;
    throw error;
  }
}

function findText(
  tree: YamlNode,
  path: readonly string[],
  parseText: ParseText,
): { readonly node: YamlNode; readonly depth: number } | undefined {
  for (let depth = 1; depth < path.length; depth++) {
    try {
      const node = lookup(tree, path.slice(0, depth));
      if (node?.kind !== 'scalar') continue;
      parseText(node.text);
      return { node, depth };
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
    }
  }
  return undefined;
}

function serialize(root: YamlNode, original: string, parseText: ParseText): string {
  const first = original.trim()[0];
  if (first === '{' || first === '[') {
    const pretty = original.includes('\n') && original.includes('  ');
    return goJson(nodeToJson(root) as Json, pretty ? '  ' : '');
  }
  if (hasComments(original, parseText(original)))
    throw new NotWritable('NotSupported', 'the YAML in the target field has comments, which would be lost', {
      remedy: 'take the comments out, or patch the whole text',
    });
  try {
    return writeYaml(root).trim();
  } catch (error) {
    if (error instanceof BuildError && error.reason === 'NotSupported')
      throw new NotWritable(error.reason, error.message);
    throw error;
  }
}

/** What must not be passed over in silence: the ordinary way would change nothing here. */
class NotWritable extends BuildError {}

/** Marks that start comments and stand in no scalar. */
function hasComments(text: string, root: YamlNode): boolean {
  return countMarks(text) > marksIn(root);
}

function countMarks(text: string): number {
  return [...text.matchAll(/(?:^|\s)#/gm)].length;
}

function marksIn(node: YamlNode): number {
  let count = 0;
  if (node.kind === 'scalar') {
    const isBlock = (node.style & (STYLE.literal | STYLE.folded)) !== 0;
    count = isBlock ? countMarks(node.text) : [...node.text.matchAll(/\s#/g)].length;
  }
  for (const entry of node.entries) count += marksIn(entry.key) + marksIn(entry.value);
  for (const item of node.items) count += marksIn(item);
  return count;
}
