import type { Random } from '../seeded-random.ts';
import { some } from './some.ts';
import {
  container,
  makeObject,
  NAMESPACES,
  oddScalarOneLine,
  textValue,
  type MadeObject,
  type Names,
} from './random-objects.ts';

export interface RandomBuild {
  readonly files: Readonly<Record<string, string>>;
  readonly path: string;
}

/** A random tree of bases, components and overlays. The same seed gives the same tree. */
export function makeBuild(r: Random): RandomBuild {
  const maker = new Maker(r);
  return maker.make();
}

class Maker {
  readonly files: Record<string, string> = {};
  readonly #r: Random;
  readonly #objects: MadeObject[] = [];
  #variables = 0;

  constructor(r: Random) {
    this.#r = r;
  }

  make(): RandomBuild {
    const r = this.#r;
    const depth = r.pick([1, 1, 2, 2, 3]);
    this.#folder('base', [], false);
    let last = 'base';
    if (depth > 1 && r.chance(0.3)) {
      this.#folder('other', [], false);
    }
    if (r.chance(0.3)) this.#folder('comp', [], true);
    for (let level = 1; level < depth; level++) {
      const name = `over${level}`;
      const bases = [`../${last}`];
      if (level === 1 && this.files['other/kustomization.yaml'] !== undefined && r.chance(0.8)) bases.push('../other');
      this.#folder(name, bases, false);
      last = name;
    }
    return { files: this.files, path: last };
  }

  #names(): Names {
    const names: Record<string, string[]> = {};
    for (const object of this.#objects)
      (names[object.kind] ??= []).push(/^\d+$/.test(object.name) ? `"${object.name}"` : object.name);
    return names;
  }

  #folder(folder: string, bases: readonly string[], component: boolean): void {
    const r = this.#r;
    const lines: string[] = [];
    if (component) lines.push('apiVersion: kustomize.config.k8s.io/v1alpha1', 'kind: Component');
    else if (r.chance(0.3)) lines.push('apiVersion: kustomize.config.k8s.io/v1beta1', 'kind: Kustomization');
    const resources = [...bases];
    const files = component ? r.below(2) : bases.length > 0 ? r.below(2) : 1 + r.below(3);
    for (let index = 0; index < files; index++) {
      const count = 1 + r.below(3);
      const objects: MadeObject[] = [];
      for (let n = 0; n < count; n++) {
        const object = makeObject(r, this.#names());
        objects.push(object);
        this.#objects.push(object);
      }
      const name = `r${index}.yaml`;
      const separator = r.pick(['---\n', '---\n', '--- # x\n', '---\n---\n', '\n---\n# c\n']);
      let text = objects.map((object) => object.text).join(separator);
      if (r.chance(0.05))
        text = `apiVersion: v1\nkind: List\nitems:\n${objects.map((object) => `- ${object.text.trimEnd().replaceAll('\n', '\n  ')}\n`).join('')}`;
      if (r.chance(0.05)) text = text.replaceAll('\n', '\r\n');
      if (r.chance(0.2)) text = `---\n${text}`;
      this.files[`${folder}/${name}`] = text;
      resources.push(name);
    }
    if (resources.length > 0) lines.push(`resources:`, ...resources.map((path) => `- ${path}`));
    if (!component && this.files['comp/kustomization.yaml'] !== undefined && folder.startsWith('over') && r.chance(0.6))
      lines.push('components:', '- ../comp');
    this.#fields(folder, lines);
    if (lines.length === 0) lines.push('namePrefix: p-');
    this.files[`${folder}/kustomization.yaml`] = `${lines.join('\n')}\n`;
  }

