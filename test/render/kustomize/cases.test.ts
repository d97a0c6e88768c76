import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildKustomization } from '../../../src/render/kustomize/build.ts';
import { MemorySnapshot } from '../../doubles/memory-snapshot.ts';

interface Case {
  readonly id: string;
  readonly path: string;
  readonly files: Readonly<Record<string, string>>;
  readonly expected?: string;
  readonly defaultOrder?: string;
  readonly error?: true;
}

const file = join(process.env.EVENKEEL_CASES ?? '../shared/cases', 'kustomize.jsonl');
const present = existsSync(file);
if (!present) console.log(`skipped: ${file} is not there (EVENKEEL_CASES names its folder)`);

function readCases(): Case[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Case);
}

function render(one: Case, reorder: 'none' | 'legacy'): string {
  const result = buildKustomization(new MemorySnapshot(one.files), one.path, { reorder });
  return result.problems.length > 0
    ? `problems:\n${result.problems.map((problem) => `${problem.path}: ${problem.message}`).join('\n')}`
    : result.text();
}

describe.skipIf(!present)('the cases of Kustomize’s own end-to-end tests', () => {
  const cases = present ? readCases() : [];
  const failing = (wrong: (one: Case) => string | undefined): string[] =>
    cases.flatMap((one) => {
      const text = wrong(one);
      return text === undefined ? [] : [`${one.id}: ${text.slice(0, 300)}`];
    });

  it('prints the same bytes with --reorder none', () => {
    expect(
      failing((one) => {
        if (one.error === true) return undefined;
        const text = render(one, 'none');
        return text === one.expected ? undefined : text;
      }),
    ).toEqual([]);
  });

  it('prints the same bytes in the default order', () => {
    expect(
      failing((one) => {
        if (one.error === true) return undefined;
        const text = render(one, 'legacy');
        return text === (one.defaultOrder ?? one.expected) ? undefined : text;
      }),
    ).toEqual([]);
  });

  it('fails where the tool fails, and says why', () => {
    expect(
      failing((one) => {
        if (one.error !== true) return undefined;
        const text = render(one, 'legacy');
        return text.startsWith('problems:\n') && text.length > 20 ? undefined : text;
      }),
    ).toEqual([]);
  });
});
