import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildKustomization } from '../../src/render/kustomize/build.ts';
import { MemorySnapshot } from '../doubles/memory-snapshot.ts';
import { withoutKnownDifferences } from './kustomize/known-differences.ts';
import { makeMutant, seedBuilds } from './kustomize/mutants.ts';
import { makeBuild, type RandomBuild } from './kustomize/random-kustomization.ts';
import { makeStructuredText } from './kustomize/random-structured-text.ts';
import { seededRandom } from './seeded-random.ts';

const BINARY = join(process.env.ORACLES ?? '', 'kustomize');
const COUNT = Number(process.env.ORACLE_COUNT ?? '150');
const SEED = Number(process.env.ORACLE_SEED ?? '1');
/** Ends a run early; 0: when all are done. */
const SECONDS = Number(process.env.ORACLE_SECONDS ?? '0');
const PROCESSES = 2;

interface Answer {
  readonly failed: boolean;
  readonly text: string;
}

function askTool(folder: string): Promise<Answer> {
  return new Promise((resolve) => {
    execFile(BINARY, ['build', folder], { maxBuffer: 1 << 28, timeout: 60_000 }, (error, stdout) => {
      resolve({ failed: error !== null, text: stdout });
    });
  });
}

/** What differs, in one line; undefined when both print the same or both fail. */
async function compare(seed: number, build: RandomBuild, root: string): Promise<string | undefined> {
  const folder = join(root, String(seed));
  for (const [path, text] of Object.entries(build.files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const theirs = await askTool(join(folder, build.path));
  rmSync(folder, { recursive: true, force: true });
  const ours = buildKustomization(new MemorySnapshot(build.files), build.path);
  const problems = ours.problems.map((problem) => `${problem.path}: ${problem.message}`).join('; ');
  if (theirs.failed) return problems === '' ? `seed ${seed}: only the tool fails` : undefined;
  if (problems !== '') return `seed ${seed}: only we fail: ${problems.slice(0, 200)}`;
  const text = ours.text();
  if (text === theirs.text || withoutKnownDifferences(text) === withoutKnownDifferences(theirs.text)) return undefined;
  const [left, right] = [theirs.text.split('\n'), text.split('\n')];
  const line = left.findIndex((one, index) => one !== right[index]);
  return `seed ${seed}: line ${line + 1} is ${JSON.stringify(left[line])}, ours is ${JSON.stringify(right[line])}`;
}

async function compareAll(make: (seed: number) => RandomBuild, root: string): Promise<string[]> {
  const wrong: string[] = [];
  const endMs = SECONDS === 0 ? Number.POSITIVE_INFINITY : Date.now() + SECONDS * 1000;
  let next = SEED;
  const work = async (): Promise<void> => {
    while (next < SEED + COUNT && Date.now() < endMs) {
      const seed = next++;
      const found = await compare(seed, make(seed), root);
      if (found !== undefined) wrong.push(found);
    }
  };
  await Promise.all(Array.from({ length: PROCESSES }, work));
  console.log(`${next - SEED} inputs from seed ${SEED} on, ${wrong.length} differences`);
  return wrong;
}

describe('kustomize build', () => {
  if (process.env.ORACLES === undefined || !existsSync(BINARY)) {
    it.skip('no kustomize in ORACLES');
    return;
  }
  const root = mkdtempSync(join(tmpdir(), 'evenkeel-kustomize-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('prints the same for random kustomizations', async () => {
    const wrong = await compareAll((seed) => makeBuild(seededRandom(seed)), root);
    expect(wrong.length, wrong.slice(0, 20).join('\n')).toBe(0);
  });

  it('prints the same for replacements into texts', async () => {
    const wrong = await compareAll((seed) => makeStructuredText(seededRandom(seed)), root);
    expect(wrong.length, wrong.slice(0, 20).join('\n')).toBe(0);
  });

  it('prints the same for mutated real kustomizations', async () => {
    const builds = seedBuilds();
    if (builds.length === 0) return;
    const wrong = await compareAll((seed) => makeMutant(seededRandom(seed), builds), root);
    expect(wrong.length, wrong.slice(0, 20).join('\n')).toBe(0);
  });
});
