import { oddYaml } from './odd-yaml.ts';
import { some } from './some.ts';
import { container, oddScalarOneLine, textValue, type MadeObject } from './random-objects.ts';
import { selectorLines } from './random-replacements.ts';
import { namesOf, pickTarget, type World } from './world.ts';

export function patchBody(world: World, object: MadeObject): string {
  const { r } = world;
  const template = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'ReplicationController'].includes(object.kind);
  const choice = r.below(12);
  if (choice === 0) return '$patch: delete\n';
  if (choice === 1) return `metadata2: {a: ${oddScalarOneLine(r)}}\n`;
  if (choice === 2) return `spec:\n  replicas: ${r.pick(['7', 'null', '"8"'])}\n`;
  if (choice === 3)
    return `spec:\n  a: ${oddScalarOneLine(r)}\n  b:\n    $patch: ${r.pick(['delete', 'replace', 'merge'])}\n    c: 1\n`;
  if (template && choice < 10) {
    let text = 'spec:\n  template:\n    spec:\n';
    if (r.chance(0.2)) text += '      $patch: replace\n';
    text += '      containers:\n';
    if (r.chance(0.15)) text += '      - $patch: replace\n';
    if (r.chance(0.15)) text += '      - name: side\n        $patch: delete\n';
    text += container(r, '      ', namesOf(world));
    if (r.chance(0.2))
      text += '      volumes:\n      - name: v1\n        emptyDir: null\n        hostPath: {path: /x}\n';
    if (r.chance(0.1)) text += '      $setElementOrder/containers:\n      - name: main\n';
    return text;
  }
  if (object.kind === 'Service')
    return `spec:\n  ports:\n  - port: ${r.pick(['80', '443', '90'])}\n    name: patched\n${r.chance(0.4) ? '    protocol: TCP\n' : ''}`;
  if (object.kind === 'ConfigMap') return `data:\n  a: ${r.pick(['patched', 'null', '"1"'])}\n  new: x\n`;
  return `spec:\n  x: {y: ${oddScalarOneLine(r)}}\n  list: [1, 2]\n`;
}

export function strategicPatch(world: World, object: MadeObject): string {
  const { r } = world;
  let text = `apiVersion: ${object.apiVersion}\nkind: ${object.kind}\nmetadata:\n  name: ${JSON.stringify(object.name)}\n`;
  if (object.namespace !== '' && r.chance(0.9)) text += `  namespace: ${object.namespace}\n`;
  if (r.chance(0.2)) text += `  labels:\n    patched: ${textValue(r)}\n`;
  if (r.chance(0.15)) text += `  annotations:\n    note: ${r.pick(['null', 'changed', '5'])}\n`;
  if (r.chance(0.05)) text += `  finalizers: [f3, f1]\n`;
  return text + patchBody(world, object);
}

export function jsonOperations(world: World, object: MadeObject): string[] {
  const { r } = world;
  if (r.chance(0.92)) return fittingOperations(world, object);
  const operations = [
    ['- op: replace', '  path: /metadata/name', '  value: renamed'],
    ['- op: add', '  path: /metadata/annotations', '  value: {j: "1"}'],
    ['- op: add', '  path: /metadata/labels/x', `  value: ${r.pick(['y', '"5"', 'true'])}`],
    [
      '- op: add',
      '  path: /spec/replicas',
      `  value: ${r.pick(['1', '1000000', '1.5', '"3"', 'null', '12345678901234567890'])}`,
    ],
    ['- op: remove', '  path: /spec/template/spec/containers/0/image'],
    ['- op: add', '  path: /spec/template/spec/containers/-', '  value: {name: j, image: nginx}'],
    ['- op: replace', '  path: /spec/template/spec/containers/0/name', '  value: jj'],
    ['- op: copy', '  from: /metadata/name', '  path: /metadata/copied'],
    ['- op: move', '  from: /spec', '  path: /moved'],
    ['- op: test', '  path: /kind', '  value: Deployment'],
    ['- op: add', '  path: /data/a~1b', '  value: s'],
    ['- op: remove', '  path: /metadata/labels'],
    ['- op: add', '  path: /spec/list', '  value: [1, {a: b}, "x"]'],
    ['- op: replace', '  path: /spec/ports/-1/port', '  value: 99'],
  ];
  const found = some(r, operations, 2);
  return (found.length === 0 ? [r.pick(operations)] : found).flat();
}

