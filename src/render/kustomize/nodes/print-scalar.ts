import { nodeToJson } from './to-json.ts';
import { STYLE, type YamlNode } from './node.ts';
import { writtenString } from './from-json.ts';
import { TAG } from './node.ts';

/** A scalar as YAML writes it, quotes included, without white space around it: what patterns in paths are held against. */
export function printScalar(node: YamlNode): string {
  if (node.kind !== 'scalar')
    return JSON.stringify(nodeToJson(node, 1), (_, value: unknown) =>
      typeof value === 'bigint' ? Number(value) : value,
    );
  if ((node.style & STYLE.double) !== 0) return JSON.stringify(node.text);
  if ((node.style & STYLE.single) !== 0) return `'${node.text.replaceAll("'", "''")}'`;
  if (node.text.includes('\n')) return `|-\n${node.text.replaceAll(/^/gm, '  ')}`.trim();
  if (node.tag === TAG.string && writtenString(node.text).style === STYLE.double) return JSON.stringify(node.text);
  return node.text.trim();
}
