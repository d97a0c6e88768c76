import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isEngineError } from '../../src/core/errors.ts';
import { type Answer, evaluate, type Question } from '../render/helm/gotemplate/evaluate.ts';
import { knownDifference, type OracleAnswer } from './gotemplate-differences.ts';
import { randomQuestion } from './gotemplate-inputs.ts';
import { oddCall } from './gotemplate-odd-arguments.ts';
import { subjectQuestion } from './gotemplate-subjects.ts';
import { seededRandom } from './seeded-random.ts';

const BINARY = join(process.env.ORACLES ?? '', 'gotmpl');
const COUNT = Number(process.env.ORACLE_COUNT ?? '3000');
const SEED = Number(process.env.ORACLE_SEED ?? '1');
const BATCH = 1_000;
/** A grammar of everything, every function with every kind of argument, and single subjects in depth. */
const GENERATORS = [randomQuestion, oddCall, subjectQuestion] as const;

function ask(questions: readonly Question[]): OracleAnswer[] {
  const input = questions.map((question, id) => JSON.stringify({ id: String(id), ...question })).join('\n');
  const run = spawnSync(BINARY, { input: `${input}\n`, maxBuffer: 1 << 30, encoding: 'utf8' });
  expect(run.status).toBe(0);
  return run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as OracleAnswer);
}

function answerOf(question: Question): Answer {
  try {
    return evaluate(question);
  } catch (thrown) {
    if (isEngineError(thrown, 'RenderLimit')) return { error: thrown.message };
    throw thrown;
  }
}

function isSame(wanted: OracleAnswer, got: Answer): boolean {
  if ('output' in got) return got.output === wanted.output;
  return wanted.error !== undefined && (got.ofChart === true || got.error === wanted.error);
}

describe('random templates', () => {
  if (process.env.ORACLES === undefined || !existsSync(BINARY)) {
    it.skip('no gotmpl in ORACLES');
    return;
  }

  it(`answer as the real engines do (${COUNT} of seed ${SEED})`, () => {
    const random = seededRandom(SEED);
    const failing: string[] = [];
    const known = new Map<string, number>();
    for (let done = 0; done < COUNT; done += BATCH) {
      const questions = Array.from({ length: Math.min(BATCH, COUNT - done) }, () => random.pick(GENERATORS)(random));
      const wanted = ask(questions);
      expect(wanted.length).toBe(questions.length);
      questions.forEach((question, i) => {
        const answer = wanted[i] ?? {};
        const got = answerOf(question);
        if (isSame(answer, got)) return;
        const reason = knownDifference(question, answer, got);
        if (reason === undefined)
          failing.push(
            `${done + i}: ${JSON.stringify(question)}\n  wanted ${JSON.stringify(answer)}\n  got ${JSON.stringify(got)}`,
          );
        else known.set(reason, (known.get(reason) ?? 0) + 1);
      });
    }
    console.log(`known differences: ${JSON.stringify(Object.fromEntries(known))}`);
    expect(failing.length, `first of ${failing.length}:\n${failing.slice(0, 10).join('\n')}`).toBe(0);
  });
});
