import type { MadeObject } from './random-objects.ts';
import { pickTarget, type World } from './world.ts';

export function selectorLines(world: World, object: MadeObject, indent: string, patterns: boolean): string[] {
  const { r } = world;
  const found = [
    `${indent}kind: ${patterns && r.chance(0.2) ? r.pick(['Deploy.*', '.*', 'ConfigMap|Secret', 'Service']) : object.kind}`,
  ];
  if (r.chance(0.7))
    found.push(
      `${indent}name: ${patterns && r.chance(0.3) ? r.pick(['.*', '"w.*"', 'web|api']) : JSON.stringify(object.name)}`,
    );
  if (r.chance(0.15)) found.push(`${indent}namespace: ${r.pick(['one', 'default', '.*'])}`);
  if (r.chance(0.15))
    found.push(`${indent}labelSelector: ${r.pick(['app=web', '"tier in (x,y)"', '"!app"', 'env', '"app!=web,tier"'])}`);
  if (r.chance(0.05)) found.push(`${indent}annotationSelector: ${r.pick(['note', '"note=x"'])}`);
  if (r.chance(0.15)) found.push(`${indent}group: ${r.pick(['apps', '"apps|batch"'])}`);
  return found;
}

export function writeReplacements(world: World, lines: string[]): void {
  const { r } = world;
  const source = pickTarget(world);
  const target = pickTarget(world);
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
      lines.push(
        '    options:',
        `      delimiter: ${r.pick(['":"', '"-"', '"/"'])}`,
        `      index: ${r.chance(0.9) ? 0 : 1}`,
      );
  }
  lines.push('  targets:', '  - select:', ...selectorLines(world, target, '      ', true));
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

export function writeVariables(world: World, lines: string[]): void {
  const { r } = world;
  const object = pickTarget(world);
  world.variables++;
  lines.push(
    'vars:',
    `- name: VAR${world.variables > 1 && r.chance(0.95) ? world.variables : ''}`,
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
