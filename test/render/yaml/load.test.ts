import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/core/json.ts';
import { DEFAULT_YAML_LIMITS, loadYaml, type YamlDialect } from '../../../src/render/yaml/load.ts';

const DIALECTS: readonly YamlDialect[] = ['helm', 'kubernetes', 'kustomize'];

function values(text: string, dialect: YamlDialect = 'kubernetes'): Json[] {
  const { documents, problems } = loadYaml(text, dialect);
  expect(problems).toEqual([]);
  return documents.map((document) => document.value);
}

describe('loadYaml', () => {
  it('reads words by the rules of YAML 1.1, but not for Kustomize', () => {
    expect(values('a: yes\n')).toEqual([{ a: true }]);
    expect(values('a: yes\n', 'kustomize')).toEqual([{ a: 'yes' }]);
    expect(values('on: 1\n')).toEqual([{ true: 1 }]);
  });

  it('reads octal, sexagesimal and dates as Go does', () => {
    expect(values('[014, 0o14, 1_000, 1:30, 2024-01-01]')).toEqual([[12, 12, 1000, '1:30', '2024-01-01']]);
  });

  it('keeps integers digit by digit, with helm as a float64', () => {
    expect(values('a: 12345678901234567890\n')).toEqual([{ a: 12345678901234567890n }]);
    expect(values('a: 12345678901234567890\n', 'helm')).toEqual([{ a: 12345678901234567000 }]);
  });

  it('takes the last duplicate for helm and refuses duplicates otherwise, each with its place', () => {
    const text = 'a: 1\nb: 1\na: 2\nb: 3\n';
    expect(values(text, 'helm')).toEqual([{ a: 2, b: 3 }]);
    for (const dialect of ['kubernetes', 'kustomize'] as const) {
      const { documents, problems } = loadYaml(text, dialect);
      expect(documents).toEqual([]);
      expect(problems.map(({ line, column }) => [line, column])).toEqual(
        [
          [3, 1],
          [4, 1],
        ].slice(0, problems.length),
      );
      expect(problems[0]?.message).toContain('"a" is set twice');
    }
  });

  it('minds the value of a null key, which Kustomize leaves out', () => {
    expect(values('~: 1\na: 2\n', 'kustomize')).toEqual([{ a: 2 }]);
    const { problems } = loadYaml('~: |2\n  \ttab\na: 2\n', 'kustomize');
    expect(problems.map(({ message }) => message)).toEqual(['a block scalar that begins with a tab cannot be written']);
  });

  it('gives a folded text the line breaks that Kustomize gives it, whatever its tag', () => {
    for (const tag of ['', '!own ', '!!str '])
      expect(loadYaml(`a: ${tag}>+\n  x\n\nb: c\n`, 'kustomize').documents[0]?.value).toEqual({ a: 'x\n\n\n', b: 'c' });
  });

  it('takes `__proto__`, `constructor` and `prototype` for keys like any other', () => {
    for (const dialect of DIALECTS) {
      const [value] = values(
        '__proto__: {polluted: 1}\nconstructor: {prototype: {polluted: 2}}\n<<: {x: 3}\n',
        dialect,
      );
      expect(Object.hasOwn(value as object, '__proto__')).toBe(true);
      expect(Object.keys(value as object).sort()).toEqual(['__proto__', 'constructor', 'x']);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    }
    const [quick] = values('__proto__:\n  polluted: 1\n');
    expect(Object.keys(quick as object)).toEqual(['__proto__']);
    expect('toString' in (quick as object)).toBe(false);
  });

  it('reads CRLF, a byte order mark and text without a final line break', () => {
    expect(values('\ufeffa: 1\r\nb: |\r\n  x\r\n  y\r\n')).toEqual([{ a: 1, b: 'x\ny\n' }]);
    expect(values('a: 1')).toEqual([{ a: 1 }]);
  });

  it('tells documents apart and where each begins', () => {
    const { documents } = loadYaml('# first\na: 1\n---\n\nb: 2\n---\n...\n---\nc: 3\n', 'kubernetes');
    expect(documents.map(({ value, line, index }) => [value, line, index])).toEqual([
      [{ a: 1 }, 2, 0],
      [{ b: 2 }, 5, 1],
      [null, 6, 2],
      [{ c: 3 }, 9, 3],
    ]);
  });

  it('says where a path stands', () => {
    const text = 'a: 1\n---\nmetadata:\n  labels: &l\n    app: web\nspec:\n  - name: x\n    labels: *l\n';
    const document = loadYaml(text, 'kubernetes').documents[1];
    expect(document?.locate(['metadata', 'labels', 'app'])).toEqual({
      line: 5,
      column: 5,
      excerpt: '    app: web\n    ^',
    });
    expect(document?.locate(['spec', 0, 'name'])).toMatchObject({ line: 7, column: 5 });
    expect(document?.locate(['spec', 0, 'labels', 'app'])).toMatchObject({ line: 5 });
    expect(document?.locate(['metadata', 'name'])).toMatchObject({ line: 3, column: 1 });
  });

  it('reports every broken document with line, column and excerpt, and keeps the others', () => {
    const { documents, problems } = loadYaml('a: [1\n---\nb: 2\n---\nc: d: e\n---\nf: 3\n', 'kubernetes');
    expect(documents.map(({ value }) => value)).toEqual([{ b: 2 }, { f: 3 }]);
    expect(problems.map(({ line, column, document }) => [document, line, column])).toEqual([
      [0, 2, 1],
      [2, 5, 5],
    ]);
    expect(problems[1]).toMatchObject({
      message: 'mapping values are not allowed in this context',
      excerpt: 'c: d: e\n    ^',
    });
  });

  it('shows a long line around the place', () => {
    const { problems } = loadYaml(`a: "${'x'.repeat(500)}" b\n`, 'kubernetes');
    const [line = '', caret = ''] = problems[0]?.excerpt.split('\n') ?? [];
    expect(line.length).toBeLessThanOrEqual(160);
    expect(line[caret.length - 1]).toBeDefined();
  });

  it('names a character that is not allowed', () => {
    expect(loadYaml('a: \u0007\n', 'helm').problems).toMatchObject([
      { message: 'character U+0007 is not allowed', line: 1, column: 4 },
    ]);
  });
});

