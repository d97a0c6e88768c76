// After the compiler: makes one module of the health rules, `dist/health/rules/all.js`, in the place of one per project. A new process reads one
// file of data then, instead of a hundred, which is most of what it takes to have the rules.
import { deepStrictEqual } from 'node:assert/strict';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';

const folder = new URL('../dist/health/rules/', import.meta.url);
const list = new URL('all.js', folder);
const { RULES } = await import(list.href);
const text = JSON.stringify(RULES);
deepStrictEqual(JSON.parse(text), RULES, 'a health rule holds something that is not data');
for (const name of readdirSync(folder)) {
  if (name !== 'all.d.ts' && !name.startsWith('form.')) rmSync(new URL(name, folder));
}
// A text that is parsed is faster to load than the same as an expression.
writeFileSync(list, `export const RULES = JSON.parse(${JSON.stringify(text)});\n`);
