import { describe, expect, it } from 'vitest';
import { at } from '../../../../src/core/json.ts';
import { buildKustomization } from '../../../../src/render/kustomize/build.ts';
import { MemorySnapshot } from '../../../doubles/memory-snapshot.ts';

function configMap(name: string, x: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { x: ${x} }\n`;
}

describe('a replacement', () => {
  it('whose source is a target too hands on what it made of it, as the tool does', () => {
    const snapshot = new MemorySnapshot({
      'r.yaml': `${configMap('a', 'v')}---\n${configMap('b', 'w')}`,
      'kustomization.yaml': `resources: [r.yaml]
replacements:
- source: { kind: ConfigMap, name: a, fieldPath: data.x }
  targets:
  - select: { kind: ConfigMap }
    fieldPaths: [data.x]
    options: { delimiter: ":", index: 1 }
`,
    });
    const { objects } = buildKustomization(snapshot, '');
    expect(objects.map(({ object }) => at(object, 'data', 'x'))).toEqual(['v:v', 'w:v:v']);
  });
});
