import type { YamlNode } from './compose.ts';

/** Keys and list indexes from the top of a document. */
export type NodePath = readonly (string | number)[];

/** Where a path stands in the text: at the key for a map, at the item for a list; the last step that exists otherwise. */
export function positionOf(root: YamlNode, path: NodePath): number {
  let node = root;
  let position = root.position;
  for (const step of path) {
    if (node.kind === 'alias') node = node.target;
    if (node.kind === 'list') {
      const item = typeof step === 'number' ? node.children[step] : undefined;
      if (item === undefined) return position;
      node = item;
      position = item.position;
    } else if (node.kind === 'map') {
      const index = indexOfKey(node.children, String(step));
      const key = node.children[index];
      const value = node.children[index + 1];
      if (key === undefined || value === undefined) return position;
      node = value;
      position = key.position;
    } else {
      return position;
    }
  }
  return position;
}

/** The last one wins, as it does in the value. */
function indexOfKey(children: readonly YamlNode[], name: string): number {
  for (let index = children.length - 2; index >= 0; index -= 2) {
    const key = children[index];
    if (key?.kind === 'scalar' && key.value === name) return index;
  }
  return -1;
}