  #fields(folder: string, lines: string[]): void {
    const r = this.#r;
    const many = r.chance(0.3) ? 1.6 : 0.8;
    const use = (probability: number): boolean => r.chance(probability * many);
    if (use(0.25)) lines.push(`namePrefix: ${r.pick(['p-', 'pre-', '"1"', 'x.'])}`);
    if (use(0.2)) lines.push(`nameSuffix: ${r.pick(['-s', '-suf', '"2"'])}`);
    if (use(0.2)) lines.push(`namespace: ${r.pick(['one', 'three', '"4"'])}`);
    if (use(0.15)) lines.push('commonLabels:', ...this.#pairs());
    if (use(0.2))
      lines.push(
        'labels:',
        '- pairs:',
        ...this.#pairs('    '),
        ...(r.chance(0.4) ? [`  includeSelectors: ${r.chance(0.7)}`] : []),
        ...(r.chance(0.4) ? ['  includeTemplates: true'] : []),
        ...(r.chance(0.2) ? ['  fields:', '  - path: spec/a/labels', '    create: true', '    kind: Thing'] : []),
      );
    if (use(0.15)) lines.push('commonAnnotations:', ...this.#pairs());
    if (use(0.2)) this.#generator(folder, lines, 'configMapGenerator');
    if (use(0.12)) this.#generator(folder, lines, 'secretGenerator');
    if (use(0.08))
      lines.push(
        'generatorOptions:',
        ...r.pick([
          ['  disableNameSuffixHash: true'],
          ['  labels: {gen: "1"}', '  immutable: true'],
          ['  annotations:', '    a: b'],
        ]),
      );
    if (use(0.2))
      lines.push(
        'images:',
        ...some(
          r,
          ['nginx', 'reg.io:5000/team/app', 'app', 'team/app', 'my.app', 'alpine', 'a.pine', 'ngin.'],
          2,
        ).flatMap((name) => [
          `- name: ${name}`,
          ...r.pick([
            ['  newTag: "9"'],
            ['  newName: other/img'],
            ['  digest: sha256:123'],
            ['  newTag: v2', '  digest: sha256:9'],
            ['  tagSuffix: -x'],
            ['  newName: "12"', '  newTag: ""'],
            ['  newName: nn', '  newTag: v3'],
          ]),
        ]),
      );
    const scaled = this.#objects.filter((one) =>
      ['Deployment', 'StatefulSet', 'ReplicationController'].includes(one.kind),
    );
    if (use(0.15) && scaled.length > 0)
      lines.push(
        'replicas:',
        `- name: ${JSON.stringify(r.pick(r.chance(0.03) ? this.#objects : scaled).name)}`,
        `  count: ${r.pick(['3', '0', '5.0'])}`,
      );
    if (use(0.35)) this.#patches(folder, lines);
    if (use(0.12)) this.#strategic(folder, lines);
    if (use(0.1)) this.#json6902(lines);
    if (use(0.2)) this.#replacements(lines);
    if (use(0.12)) this.#vars(lines);
    if (use(0.05))
      lines.push(
        'sortOptions:',
        ...r.pick([
          ['  order: fifo'],
          ['  order: legacy'],
          [
            '  order: legacy',
            '  legacySortOptions:',
            '    orderFirst: [Service, Deployment]',
            '    orderLast: [Secret]',
          ],
        ]),
      );
    if (use(0.06))
      lines.push(
        `buildMetadata: [${some(r, ['originAnnotations', 'transformerAnnotations', 'managedByLabel'], 3).join(', ')}]`,
      );
    if (use(0.06)) this.#configurations(folder, lines);
    if (use(0.06)) this.#plugins(folder, lines);
  }

