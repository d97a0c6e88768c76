import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../../src/core/errors.ts';
import { ChartProblem } from '../../../../src/render/helm/load/chart-problem.ts';
import { loadChart } from '../../../../src/render/helm/load/load-chart.ts';
import { type MemoryFile, MemorySnapshot } from '../../../doubles/memory-snapshot.ts';
import { packChart } from '../tar-builder.ts';

const YAML = 'apiVersion: v2\nname: web\nversion: 1.0.0\n';

function load(files: Record<string, MemoryFile>, path = '') {
  return loadChart(new MemorySnapshot(files), path).chart;
}

function problem(files: Record<string, MemoryFile>): string {
  try {
    load(files);
  } catch (thrown) {
    if (thrown instanceof ChartProblem) return `${thrown.path}: ${thrown.message}`;
    if (thrown instanceof EngineError) return thrown.code;
    throw thrown;
  }
  return 'accepted';
}

describe('a chart folder', () => {
  it('gives templates, files, values and subcharts, folders and archives', () => {
    const chart = load(
      {
        'apps/web/Chart.yaml': YAML,
        'apps/web/values.yaml': 'a: 1\n',
        'apps/web/templates/a.yaml': 'x',
        'apps/web/templates/.hidden': 'x',
        'apps/web/crds/c.yaml': 'x',
        'apps/web/README.md': 'x',
        'apps/web/charts/db/Chart.yaml': 'name: db\nversion: 2.0.0\n',
        'apps/web/charts/mq-1.0.0.tgz': packChart('mq', '1.0.0'),
        'apps/web/charts/_off/Chart.yaml': 'nonsense',
        'apps/web/charts/.off/Chart.yaml': 'nonsense',
      },
      'apps/web',
    );
    expect(chart.templates.map(({ origin }) => origin)).toEqual(['apps/web/templates/a.yaml']);
    expect(chart.files.map(({ name }) => name)).toEqual(['README.md', 'crds/c.yaml']);
    expect(chart.values).toEqual({ a: 1 });
    expect(chart.dependencies.map(({ metadata }) => [metadata.name, metadata.apiVersion])).toEqual([
      ['db', 'v1'],
      ['mq', 'v2'],
    ]);
  });

  it('of version v1 takes its dependencies from requirements.yaml', () => {
    const chart = load({
      'Chart.yaml': 'apiVersion: v1\nname: web\nversion: 1.0.0\n',
      'requirements.yaml': 'dependencies: [{name: db, version: "1", repository: ""}]\n',
    });
    expect(chart.metadata.dependencies?.map(({ name }) => name)).toEqual(['db']);
    expect(chart.files.map(({ name }) => name)).toEqual(['requirements.yaml']);
  });

  it('leaves out what .helmignore names', () => {
    const chart = load({
      'Chart.yaml': YAML,
      '.helmignore': '# comment\n*.bak\n/secret/\nconf/*.tmp\n',
      'a.bak': '',
      'deep/b.bak': '',
      'secret/x': '',
      'deep/secret/x': '',
      'conf/x.tmp': '',
      'conf/deep/x.tmp': '',
    });
    expect(chart.files.map(({ name }) => name)).toEqual(['.helmignore', 'conf/deep/x.tmp', 'deep/secret/x']);
  });

  it('reads numbers and truths in text fields as Helm does', () => {
    const { metadata } = load({
      'Chart.yaml': `${YAML}appVersion: 1.10\nannotations: {a: 1, b: true}\nkeywords: [1]\n`,
    });
    expect(metadata.appVersion).toBe('1.1');
    expect(metadata.annotations).toEqual({ a: '1', b: 'true' });
    expect(metadata.keywords).toEqual(['1']);
  });

  it('takes a byte order mark and Windows line ends', () => {
    const chart = load({ 'Chart.yaml': `\uFEFF${YAML.replaceAll('\n', '\r\n')}`, 'values.yaml': '\uFEFFa: b\r\n' });
    expect([chart.metadata.name, chart.values['a']]).toEqual(['web', 'b']);
  });

  it.each<[string, Record<string, MemoryFile>, string]>([
    ['no Chart.yaml', { 'x.yaml': '' }, ': Chart.yaml file is missing'],
    ['a Chart.yaml that is a list', { 'Chart.yaml': '[]' }, 'cannot load Chart.yaml: it must be a map'],
    ['a broken Chart.yaml', { 'Chart.yaml': 'a: [' }, 'Chart.yaml: cannot load Chart.yaml: '],
    ['no name', { 'Chart.yaml': 'apiVersion: v2\nversion: 1.0.0\n' }, 'chart.metadata.name is required'],
    [
      'name: ..',
      { 'Chart.yaml': 'apiVersion: v2\nname: ..\nversion: 1.0.0\n' },
      'chart.metadata.name ".." is not allowed',
    ],
    ['name: .', { 'Chart.yaml': 'apiVersion: v2\nname: .\nversion: 1.0.0\n' }, 'is not allowed'],
    [
      'a name with a path',
      { 'Chart.yaml': 'apiVersion: v2\nname: a/b\nversion: 1.0.0\n' },
      'chart.metadata.name "a/b" is invalid',
    ],
    ['no version', { 'Chart.yaml': 'apiVersion: v2\nname: web\n' }, 'chart.metadata.version is required'],
    [
      'a version that is none',
      { 'Chart.yaml': 'apiVersion: v2\nname: web\nversion: ../x\n' },
      'chart.metadata.version "../x" is invalid',
    ],
    [
      'an unknown type',
      { 'Chart.yaml': `${YAML}type: plugin\n` },
      'chart.metadata.type must be application or library',
    ],
    [
      'an unknown apiVersion',
      { 'Chart.yaml': 'apiVersion: v9\nname: web\nversion: 1.0.0\n' },
      'apiVersion "v9" is not supported',
    ],
    [
      'a list for a name',
      { 'Chart.yaml': 'apiVersion: v2\nname: [a]\nversion: 1.0.0\n' },
      'name must be text, not a list',
    ],
    ['dependencies that are no list', { 'Chart.yaml': `${YAML}dependencies: x\n` }, 'dependencies must be a list'],
    ['a null dependency', { 'Chart.yaml': `${YAML}dependencies: [null]\n` }, 'must not contain empty or null nodes'],
    [
      'an alias with a path',
      { 'Chart.yaml': `${YAML}dependencies: [{name: a, alias: ../b}]\n` },
      'disallowed characters in the alias',
    ],
    [
      'two dependencies of one name',
      { 'Chart.yaml': `${YAML}dependencies: [{name: a}, {name: a}]\n` },
      'more than one dependency with name or alias "a"',
    ],
    [
      'values that are a list',
      { 'Chart.yaml': YAML, 'values.yaml': '- a\n' },
      'values.yaml: cannot load values: the document is not a map',
    ],
    ['** in .helmignore', { 'Chart.yaml': YAML, '.helmignore': 'a/**\n' }, '.helmignore: line 1: double-star'],
    [
      'a broken pattern in .helmignore',
      { 'Chart.yaml': YAML, '.helmignore': '[a\n' },
      '.helmignore: line 1: syntax error in pattern',
    ],
    [
      'a file in charts/ that is no chart',
      { 'Chart.yaml': YAML, 'charts/README.md': 'x' },
      'charts/README.md: Chart.yaml file is missing',
    ],
    ['a Chart.yaml that links out of the repository', { 'Chart.yaml': { link: '../../etc/passwd' } }, 'SourceRefused'],
    [
      'a values.yaml that links to an absolute path',
      { 'Chart.yaml': YAML, 'values.yaml': { link: '/etc/passwd' } },
      'SourceRefused',
    ],
    ['a folder that links to itself', { 'Chart.yaml': YAML, loop: { link: 'loop' } }, 'SourceRefused'],
    ['a folder that links to its parent', { 'Chart.yaml': YAML, 'up/in': { link: '../up' } }, 'SourceRefused'],
  ])('is refused with %s', (_what, files, message) => {
    expect(problem(files)).toContain(message);
  });

  it('survives every wrong type in Chart.yaml', () => {
    const wrong = ['null', '1', 'true', '[]', '{}', '[{}]', '[1]', '{a: {b: []}}', '"x"', '{__proto__: {x: 1}}'];
    for (const field of [
      'name',
      'version',
      'keywords',
      'maintainers',
      'annotations',
      'dependencies',
      'type',
      'deprecated',
      'sources',
    ]) {
      for (const value of wrong)
        expect(() =>
          problem({ 'Chart.yaml': `apiVersion: v2\nname: web\nversion: 1.0.0\n${field}: ${value}\n` }),
        ).not.toThrow();
    }
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});
