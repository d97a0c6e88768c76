import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FEATURE_CASES } from './features/cases.ts';
import { renderWithArguments } from './helm-arguments.ts';

const FOLDER = join(import.meta.dirname, 'features');

describe('a chart with everything in it', () => {
  it.each(Object.entries(FEATURE_CASES))('renders as Helm does: %s', (name, args) => {
    const golden = join(FOLDER, `${name}.golden.yaml`);
    const { text, problems } = renderWithArguments(FOLDER, args, {
      readFile: (path) => (existsSync(join(FOLDER, path)) ? readFileSync(join(FOLDER, path)) : undefined),
    });
    if (existsSync(golden)) expect([problems, text]).toEqual([[], readFileSync(golden, 'utf8')]);
    else expect(problems).not.toEqual([]);
  });
});
