import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERRORS } from '../../src/core/errors.ts';
import { at, isJsonObject, own, stringAt, type Json } from '../../src/core/json.ts';
import { applicationCrd } from '../../src/config/application-crd.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { OVERLAYS } from '../../src/cli/install/overlays.ts';

const readme = readFileSync('README.md', 'utf8');
const operations = readFileSync('docs/operations.md', 'utf8');

/** Cells of the table rows below a heading. */
function rowsBelow(text: string, heading: string): string[][] {
  const from = text.indexOf(`\n${heading}\n`);
  if (from < 0) throw new Error(`no heading ${heading}`);
  const section = text.slice(from + heading.length + 2).split(/\n#{1,4} /)[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function coded(cell: string | undefined): string {
  return /^`([^`]+)`/.exec(cell ?? '')?.[1] ?? '';
}

/** Every field of a schema, dotted; objects and lists of objects by what is in them. */
function fieldsOf(schema: Json | undefined, path = ''): string[] {
  const items = own(schema, 'items');
  const inner = isJsonObject(items) ? items : schema;
  const properties = own(inner, 'properties');
  const own_ = path === '' ? [] : [path];
  if (!isJsonObject(properties) || Object.keys(properties).length === 0) return own_;
  return [
    ...(items === undefined ? [] : own_),
    ...Object.entries(properties).flatMap(([name, value]) => fieldsOf(value, path === '' ? name : `${path}.${name}`)),
  ];
}

describe('the table of error codes in docs/operations.md', () => {
  const rows = rowsBelow(operations, '### Error codes').filter((cells) => coded(cells[0]) !== '');

  it('is the table of the code, line by line', () => {
    const documented = rows.map(([code, exit, retry]) => `${coded(code)} ${exit} ${retry}`).sort();
    const real = Object.entries(ERRORS).map(([code, { exitCode, retry }]) => `${code} ${exitCode} ${retry}`);
    expect(documented).toEqual(real.sort());
  });

  it('says of each what it means and what to do', () => {
    for (const [code, , , meaning, remedy] of rows) expect(`${meaning}${remedy}`.length, code).toBeGreaterThan(10);
  });
});

describe('the README', () => {
  it('has a line for every field of Application, and for no other', () => {
    const documented = rowsBelow(readme, '## Application reference')
      .map(([cell]) => coded(cell))
      .filter((name) => name !== '');
    const versions = at(applicationCrd(), 'spec', 'versions');
    const spec = at(
      Array.isArray(versions) ? (versions[0] as Json) : null,
      'schema',
      'openAPIV3Schema',
      'properties',
      'spec',
    );
    expect(documented.toSorted()).toEqual(fieldsOf(spec).toSorted());
  });

  it('shows the defaults that the server fills in', () => {
    const rows = new Map(
      rowsBelow(readme, '## Application reference').map(([name, value]) => [coded(name), coded(value)]),
    );
    const versions = at(applicationCrd(), 'spec', 'versions');
    const spec = at(
      Array.isArray(versions) ? (versions[0] as Json) : null,
      'schema',
      'openAPIV3Schema',
      'properties',
      'spec',
    );
    const wrong: string[] = [];
    const walk = (schema: Json | undefined, path: string): void => {
      const properties = own(schema, 'properties');
      if (!isJsonObject(properties)) return;
      for (const [name, value] of Object.entries(properties)) {
        const field = path === '' ? name : `${path}.${name}`;
        const filled = own(value, 'default');
        const text = typeof filled === 'string' ? filled : JSON.stringify(filled);
        if (filled !== undefined && !isJsonObject(filled) && rows.get(field) !== text) wrong.push(`${field}: ${text}`);
        walk(value, field);
      }
    };
    walk(spec, '');
    expect(wrong).toEqual([]);
  });

  it('has a line for every command, and for no other', () => {
    const program = buildProgram(
      '0',
      async () => undefined,
      () => undefined,
    );
    const real = program.commands.map((command) => command.name());
    const documented = rowsBelow(readme, '## Commands')
      .map(([cell]) => /^`evenkeel (\w+)/.exec(cell ?? '')?.[1] ?? '')
      .filter((name) => name !== '');
    expect(documented.toSorted()).toEqual(real.sort());
  });

  it('has a line for every exit code, and for no other', () => {
    const documented = rowsBelow(readme, '## Commands')
      .map(([cell]) => Number(cell))
      .filter((code) => Number.isInteger(code));
    const real = new Set([0, 1, ...Object.values(ERRORS).map(({ exitCode }) => exitCode)]);
    expect(new Set(documented)).toEqual(real);
  });

  it('has a line for every guard', () => {
    const source = readFileSync('src/core/plan.ts', 'utf8');
    const guards = [...(/readonly guard:([^;]+);/.exec(source)?.[1] ?? '').matchAll(/'(\w+)'/g)].map(
      ([, name = '']) => name,
    );
    const documented = rowsBelow(readme, '## How it behaves')
      .map(([cell]) => coded(cell))
      .filter((name) => name !== '');
    // The same object twice is found by the render already.
    expect(documented.toSorted()).toEqual(guards.filter((name) => name !== 'DuplicateObject').sort());
  });

  it('names every annotation that is read', () => {
    const source = readFileSync('src/plan/annotations.ts', 'utf8');
    const read = [...new Set([...source.matchAll(/annotation\(\s*'([^']+)'/g)].map(([, name = '']) => name))];
    expect(read.length).toBeGreaterThan(10);
    expect(read.filter((name) => !readme.includes(name))).toEqual([]);
  });
});

describe('the documents', () => {
  it('name overlays, alerts and files that are there', () => {
    const text = readFileSync('deploy/README.md', 'utf8');
    for (const overlay of OVERLAYS) expect(text).toContain(`| \`${overlay}\` |`);
    for (const [file, content] of [
      ['README.md', readme],
      ['docs/operations.md', operations],
      ['docs/security.md', readFileSync('docs/security.md', 'utf8')],
      ['src/README.md', readFileSync('src/README.md', 'utf8')],
    ] as const) {
      for (const [, target = ''] of content.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g))
        expect(
          () => readFileSync(new URL(`../../${file.replace(/[^/]+$/, '')}${target}`, import.meta.url)),
          `${file}: ${target}`,
        ).not.toThrow(/ENOENT/);
    }
  });

  it('call Applications what the definition calls them', () => {
    expect(stringAt(applicationCrd(), 'spec', 'names', 'plural')).toBe('applications');
  });
});
