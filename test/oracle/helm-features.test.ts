import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FEATURE_CASES } from '../render/helm/features/cases.ts';

const ORACLES = process.env['ORACLES'];
if (ORACLES === undefined)
  console.log('goldens of the feature chart: skipped, ORACLES names no folder with the real tools');
const FOLDER = join(import.meta.dirname, '../render/helm/features');

/** What `helm` prints; undefined when it fails. */
function helm(args: readonly string[]): Promise<string | undefined> {
  return new Promise((done) => {
    execFile(join(ORACLES ?? '', 'helm'), args, { cwd: FOLDER }, (error, stdout) =>
      done(error === null ? stdout : undefined),
    );
  });
}

describe.skipIf(ORACLES === undefined)('goldens of the feature chart', () => {
  // UPDATE_GOLDENS=1 writes them anew.
  it.each(Object.entries(FEATURE_CASES))('%s is what Helm says', async (name, args) => {
    const golden = join(FOLDER, `${name}.golden.yaml`);
    const text = await helm(args);
    if (process.env['UPDATE_GOLDENS'] !== undefined) {
      if (text === undefined) rmSync(golden, { force: true });
      else writeFileSync(golden, text);
    }
    expect(existsSync(golden) ? readFileSync(golden, 'utf8') : undefined).toBe(text);
  });
});
