import { describe, expect, it } from 'vitest';
import { buildKustomization } from '../../../../src/render/kustomize/build.ts';
import { MemorySnapshot } from '../../../doubles/memory-snapshot.ts';

function build(kustomization: string, files: Record<string, string | Uint8Array> = {}): string {
  const result = buildKustomization(new MemorySnapshot({ 'kustomization.yaml': kustomization, ...files }), '');
  return result.problems.length > 0 ? result.problems.map((problem) => problem.message).join('\n') : result.text();
}

describe('configMapGenerator and secretGenerator', () => {
  it('take literals, files and env files, and hash them', () => {
    const text = build('configMapGenerator: [{name: a, literals: ["k=\'v\'"], files: [f, g=f], envs: [e]}]', {
      f: 'text\n',
      e: '# c\nX=1\n\nY\n',
    });
    expect(text).toMatch(/name: a-[bcdfghkmt2456789]{10}\n$/);
    expect(text).toContain('data:\n  X: "1"\n  "Y": ""\n  f: |\n    text\n  g: |\n    text\n  k: v\n');
  });

  it('hash nothing as the tool does', () => {
    expect(build('configMapGenerator: [{name: a}]')).toContain('name: a-6ct58987ht\n');
    expect(build('secretGenerator: [{name: a}]')).toContain('name: a-46f8b28mk5\n');
  });

  it('put bytes that are no text into binaryData, base64 in lines', () => {
    const text = build('configMapGenerator: [{name: a, files: [f]}]\ngeneratorOptions: {disableNameSuffixHash: true}', {
      f: new Uint8Array(80).fill(255),
    });
    expect(text).toContain(`binaryData:\n  f: |\n    ${'/'.repeat(70)}\n`);
  });

  it('merge into and replace objects that are there', () => {
    const files = { 'base/kustomization.yaml': 'configMapGenerator: [{name: a, literals: [x=1, y=2]}]' };
    const options = 'generatorOptions: {disableNameSuffixHash: true}';
    expect(
      build(`resources: [base]\nconfigMapGenerator: [{name: a, behavior: merge, literals: [y=3]}]\n${options}`, files),
    ).toContain('data:\n  x: "1"\n  "y": "3"\n');
    expect(
      build(
        `resources: [base]\nconfigMapGenerator: [{name: a, behavior: replace, literals: [y=3]}]\n${options}`,
        files,
      ),
    ).toContain('data:\n  "y": "3"\n');
    expect(build('resources: [base]\nconfigMapGenerator: [{name: a}]', files)).toMatch(/exists already/);
    expect(build('configMapGenerator: [{name: a, behavior: merge}]')).toMatch(/does not exist/);
  });
});
