import type { Random } from '../seeded-random.ts';
import { writeGenerator } from './random-generators.ts';
import { makeObject, type MadeObject } from './random-objects.ts';
import { writeJson6902, writePatches, writeStrategic } from './random-patches.ts';
import { oddYaml } from './odd-yaml.ts';
import { writeConfigurations, writeCrds, writeOpenApi, writePlugins } from './random-plugins.ts';
import { writeReplacements, writeVariables } from './random-replacements.ts';
import { some } from './some.ts';
import { namesOf, type World } from './world.ts';

export interface RandomBuild {
  readonly files: Readonly<Record<string, string>>;
  readonly path: string;
}

/** A random tree of bases, components and overlays. The same seed gives the same tree. */
export function makeBuild(r: Random): RandomBuild {
  return new Maker(r).make();
}

class Maker {
  readonly #world: World;

  constructor(r: Random) {
    this.#world = { r, files: {}, objects: [], variables: 0 };
  }

  make(): RandomBuild {
    const { r } = this.#world;
    const depth = r.pick([1, 1, 2, 2, 3]);
    this.#folder('base', [], false);
    let last = 'base';
    if (depth > 1 && r.chance(0.3)) {
      this.#folder('other', [], false);
    }
    if (r.chance(0.3)) this.#folder('comp', [], true);
    if (r.chance(0.1)) this.#folder('comp2', [], true);
    for (let level = 1; level < depth; level++) {
      const name = `over${level}`;
      const bases = [`../${last}`];
      if (level === 1 && this.#world.files['other/kustomization.yaml'] !== undefined && r.chance(0.8))
        bases.push('../other');
      // The same base twice, under names of its own.
      if (level === 1 && r.chance(0.12)) {
        this.#folder('side', [`../${last}`], false);
        const own = `namePrefix: side-\n${r.chance(0.5) ? 'namespace: side\n' : ''}`;
        const file = 'side/kustomization.yaml';
        this.#world.files[file] =
          own + (this.#world.files[file] ?? '').replaceAll(/^(?:namePrefix|namespace): .*\n/gm, '');
        bases.push('../side');
      }
      this.#folder(name, bases, false);
      last = name;
    }
    return { files: this.#world.files, path: last };
  }

  #folder(folder: string, bases: readonly string[], component: boolean): void {
    const { r } = this.#world;
    const lines: string[] = [];
    if (component) lines.push('apiVersion: kustomize.config.k8s.io/v1alpha1', 'kind: Component');
    else if (r.chance(0.3)) lines.push('apiVersion: kustomize.config.k8s.io/v1beta1', 'kind: Kustomization');
    const resources = [...bases];
    const files = component ? r.below(2) : bases.length > 0 ? r.below(2) : 1 + r.below(3);
    for (let index = 0; index < files; index++) {
      const count = 1 + r.below(3);
      const objects: MadeObject[] = [];
      for (let n = 0; n < count; n++) {
        const object = makeObject(r, namesOf(this.#world));
        objects.push(object);
        this.#world.objects.push(object);
      }
      const name = `r${index}.yaml`;
      const separator = r.pick(['---\n', '---\n', '--- # x\n', '---\n---\n', '\n---\n# c\n']);
      let text = objects.map((object) => object.text).join(separator);
      if (r.chance(0.05))
        text = `apiVersion: v1\nkind: List\nitems:\n${objects.map((object) => `- ${object.text.trimEnd().replaceAll('\n', '\n  ')}\n`).join('')}`;
      if (r.chance(0.2)) text = `---\n${text}`;
      if (r.chance(0.15)) text = oddYaml(r, text);
      this.#world.files[`${folder}/${name}`] = text;
      resources.push(name);
    }
    if (resources.length > 0) lines.push(`resources:`, ...resources.map((path) => `- ${path}`));
    const components = ['comp', 'comp2'].filter(
      (name) => this.#world.files[`${name}/kustomization.yaml`] !== undefined,
    );
    const used = components.filter(() => r.chance(folder.startsWith('over') ? 0.6 : component ? 0.3 : 0));
    if (used.length > 0) lines.push('components:', ...used.map((name) => `- ../${name}`));
    this.#fields(folder, lines);
    if (lines.length === 0) lines.push('namePrefix: p-');
    const text = `${lines.join('\n')}\n`;
    this.#world.files[`${folder}/kustomization.yaml`] = r.chance(0.04) ? oddYaml(r, text) : text;
  }

  #fields(folder: string, lines: string[]): void {
    const { r } = this.#world;
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
        ...(r.chance(0.2) ? ['  fields:', '  - path: spec/z/labels', '    create: true', '    kind: Thing'] : []),
      );
    if (use(0.15)) lines.push('commonAnnotations:', ...this.#pairs());
    if (use(0.2)) writeGenerator(this.#world, folder, lines, 'configMapGenerator');
    if (use(0.12)) writeGenerator(this.#world, folder, lines, 'secretGenerator');
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
    const scaled = this.#world.objects.filter((one) =>
      ['Deployment', 'StatefulSet', 'ReplicationController'].includes(one.kind),
    );
    if (use(0.15) && scaled.length > 0)
      lines.push(
        'replicas:',
        `- name: ${JSON.stringify(r.pick(r.chance(0.03) ? this.#world.objects : scaled).name)}`,
        `  count: ${r.pick(['3', '0', '5.0'])}`,
      );
    if (use(0.35)) writePatches(this.#world, folder, lines);
    if (use(0.12)) writeStrategic(this.#world, folder, lines);
    if (use(0.1)) writeJson6902(this.#world, lines);
    if (use(0.2)) writeReplacements(this.#world, lines);
    if (use(0.12)) writeVariables(this.#world, lines);
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
    if (use(0.06)) writeConfigurations(this.#world, folder, lines);
    if (use(0.1)) writePlugins(this.#world, folder, lines);
    if (use(0.04)) writeCrds(this.#world, folder, lines);
    if (use(0.05)) writeOpenApi(this.#world, folder, lines);
    if (use(0.03))
      lines.push('metadata:', '  name: kust', '  annotations: {config.kubernetes.io/local-config: "true"}');
  }

  #pairs(indent = '  '): string[] {
    const { r } = this.#world;
    const keys = some(r, ['app', 'env', 'example.com/team', 'added', ...(r.chance(0.03) ? ['"12"'] : [])], 2);
    if (keys.length === 0) keys.push('app');
    return keys.map((key) => `${indent}${key}: ${r.pick(['new', '"1"', '"true"', 'x y', '"yes"', '""'])}`);
  }
}