  #pairs(indent = '  '): string[] {
    const r = this.#r;
    const keys = some(r, ['app', 'env', 'example.com/team', 'added', ...(r.chance(0.03) ? ['"12"'] : [])], 2);
    if (keys.length === 0) keys.push('app');
    return keys.map((key) => `${indent}${key}: ${r.pick(['new', '"1"', '"true"', 'x y', '"yes"', '""'])}`);
  }

  #generator(folder: string, lines: string[], field: string): void {
    const r = this.#r;
    lines.push(`${field}:`);
    const count = 1 + r.below(2);
    for (let index = 0; index < count; index++) {
      const known = this.#objects.filter(
        (object) => object.kind === (field.startsWith('config') ? 'ConfigMap' : 'Secret'),
      );
      const merge = known.length > 0 && r.chance(0.4);
      const name = merge
        ? r.pick(known).name
        : r.chance(0.05)
          ? r.pick(['cfg', 'web'])
          : r.pick(
              ['gen', 'gen2', 'gen3', 'gen4', '"7"'].map((one) => (one === '"7"' ? one : `${one}-${lines.length}`)),
            );
      lines.push(`- name: ${merge ? JSON.stringify(name) : name}`);
      if (merge) lines.push(`  behavior: ${r.chance(0.04) ? 'create' : r.pick(['merge', 'replace'])}`);
      const full = merge ? known.find((one) => one.name === name)?.namespace : '';
      if (full !== undefined && full !== '') lines.push(`  namespace: ${full}`);
      if (!merge && r.chance(0.2)) lines.push(`  namespace: ${r.pick(NAMESPACES.filter((one) => one !== ''))}`);
      const literals = some(
        r,
        [
          'a=1',
          'b="x y"',
          "c='q'",
          'd=',
          'e=a=b',
          '"f=line\\nbreak"',
          '"g=<&>"',
          'h=true',
          ...(r.chance(0.05) ? ['a=2', '"1=z"'] : []),
          '"i=é😀"',
        ],
        3,
      );
      if (literals.length > 0) lines.push('  literals:', ...literals.map((one) => `  - ${one}`));
      if (r.chance(0.3)) {
        this.files[`${folder}/f.txt`] = r.pick([
          'hello\n',
          'a\n  b\n',
          '',
          '\n\n',
          'tab\there\r\nx',
          'k: v\n',
          ' lead\n',
          'long '.repeat(40),
          '\u0007bell',
          '\ufeffbom',
        ]);
        lines.push('  files:', r.pick(['  - f.txt', '  - key=f.txt', '  - ./f.txt']));
      }
      if (r.chance(0.2)) {
        this.files[`${folder}/e.env`] = r.pick(['K=v\n# c\n\nL=a=b\n', 'X\nY=\n', '  M= sp \r\nN="q"\n', '\ufeffO=1']);
        lines.push(r.pick(['  envs: [e.env]', '  env: e.env']));
      }
      if (field === 'secretGenerator' && r.chance(0.3)) lines.push('  type: kubernetes.io/tls');
      if (r.chance(0.3))
        lines.push(
          '  options:',
          ...some(
            r,
            [
              `    disableNameSuffixHash: ${r.chance(0.7)}`,
              '    immutable: true',
              '    labels: {l: "1"}',
              '    annotations: {n: x}',
            ],
            3,
          )
            .concat('    immutable: false')
            .filter(
              (line, at, all) =>
                all.findIndex((other) => other.trim().split(':')[0] === line.trim().split(':')[0]) === at,
            ),
        );
      this.#objects.push({
        apiVersion: 'v1',
        kind: field.startsWith('config') ? 'ConfigMap' : 'Secret',
        name: name.replaceAll('"', ''),
        namespace: '',
        text: '',
      });
    }
  }

  #target(): MadeObject {
    const r = this.#r;
    return this.#objects.length > 0 && r.chance(0.99)
      ? r.pick(this.#objects)
      : { apiVersion: 'v1', kind: 'Pod', name: 'nobody', namespace: '', text: '' };
  }

  #patchBody(object: MadeObject): string {
    const r = this.#r;
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
      text += container(r, '      ', this.#names());
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

  #smp(object: MadeObject): string {
    const r = this.#r;
    let text = `apiVersion: ${object.apiVersion}\nkind: ${object.kind}\nmetadata:\n  name: ${JSON.stringify(object.name)}\n`;
    if (object.namespace !== '' && r.chance(0.9)) text += `  namespace: ${object.namespace}\n`;
    if (r.chance(0.2)) text += `  labels:\n    patched: ${textValue(r)}\n`;
    if (r.chance(0.15)) text += `  annotations:\n    note: ${r.pick(['null', 'changed', '5'])}\n`;
    if (r.chance(0.05)) text += `  finalizers: [f3, f1]\n`;
    return text + this.#patchBody(object);
  }

  #ops(object: MadeObject): string[] {
    const r = this.#r;
    if (r.chance(0.92)) return this.#goodOps(object);
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

  #goodOps(object: MadeObject): string[] {
    const r = this.#r;
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
    return (
      r.chance(0.5) ? [r.pick(operations)] : [r.pick(operations.slice(0, 4)), r.pick(operations.slice(3))]
    ).flat();
  }

  #patches(folder: string, lines: string[]): void {
    const r = this.#r;
    lines.push('patches:');
    const count = 1 + r.below(2);
    for (let index = 0; index < count; index++) {
      const object = this.#target();
      const json = r.chance(0.35);
      let text = json ? `${this.#ops(object).join('\n')}\n` : this.#smp(object);
      const several = !json && r.chance(0.1);
      if (several) text += `---\n${this.#smp(this.#target())}`;
      if (json && r.chance(0.15)) text = JSON.stringify([{ op: 'add', path: '/metadata/labels', value: { z: 'é<' } }]);
      if (r.chance(0.3)) {
        this.files[`${folder}/p${index}.yaml`] = text;
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
        lines.push('  target:', ...this.#selector(object, '    ', true));
      if (!json && r.chance(0.1))
        lines.push('  options:', `    ${r.pick(['allowNameChange', 'allowKindChange'])}: true`);
    }
  }

  #selector(object: MadeObject, indent: string, patterns: boolean): string[] {
    const r = this.#r;
    const found = [
      `${indent}kind: ${patterns && r.chance(0.2) ? r.pick(['Deploy.*', '.*', 'ConfigMap|Secret', 'Service']) : object.kind}`,
    ];
    if (r.chance(0.7))
      found.push(
        `${indent}name: ${patterns && r.chance(0.3) ? r.pick(['.*', '"w.*"', 'web|api']) : JSON.stringify(object.name)}`,
      );
    if (r.chance(0.15)) found.push(`${indent}namespace: ${r.pick(['one', 'default', '.*'])}`);
    if (r.chance(0.15))
      found.push(
        `${indent}labelSelector: ${r.pick(['app=web', '"tier in (x,y)"', '"!app"', 'env', '"app!=web,tier"'])}`,
      );
    if (r.chance(0.05)) found.push(`${indent}annotationSelector: ${r.pick(['note', '"note=x"'])}`);
    if (r.chance(0.15)) found.push(`${indent}group: ${r.pick(['apps', '"apps|batch"'])}`);
    return found;
  }

  #strategic(folder: string, lines: string[]): void {
    const r = this.#r;
    const text = this.#smp(this.#target());
    lines.push('patchesStrategicMerge:');
    if (r.chance(0.5)) {
      this.files[`${folder}/smp.yaml`] = text;
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

  #json6902(lines: string[]): void {
    const object = this.#target();
    const slash = object.apiVersion.indexOf('/');
    lines.push(
      'patchesJson6902:',
      '- target:',
      ...(slash < 0 ? [] : [`    group: ${object.apiVersion.slice(0, slash)}`]),
      `    version: ${object.apiVersion.slice(slash + 1)}`,
      `    kind: ${object.kind}`,
      `    name: ${JSON.stringify(object.name)}`,
      '  patch: |-',
      ...this.#ops(object).map((line) => `    ${line}`),
    );
  }

  #replacements(lines: string[]): void {
    const r = this.#r;
    const source = this.#target();
    const target = this.#target();
    const sources = fieldsOf(source);
    const goals = fieldsOf(target);
    const fields = [
      'metadata.name',
      'metadata.namespace',
      'spec.template.spec.containers.0.image',
      'spec.template.spec.containers.[name=main].image',
      'spec.replicas',
      'data.a',
      'data.app',
      'spec.ports.0.port',
      'kind',
      'metadata.labels.app',
      'spec.selector',
      'spec.a',
      'metadata.annotations.[example.com/x]',
      'spec.template.spec.containers.*.name',
    ];
    lines.push('replacements:');
    if (r.chance(0.15)) lines.push(`- sourceValue: ${r.pick(['const', '"5"', '"true"'])}`);
    else {
      lines.push('- source:', `    kind: ${source.kind}`, `    name: ${JSON.stringify(source.name)}`);
      if (r.chance(0.8))
        lines.push(
          `    fieldPath: ${JSON.stringify(r.pick(r.chance(0.97) ? sources : fields.filter((field) => !field.includes('*'))))}`,
        );
      if (source.namespace !== '' && r.chance(0.7)) lines.push(`    namespace: ${source.namespace}`);
      if (r.chance(0.2))
        lines.push('    options:', `      delimiter: ${r.pick(['":"', '"-"', '"/"'])}`, `      index: ${r.below(2)}`);
    }
    lines.push('  targets:', '  - select:', ...this.#selector(target, '      ', true));
    if (r.chance(0.15)) lines.push('    reject:', `    - name: ${JSON.stringify(r.pick(['web', 'api', source.name]))}`);
    if (r.chance(0.9))
      lines.push(
        '    fieldPaths:',
        ...[r.pick(r.chance(0.95) ? goals : fields), ...(r.chance(0.3) ? [r.pick(goals)] : [])].map(
          (field) => `    - ${JSON.stringify(field)}`,
        ),
      );
    if (r.chance(0.5))
      lines.push(
        '    options:',
        ...[
          r.chance(0.7) ? '      create: true' : '',
          r.chance(0.3) ? `      delimiter: ${r.pick(['":"', '"-"'])}` : '',
          r.chance(0.3) ? `      index: ${r.pick(['0', '1', '-1', '5'])}` : '',
          '      encoding: ""',
        ].filter((line) => line !== ''),
      );
  }

  #vars(lines: string[]): void {
    const r = this.#r;
    const object = this.#target();
    this.#variables++;
    lines.push(
      'vars:',
      `- name: VAR${this.#variables > 1 && r.chance(0.95) ? this.#variables : ''}`,
      '  objref:',
      `    apiVersion: ${object.apiVersion}`,
      `    kind: ${object.kind}`,
      `    name: ${JSON.stringify(object.name)}`,
    );
    if (r.chance(0.2) && object.namespace !== '') lines.push(`    namespace: ${object.namespace}`);
    if (r.chance(0.5))
      lines.push(
        '  fieldref:',
        `    fieldPath: ${r.pick(
          r.chance(0.95)
            ? fieldsOf(object)
                .filter((one) => !one.includes('[') && !/\.\d/.test(one))
                .concat(object.kind === 'Service' ? ['spec.ports[0].port'] : [])
            : [
                'metadata.name',
                'spec.replicas',
                'data.a',
                'metadata.namespace',
                'kind',
                'spec.ports[0].port',
                'spec.selector',
              ],
        )}`,
      );
  }

  #configurations(folder: string, lines: string[]): void {
    const r = this.#r;
    this.files[`${folder}/conf.yaml`] = r.pick([
      'nameReference:\n- kind: ConfigMap\n  version: v1\n  fieldSpecs:\n  - path: spec/ref/name\n    kind: Thing\n',
      'images:\n- path: spec/a\n  kind: Thing\n',
      'commonLabels:\n- path: spec/x/labels\n  create: true\n  kind: Thing\n',
      'namePrefix:\n- path: spec/b\n  kind: Thing\n',
      'varReference:\n- path: spec\n  kind: Thing\n',
      'replicas:\n- path: spec/count\n  create: true\n  kind: Thing\n',
      'namespace:\n- path: spec/ns\n  create: true\n  kind: Thing\n',
      'commonAnnotations:\n- path: spec/template/metadata/annotations\n  create: true\n  kind: Thing\n',
    ]);
    lines.push('configurations: [conf.yaml]');
  }

  #plugins(folder: string, lines: string[]): void {
    const r = this.#r;
    const transformer = r.pick([
      'apiVersion: builtin\nkind: PrefixTransformer\nmetadata:\n  name: t\nprefix: tp-\nfieldSpecs:\n- path: metadata/name\n',
      'apiVersion: builtin\nkind: LabelTransformer\nmetadata:\n  name: t\nlabels:\n  plug: "1"\nfieldSpecs:\n- path: metadata/labels\n  create: true\n',
      'apiVersion: builtin\nkind: NamespaceTransformer\nmetadata:\n  name: t\n  namespace: plug\nunsetOnly: true\nsetRoleBindingSubjects: allServiceAccounts\nfieldSpecs:\n- path: metadata/name\n  kind: Namespace\n  create: true\n',
      'apiVersion: builtin\nkind: AnnotationsTransformer\nmetadata:\n  name: t\nannotations:\n  plug: x\nfieldSpecs:\n- path: metadata/annotations\n  create: true\n',
      'apiVersion: builtin\nkind: ImageTagTransformer\nmetadata:\n  name: t\nimageTag:\n  name: nginx\n  newTag: plug\n',
      'apiVersion: builtin\nkind: PatchTransformer\nmetadata:\n  name: t\ntarget:\n  kind: Deployment\npatch: |-\n  - op: add\n    path: /spec/plug\n    value: 1\n',
      'apiVersion: builtin\nkind: ValueAddTransformer\nmetadata:\n  name: t\nvalue: added\ntargets:\n- fieldPath: metadata/annotations/added\n- selector: {kind: ConfigMap}\n  fieldPath: data/path\n  filePathPosition: 1\n',
      'apiVersion: builtin\nkind: SuffixTransformer\nmetadata:\n  name: t\nsuffix: -plug\nfieldSpecs:\n- path: metadata/name\n  kind: ConfigMap\n',
      'apiVersion: builtin\nkind: HashTransformer\nmetadata:\n  name: t\n',
    ]);
    if (r.chance(0.3)) {
      lines.push(
        'generators:',
        '- |-',
        '  apiVersion: builtin',
        '  kind: ConfigMapGenerator',
        '  metadata:',
        '    name: plugged',
        '  literals: [a=b]',
      );
      return;
    }
    if (r.chance(0.5)) {
      this.files[`${folder}/t.yaml`] = transformer;
      lines.push('transformers: [t.yaml]');
    } else
      lines.push(
        'transformers:',
        '- |-',
        ...transformer
          .trimEnd()
          .split('\n')
          .map((line) => `  ${line}`),
      );
  }
}

