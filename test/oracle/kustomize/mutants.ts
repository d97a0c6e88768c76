import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../seeded-random.ts';
import type { RandomBuild } from './random-kustomization.ts';
import { oddScalarOneLine } from './random-objects.ts';

const CASES = join(process.env.EVENKEEL_CASES ?? '../shared/cases', 'kustomize.jsonl');

/** Kustomizations that people wrote: those of Kustomize's own tests. */
export function seedBuilds(): RandomBuild[] {
  if (!existsSync(CASES)) return [];
  return readFileSync(CASES, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RandomBuild);
}

/** One of the builds with a few lines changed. The same seed gives the same mutant. */
export function makeMutant(r: Random, builds: readonly RandomBuild[]): RandomBuild {
  const build = r.pick(builds);
  const files: Record<string, string> = { ...build.files };
  const names = Object.keys(files);
  const changes = 1 + r.below(3);
  for (let index = 0; index < changes; index++) {
    const name = r.pick(names);
    files[name] = mutate(r, files[name] ?? '', build);
  }
  return { files, path: build.path };
}

function mutate(r: Random, text: string, build: RandomBuild): string {
  const lines = text.split('\n');
  const at = r.below(lines.length);
  const line = lines[at] ?? '';
  switch (r.below(12)) {
    case 0:
      lines.splice(at, 1);
      break;
    case 1:
      lines.splice(at, 0, line);
      break;
    case 2: {
      const other = r.below(lines.length);
      lines[at] = lines[other] ?? '';
      lines[other] = line;
      break;
    }
    case 3:
    case 4:
    case 5:
      lines[at] = line.replace(/: .*$/, () => `: ${oddScalarOneLine(r)}`);
      break;
    case 6:
      lines[at] = line.replace(/^( *)/, r.chance(0.5) ? '$1  ' : '');
      break;
    case 7:
      lines[at] = line.replace(
        /^( *(?:- )?)([A-Za-z]+):/,
        (_, start: string, key: string) =>
          `${start}${r.pick(['name', 'kind', 'spec', key.toUpperCase(), `${key}x`, '"1"', '$patch'])}:`,
      );
      break;
    case 8: {
      const other = (build.files[r.pick(Object.keys(build.files))] ?? '').split('\n');
      const from = r.below(other.length);
      lines.splice(at, 0, ...other.slice(from, from + 1 + r.below(4)));
      break;
    }
    case 9:
      lines.splice(
        at,
        0,
        r.pick([
          '---',
          '# comment',
          'namespace: mut',
          'namePrefix: mut-',
          'commonLabels: {mut: m}',
          'images: [{name: nginx, newTag: m}]',
          '  namespace: mut',
          'commonAnnotations: {mut: "1"}',
          'nameSuffix: -mut',
          'buildMetadata: [originAnnotations]',
        ]),
      );
      break;
    case 10:
      lines[at] = line.replace(/[a-z0-9]+$/, () =>
        r.pick(['nginx', 'web', '80', 'Deployment', 'v1', 'true', 'null', '']),
      );
      break;
    default:
      lines[at] = line.slice(0, r.below(line.length + 1));
  }
  return lines.join('\n');
}
