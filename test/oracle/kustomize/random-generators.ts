import { some } from './some.ts';
import { NAMESPACES } from './random-objects.ts';
import type { World } from './world.ts';

export function writeGenerator(world: World, folder: string, lines: string[], field: string): void {
  const { r } = world;
  lines.push(`${field}:`);
  const count = 1 + r.below(2);
  for (let index = 0; index < count; index++) {
    const known = world.objects.filter(
      (object) => object.kind === (field.startsWith('config') ? 'ConfigMap' : 'Secret'),
    );
    const merge = known.length > 0 && r.chance(0.25);
    const name = merge
      ? r.pick(known).name
      : r.chance(0.05)
        ? r.pick(['cfg', 'web'])
        : r.pick(['gen', 'gen2', 'gen3', 'gen4', '"7"'].map((one) => (one === '"7"' ? one : `${one}-${lines.length}`)));
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
      world.files[`${folder}/f.txt`] = r.pick([
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
      world.files[`${folder}/e.env`] = r.pick(['K=v\n# c\n\nL=a=b\n', 'X\nY=\n', '  M= sp \r\nN="q"\n', '\ufeffO=1']);
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
    world.objects.push({
      apiVersion: 'v1',
      kind: field.startsWith('config') ? 'ConfigMap' : 'Secret',
      name: name.replaceAll('"', ''),
      namespace: '',
      text: '',
    });
  }
}
