import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Answer, evaluate, type Question } from './evaluate.ts';

const FILE = join(process.env.EVENKEEL_CASES ?? '../shared/cases', 'gotemplate.jsonl');
const present = existsSync(FILE);
if (!present) console.log(`skipped: ${FILE} is not there (set EVENKEEL_CASES)`);

type Row = Question & { readonly id: string; readonly output?: string; readonly error?: string };

function rowsOf(mode: Question['mode']): Row[] {
  const rows = readFileSync(FILE, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
  return rows.filter((row) => row.mode === mode);
}

function isRight(row: Row, answer: Answer): boolean {
  if ('output' in answer) return answer.output === row.output;
  return row.error !== undefined && (answer.ofChart === true || answer.error === row.error);
}

/** What went wrong, a line each. */
function differences(rows: readonly Row[]): string[] {
  const wrong: string[] = [];
  for (const row of rows) {
    const answer = evaluate(row);
    if (!isRight(row, answer))
      wrong.push(`${row.id}: wanted ${JSON.stringify(row.output ?? row.error)}, got ${JSON.stringify(answer)}`);
  }
  return wrong;
}

describe.skipIf(!present)('templates answer as the real engines do', () => {
  it('in text/template', () => {
    expect(differences(rowsOf('text'))).toEqual([]);
  });

  // Several rows make RSA keys of 4096 bits.
  it('with the functions of sprig', { timeout: 120_000 }, () => {
    expect(differences(rowsOf('sprig'))).toEqual([]);
  });

  it('in charts, with the functions of Helm', () => {
    expect(differences(rowsOf('helm'))).toEqual([]);
  });
});
