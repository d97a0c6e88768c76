import { readFileSync } from 'node:fs';
import { EngineError, messageOf } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { loadYaml } from '../../render/yaml/load.ts';

/** The documents of a file of YAML or JSON, `-` for standard input. @throws UsageInvalid with the place of what is wrong */
export function readDocuments(path: string): Json[] {
  const { documents, problems } = loadYaml(readText(path), 'kubernetes');
  if (problems.length > 0) {
    throw new EngineError('UsageInvalid', `file ${path} cannot be read (YamlInvalid): ${problems[0]?.message ?? ''}`, {
      data: { problems: problems.map((problem) => ({ ...problem, path })) },
    });
  }
  return documents.map(({ value }) => value).filter((value) => value !== null);
}

function readText(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (thrown) {
    throw unreadable(path, thrown);
  }
}

export function unreadable(path: string, thrown: unknown): EngineError {
  const code = (thrown as NodeJS.ErrnoException).code ?? 'Unreadable';
  return new EngineError('UsageInvalid', `file ${path} cannot be read (${code}): ${messageOf(thrown)}`, {
    cause: thrown,
  });
}
