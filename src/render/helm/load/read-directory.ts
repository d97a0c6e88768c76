import type { Snapshot } from '../../../core/snapshot.ts';
import type { ChartFile } from './chart.ts';
import { ChartProblem } from './chart-problem.ts';
import { type IgnoreRules, parseHelmIgnore } from './helmignore.ts';
import type { LoadLimits } from './load-limits.ts';
import { withoutBom } from './without-bom.ts';

/** Deepest folder below a chart that is looked into. */
const MAX_FOLDER_DEPTH = 64;

/**
 * The files of a chart folder that its `.helmignore` lets through, folder by folder, each in the order of its names.
 * @throws ChartProblem when a limit is passed or the `.helmignore` is broken; EngineError of the snapshot
 */
export function readDirectory(snapshot: Snapshot, path: string, limits: LoadLimits): ChartFile[] {
  const rules = readRules(snapshot, path);
  const files: ChartFile[] = [];
  let bytesLeft = limits.chartBytes;
  const walk = (inside: string, depth: number): void => {
    if (depth > MAX_FOLDER_DEPTH)
      throw new ChartProblem(join(path, inside), `folders nest more than ${MAX_FOLDER_DEPTH} deep`);
    for (const entry of snapshot.list(join(path, inside)) ?? []) {
      const name = join(inside, entry.name);
      if (rules.ignores(name, entry.kind === 'directory')) continue;
      if (entry.kind === 'directory') {
        walk(name, depth + 1);
        continue;
      }
      const data = snapshot.read(join(path, name));
      if (data === undefined) continue;
      bytesLeft -= data.length;
      if (bytesLeft < 0) throw new ChartProblem(path, `chart is larger than ${limits.chartBytes} bytes`);
      files.push({ name, data: withoutBom(data), origin: join(path, name) });
      if (files.length > limits.files) throw new ChartProblem(path, `chart has more than ${limits.files} files`);
    }
  };
  walk('', 0);
  return files;
}

function readRules(snapshot: Snapshot, path: string): IgnoreRules {
  const file = join(path, '.helmignore');
  const bytes = snapshot.stat(file) === 'file' ? snapshot.read(file) : undefined;
  const rules = parseHelmIgnore(bytes === undefined ? '' : new TextDecoder().decode(bytes));
  if ('problem' in rules) throw new ChartProblem(file, rules.problem);
  return rules;
}

function join(folder: string, name: string): string {
  return folder === '' ? name : name === '' ? folder : `${folder}/${name}`;
}
