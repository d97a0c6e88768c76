import { describe, expect, it } from 'vitest';
import { buildKustomization } from '../../../../src/render/kustomize/build.ts';
import { MemorySnapshot } from '../../../doubles/memory-snapshot.ts';

function build(kustomization: string, objects: string): string {
  const result = buildKustomization(
    new MemorySnapshot({ 'kustomization.yaml': `resources: [r.yaml]\n${kustomization}`, 'r.yaml': objects }),
    '',
    { reorder: 'none' },
  );
  return result.problems.length > 0 ? result.problems.map((problem) => problem.message).join('\n') : result.text();
}

const DEPLOYMENT =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 1, template: {spec: {containers: [{name: c, envFrom: [{configMapRef: {name: cfg}}]}]}}}\n';
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cfg}\ndata: {a: "x:y"}\n';
const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: ns1}\n';
const BINDING =
  'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}\nsubjects: [{kind: ServiceAccount, name: default, namespace: x}, {kind: ServiceAccount, name: other, namespace: x}]\n';

describe('namespace', () => {
  it('sets it on objects that can have one, renames Namespace objects, and follows the default subject', () => {
    const text = build('namespace: prod', `${NAMESPACE}---\n${CONFIG_MAP}---\n${BINDING}`);
    expect(text).toContain('kind: Namespace\nmetadata:\n  name: prod\n');
    expect(text).toContain('  name: cfg\n  namespace: prod\n');
    expect(text).toContain('  name: default\n  namespace: prod\n');
    expect(text).toContain('  name: other\n  namespace: x\n');
  });

  it('refuses to make two objects one', () => {
    expect(
      build('namespace: prod', `${CONFIG_MAP}---\n${CONFIG_MAP.replace('name: cfg', 'name: cfg, namespace: other')}`),
    ).toMatch(/makes ConfigMap prod\/cfg equal/);
  });
});

describe('names', () => {
  it('get prefix and suffix, references follow, Namespaces keep theirs', () => {
    const text = build('namePrefix: p-\nnameSuffix: -s', `${NAMESPACE}---\n${CONFIG_MAP}---\n${DEPLOYMENT}`);
    expect(text).toContain('kind: Namespace\nmetadata:\n  name: ns1\n');
    expect(text).toContain('name: p-cfg-s\n---');
    expect(text).toContain('- configMapRef:\n            name: p-cfg-s\n');
  });
});

describe('labels', () => {
  it('go to metadata only, to templates, or to selectors too', () => {
    expect(build('labels: [{pairs: {a: b}}]', DEPLOYMENT).match(/a: b/g)?.length).toBe(1);
    expect(build('labels: [{pairs: {a: b}, includeTemplates: true}]', DEPLOYMENT).match(/a: b/g)?.length).toBe(2);
    expect(build('labels: [{pairs: {a: b}, includeSelectors: true}]', DEPLOYMENT).match(/a: b/g)?.length).toBe(3);
    expect(build('commonLabels: {a: b}', DEPLOYMENT).match(/a: b/g)?.length).toBe(3);
  });
});

describe('replicas', () => {
  it('are set by name, and must find their object', () => {
    expect(build('replicas: [{name: web, count: 5}]', DEPLOYMENT)).toContain('replicas: 5\n');
    expect(build('replicas: [{name: nobody, count: 5}]', DEPLOYMENT)).toMatch(/no object named "nobody"/);
  });
});

describe('patches', () => {
  it('keep name and kind unless they may change them', () => {
    const patch = 'patch: "{apiVersion: v1, kind: Secret, metadata: {name: new}, x: 1}"';
    expect(build(`patches: [{target: {kind: ConfigMap}, ${patch}}]`, CONFIG_MAP)).toContain(
      'kind: ConfigMap\nmetadata:\n  name: cfg\nx: 1\n',
    );
    expect(
      build(
        `patches: [{target: {kind: ConfigMap}, options: {allowNameChange: true, allowKindChange: true}, ${patch}}]`,
        CONFIG_MAP,
      ),
    ).toContain('kind: Secret\nmetadata:\n  name: new\nx: 1\n');
  });

  it('select by patterns and labels, and may hold several documents', () => {
    const two = `${CONFIG_MAP}---\n${CONFIG_MAP.replace('name: cfg', 'name: other, labels: {app: x}')}`;
    const operation = 'patch: "- {op: add, path: /hit, value: 1}"';
    expect(build(`patches: [{target: {name: "c.*"}, ${operation}}]`, two).match(/hit: 1/g)?.length).toBe(1);
    expect(
      build(`patches: [{target: {labelSelector: "app in (x,y)"}, ${operation}}]`, two).match(/hit: 1/g)?.length,
    ).toBe(1);
    const patch = ['cfg', 'other']
      .map((name) => `    apiVersion: v1\n    kind: ConfigMap\n    metadata: {name: ${name}}\n    hit: 1\n`)
      .join('    ---\n');
    expect(build(`patches:\n- patch: |-\n${patch}`, two).match(/hit: 1/g)?.length).toBe(2);
  });
});

describe('replacements', () => {
  it('copy parts of fields, create fields, and go into list items', () => {
    const source = 'source: {kind: ConfigMap, fieldPath: data.a, options: {delimiter: ":", index: 1}}';
    expect(
      build(
        `replacements: [{${source}, targets: [{select: {kind: Deployment}, fieldPaths: ["spec.template.spec.containers.[name=c].image"], options: {create: true}}]}]`,
        `${CONFIG_MAP}---\n${DEPLOYMENT}`,
      ),
    ).toContain('image: "y"\n');
    expect(
      build(
        `replacements: [{${source}, targets: [{select: {kind: Deployment}, fieldPaths: [spec.missing]}]}]`,
        `${CONFIG_MAP}---\n${DEPLOYMENT}`,
      ),
    ).toMatch(/there is no field spec.missing/);
    expect(
      build(
        'replacements: [{sourceValue: z, targets: [{select: {kind: ConfigMap}, fieldPaths: [data.a], options: {delimiter: ":", index: 0}}]}]',
        CONFIG_MAP,
      ),
    ).toContain('a: z:y\n');
  });
});

describe('vars', () => {
  it('keep their type where they stand alone', () => {
    const user =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, args: ["$(NUM)", "n=$(NUM)", "$$(NUM)"]}]}\n';
    expect(
      build(
        'vars: [{name: NUM, objref: {apiVersion: apps/v1, kind: Deployment, name: web}, fieldref: {fieldPath: spec.replicas}}]',
        `${DEPLOYMENT}---\n${user}`,
      ),
    ).toContain('    - 1\n    - n=1\n    - $(NUM)\n');
  });
});
