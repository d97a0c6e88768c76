import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { own, stringAt } from '../../../src/core/json.ts';
import { parseExactJson } from './exact-json.ts';
import { compareSigs, compareV3 } from './go-answers.ts';

const FILE = join(process.env.EVENKEEL_CASES ?? '../shared/cases', 'goyaml.jsonl');

describe("Go's answers", () => {
  if (!existsSync(FILE)) {
    it.skip(`no cases at ${FILE}`);
    return;
  }
  const rows = readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => parseExactJson(line));

  it.each(['sigs', 'v3'])('%s: every row is read and written the same', (dialect) => {
    const failing: string[] = [];
    for (const row of rows) {
      const text = own(row, 'yaml') as string;
      const answer = own(row, dialect);
      if (answer === undefined) continue;
      const wrong = dialect === 'sigs' ? compareSigs(text, answer) : compareV3(text, answer);
      for (const line of wrong) failing.push(`${stringAt(row, 'id')} ${JSON.stringify(text).slice(0, 120)}: ${line}`);
    }
    expect(failing).toEqual([]);
  });
});
