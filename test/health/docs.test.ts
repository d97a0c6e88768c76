import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { kindsPage } from './kinds-page.ts';

const PAGE = 'docs/health/kinds.md';

it('the page of all kinds is what the rules say', () => {
  const page = kindsPage();
  if (process.env['EVENKEEL_WRITE_DOCS'] === '1') writeFileSync(PAGE, page);
  expect(
    readFileSync(PAGE, 'utf8') === page,
    `${PAGE} is old: run EVENKEEL_WRITE_DOCS=1 npx vitest run --project unit test/health/docs.test.ts`,
  ).toBe(true);
});