/** Paths that an object surely has. */
function fieldsOf(object: MadeObject): string[] {
  const fields = ['metadata.name', 'kind', 'apiVersion'];
  const has = (text: string): boolean => object.text.includes(text);
  if (has('\n  namespace: ')) fields.push('metadata.namespace');
  if (has('\n  template:\n') && has('\n      containers:\n'))
    fields.push(
      'spec.template.spec.containers.0.name',
      'spec.template.spec.containers.[name=main].name',
      'spec.template.spec.containers.[name=main].image',
      'spec.template.spec.containers.0',
    );
  if (has('\n  replicas: ')) fields.push('spec.replicas');
  if (has('\n    app: ')) fields.push('metadata.labels.app');
  if (has('\n    note: ')) fields.push('metadata.annotations.note');
  if (object.kind === 'Service')
    fields.push('spec.ports.0.port', 'spec.ports.0', 'spec.ports.[port=80].port', 'spec.ports');
  if (object.kind === 'Thing') fields.push('spec');
  for (const match of object.text.matchAll(/^ {2}(a|b|app|tier|last): /gm))
    if (object.kind === 'ConfigMap')
      fields.push(
        `data.${match[1] ?? ''}`,
        `data.${match[1] ?? ''}.a.b`,
        `data.${match[1] ?? ''}.list.[name=x].v`,
        `data.${match[1] ?? ''}.a`,
      );
  return fields;
}