describe('hostile YAML', () => {
  const deep = [
    '['.repeat(3000),
    '{a: '.repeat(3000),
    '- '.repeat(3000),
    '? '.repeat(3000),
    '['.repeat(1_000_000),
    Array.from({ length: 3000 }, (_, level) => `${' '.repeat(level)}a:\n`).join(''),
    `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    `{"a":${'['.repeat(5000)}1${']'.repeat(5000)}}`,
  ];

  it.each(deep.map((text) => [text.slice(0, 12), text]))('refuses %s… again and again', (_name, text) => {
    // The large ones cost their size each time.
    for (let repeat = 0; repeat < (text.length > 100_000 ? 3 : 100); repeat++) {
      for (const dialect of DIALECTS) {
        const { problems } = loadYaml(text, dialect);
        expect(problems[0]?.message).toContain('nested deeper than 64 levels');
      }
    }
  });

  it('takes what is as deep as the limit', () => {
    const text = `${'['.repeat(64)}1${']'.repeat(64)}`;
    expect(loadYaml(text, 'kubernetes').problems).toEqual([]);
    expect(loadYaml(`[${text}]`, 'kubernetes').problems).toHaveLength(1);
  });

  it('refuses an alias bomb', () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const item = level === 0 ? '"lol"' : `*l${level - 1}`;
      return `l${level}: &l${level} [${Array(9).fill(item).join(', ')}]`;
    });
    for (const dialect of DIALECTS) {
      expect(loadYaml(`${levels.join('\n')}\n`, dialect).problems[0]?.message).toMatch(/alias/);
    }
  });

  it('refuses an alias that contains itself', () => {
    for (const dialect of DIALECTS) {
      expect(loadYaml('a: &x {b: *x}\n', dialect).problems[0]?.message).toContain('contains itself');
    }
  });

  it('refuses texts beyond the limits and names them', () => {
    const limits = { ...DEFAULT_YAML_LIMITS, bytes: 1000, documents: 3 };
    expect(loadYaml('é'.repeat(600), 'kubernetes', limits).problems[0]?.message).toBe(
      'the text has 1200 bytes, at most 1000 are read',
    );
    const { documents, problems } = loadYaml('---\na: 1\n'.repeat(10), 'kubernetes', limits);
    expect(documents).toHaveLength(3);
    expect(problems).toMatchObject([{ message: 'the text has more than 3 documents', line: 8 }]);
    expect(loadYaml('---\n&a 1\n'.repeat(10), 'kubernetes', limits).problems).toHaveLength(1);
  });

  it('needs time in proportion to the text', () => {
    const hostile = [
      '"'.repeat(80_000),
      "a: 'x\n".repeat(30_000),
      '---\na: [\n'.repeat(30_000),
      `${'a\n'.repeat(40_000)}:`,
      `${' '.repeat(400_000)}x`,
      '#\n'.repeat(80_000),
      `a: ${'"" '.repeat(40_000)}`,
      '%'.repeat(80_000),
      '!'.repeat(80_000),
      `x: |\n${'\n'.repeat(80_000)}  y\n`,
      `[${'a,'.repeat(50_000)}]`,
      '&a '.repeat(40_000),
      `{${'a: *a, '.repeat(50_000)}}`,
      `? ${'a'.repeat(100_000)}`,
      `${'- - a\n'.repeat(1)}${'-\n'.repeat(50_000)}`,
    ];
    const start = process.cpuUsage();
    for (const text of hostile) for (const dialect of DIALECTS) loadYaml(text, dialect);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(10_000);
  });
});