export function fittingOperations(world: World, object: MadeObject): string[] {
  const { r } = world;
  const value = r.pick([
    '1',
    '1000000',
    '1.5',
    '"3"',
    'null',
    '12345678901234567890',
    '0777',
    'yes',
    '2020-01-02',
    '{a: [1, x], b: }',
    '[]',
    '"a: b"',
    '"é<&"',
    '1e3',
    '"line\\nbreak"',
  ]);
  const operations = [
    ['- op: replace', '  path: /metadata/name', '  value: renamed'],
    ['- op: add', '  path: /metadata/annotations', '  value: {j: "1"}'],
    ['- op: add', '  path: /metadata/labels', `  value: {l: ${r.pick(['y', '"5"', '"true"'])}}`],
    ['- op: add', '  path: /added', `  value: ${value}`],
    ['- op: copy', '  from: /metadata/name', '  path: /metadata/copied'],
    ['- op: test', '  path: /kind', `  value: ${object.kind}`],
    ['- op: replace', '  path: /missing', `  value: ${value}`],
  ];
  const has = (text: string): boolean => object.text.includes(text);
  if (has('\nspec:\n'))
    operations.push(
      ['- op: move', '  from: /spec', '  path: /moved'],
      ['- op: add', '  path: /spec/replicas', `  value: ${value}`],
      [
        '- op: add',
        '  path: /spec/list',
        '  value: [1, {a: b}, "x"]',
        '- op: add',
        '  path: /spec/list/1',
        `  value: ${value}`,
        '- op: remove',
        '  path: /spec/list/-1',
      ],
      ['- op: remove', '  path: /spec'],
    );
  if (has('\n  template:\n') && has('\n      containers:\n'))
    operations.push(
      ['- op: add', '  path: /spec/template/spec/containers/-', '  value: {name: j, image: nginx}'],
      ['- op: replace', '  path: /spec/template/spec/containers/0/name', '  value: jj'],
      ['- op: add', '  path: /spec/template/spec/containers/0', '  value: {name: front}'],
    );
  if (object.kind === 'Service') operations.push(['- op: replace', '  path: /spec/ports/-1/port', '  value: 99']);
  if (has('data:\n  ')) operations.push(['- op: add', '  path: /data/a~1b', '  value: s']);
  if (has('  labels:\n    '))
    operations.push(
      ['- op: remove', '  path: /metadata/labels'],
      ['- op: add', '  path: /metadata/labels/x', `  value: ${r.pick(['y', '"5"', 'true'])}`],
    );
  return (r.chance(0.5) ? [r.pick(operations)] : [r.pick(operations.slice(0, 4)), r.pick(operations.slice(3))]).flat();
}

export function writePatches(world: World, folder: string, lines: string[]): void {
  const { r } = world;
  lines.push('patches:');
  const count = 1 + r.below(2);
  for (let index = 0; index < count; index++) {
    const object = pickTarget(world);
    const json = r.chance(0.35);
    let text = json ? `${jsonOperations(world, object).join('\n')}\n` : strategicPatch(world, object);
    const several = !json && r.chance(0.1);
    if (several) text += `---\n${strategicPatch(world, pickTarget(world))}`;
    if (json && r.chance(0.15)) text = JSON.stringify([{ op: 'add', path: '/metadata/labels', value: { z: 'é<' } }]);
    if (r.chance(0.3)) {
      world.files[`${folder}/p${index}.yaml`] = r.chance(0.2) ? oddYaml(r, text) : text;
      lines.push(`- path: p${index}.yaml`);
    } else
      lines.push(
        '- patch: |-',
        ...text
          .trimEnd()
          .split('\n')
          .map((line) => `    ${line}`),
      );
    if (json || (r.chance(0.3) && (!several || r.chance(0.1))))
      lines.push('  target:', ...selectorLines(world, object, '    ', true));
    if (!json && r.chance(0.1)) lines.push('  options:', `    ${r.pick(['allowNameChange', 'allowKindChange'])}: true`);
  }
}

export function writeStrategic(world: World, folder: string, lines: string[]): void {
  const { r } = world;
  const text = strategicPatch(world, pickTarget(world));
  lines.push('patchesStrategicMerge:');
  if (r.chance(0.5)) {
    world.files[`${folder}/smp.yaml`] = text;
    lines.push('- smp.yaml');
  } else
    lines.push(
      '- |-',
      ...text
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`),
    );
}

export function writeJson6902(world: World, lines: string[]): void {
  const object = pickTarget(world);
  const slash = object.apiVersion.indexOf('/');
  lines.push(
    'patchesJson6902:',
    '- target:',
    ...(slash < 0 ? [] : [`    group: ${object.apiVersion.slice(0, slash)}`]),
    `    version: ${object.apiVersion.slice(slash + 1)}`,
    `    kind: ${object.kind}`,
    `    name: ${JSON.stringify(object.name)}`,
    '  patch: |-',
    ...jsonOperations(world, object).map((line) => `    ${line}`),
  );
}
