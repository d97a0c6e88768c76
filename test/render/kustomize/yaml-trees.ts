import { DEFAULT_RENDER_LIMITS } from '../../../src/core/manifest.ts';
import { emitYaml } from '../../../src/render/yaml/emit.ts';
import type { Json } from '../../../src/core/json.ts';
import { parseFirstDocument } from '../../../src/render/kustomize/nodes/parse.ts';
import { nodeToJson } from '../../../src/render/kustomize/nodes/to-json.ts';
import type { YamlNode } from '../../../src/render/kustomize/nodes/node.ts';
import { BUILT_IN_SCOPES } from '../../../src/render/kustomize/resource-id.ts';
import { Resource } from '../../../src/render/kustomize/resource.ts';

export function tree(text: string): YamlNode {
  const node = parseFirstDocument(text, 0, DEFAULT_RENDER_LIMITS)?.node;
  if (node === undefined) throw new Error('no document');
  return node;
}

export function resource(text: string): Resource {
  return new Resource(tree(text), { path: 'a.yaml' }, BUILT_IN_SCOPES);
}

export function print(node: YamlNode | undefined): string {
  return node === undefined ? '' : emitYaml(nodeToJson(node) as Json, 'kustomize');
}
