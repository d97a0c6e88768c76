import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareSigs, compareV3 } from '../render/yaml/go-answers.ts';
import { parseExactJson } from '../render/yaml/exact-json.ts';
import { seededRandom as choosing } from './seeded-random.ts';
import { yamlDocuments } from './yaml-documents.ts';
import { seededRandom, yamlInput } from './yaml-inputs.ts';

const BINARY = join(process.env.ORACLES ?? '', 'goyaml');
const COUNT = Number(process.env.ORACLE_COUNT ?? '4000');
const SEED = Number(process.env.ORACLE_SEED ?? '1');

describe("Go's YAML libraries on generated texts", () => {
  if (process.env.ORACLES === undefined || !existsSync(BINARY)) {
    it.skip('no goyaml in ORACLES');
    return;
  }
  const random = seededRandom(SEED);
  const documents = choosing(SEED);
  const inputs = Array.from({ length: COUNT }, (_, index) =>
    index % 2 === 0 ? yamlInput(random) : yamlDocuments(documents),
  );

  it.each(['sigs', 'v3'] as const)('%s reads and writes the same', (dialect) => {
    const lines = inputs.map((yaml, id) => JSON.stringify({ id: String(id), yaml, dialect }));
    const run = spawnSync(BINARY, { input: `${lines.join('\n')}\n`, maxBuffer: 1 << 30, encoding: 'utf8' });
    expect(run.status).toBe(0);
    const answers = run.stdout.trimEnd().split('\n');
    expect(answers.length).toBe(COUNT);
    const failing: string[] = [];
    for (const [index, line] of answers.entries()) {
      const text = inputs[index] ?? '';
      const answer = parseExactJson(line);
      const wrong = dialect === 'sigs' ? compareSigs(text, answer) : compareV3(text, answer);
      for (const item of wrong) failing.push(`${JSON.stringify(text)}: ${item}`);
    }
    expect(failing.length, `first of ${failing.length}:\n${failing.slice(0, 20).join('\n')}`).toBe(0);
  });
});
