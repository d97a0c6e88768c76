import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/core/errors.ts';
import type { Json } from '../../../src/core/json.ts';
import { derivedEntropy } from '../../../src/render/helm/functions/entropy.ts';
import { DEFAULT_BUDGET } from '../../../src/render/helm/gotemplate/budget.ts';
import { renderChart, type RenderChartOptions } from '../../../src/render/helm/render-chart.ts';
import { type MemoryFile, MemorySnapshot } from '../../doubles/memory-snapshot.ts';
import { CHART, lines, render, written } from './one-chart.ts';
import { packChart } from './tar-builder.ts';

describe('a chart that fails', () => {
  it('reports every template that does not parse, with its place', () => {
    const result = render(
      {
        'apps/web/Chart.yaml': CHART,
        'apps/web/templates/a.yaml': 'x: 1\n{{ if }}\n',
        'apps/web/templates/b.yaml': '{{ nope }}\n',
        'apps/web/templates/ok.yaml': 'x: 1\n',
      },
      {},
      'apps/web',
    );
    expect(lines(result)).toEqual([
      expect.stringMatching(
        /^apps\/web\/templates\/b\.yaml:1:.* parse error at \(web\/templates\/b\.yaml:1\): function "nope" not defined/,
      ),
      expect.stringMatching(
        /^apps\/web\/templates\/a\.yaml:2:.* parse error at \(web\/templates\/a\.yaml:2\): missing value for if/,
      ),
    ]);
    expect(result.text).toBe('');
  });

  it('reports every template that does not run, with chart, template, line and column', () => {
    const result = render({
      'templates/a.yaml': 'a: {{ .Values.x.y }}\n',
      'templates/b.yaml': 'a: 1\nb: {{ required "say it" .Values.z }}\n',
      'templates/c.yaml': 'c: {{ fail "no" }}\n',
    });
    expect(lines(result)).toEqual([
      'templates/c.yaml:1:7 execution error at (web/templates/c.yaml:1:6): no',
      'templates/b.yaml:2:7 execution error at (web/templates/b.yaml:2:6): say it',
      'templates/a.yaml:1:14 web/templates/a.yaml:1:13',
    ]);
    expect(result.problems[2]?.excerpt).toBe('a: {{ .Values.x.y }}\n             ^');
  });

  it('shows the line of a document that is no YAML, but of no Secret', () => {
    const result = render({
      'values.yaml': 'password: hunter2\n',
      'templates/a.yaml': 'kind: ConfigMap\ndata:\n  a: x: y\n',
      'templates/b.yaml': 'stringData:\n  a: {{ .Values.password }}: b\nkind: Secret\n',
      'templates/c.yaml': '{ "kind": "Secret", "data": { "a": {{ .Values.password }} }\n',
    });
    expect(result.problems.map(({ excerpt }) => excerpt)).toEqual(['  a: x: y\n      ^', undefined, undefined]);
    expect(JSON.stringify(result.problems)).not.toContain('hunter2');
  });

  it('reports every document that is no YAML', () => {
    const result = render({
      'templates/a.yaml': 'a: [\n',
      'templates/b.yaml': 'a: 1\n---\n- b\n',
      'templates/c.yaml': 'metadata: x\n',
    });
    expect(lines(result)).toEqual([
      expect.stringContaining('templates/a.yaml'),
      expect.stringContaining('YAML parse error on web/templates/b.yaml: the document is a list, not a map'),
      expect.stringContaining('YAML parse error on web/templates/c.yaml: metadata must be a map'),
    ]);
  });

  it('names the dependencies that are missing', () => {
    const dependencies = 'dependencies: [{name: db, version: "1"}, {name: mq, version: "1"}]\n';
    expect(lines(render({ 'Chart.yaml': CHART + dependencies }))).toEqual([
      ':-:- found in Chart.yaml, but missing in charts/ directory: db, mq',
    ]);
  });

  it.each<[string, Record<string, MemoryFile>, Partial<RenderChartOptions>, string]>([
    ['is a library', { 'Chart.yaml': `${CHART}type: library\n` }, {}, 'library charts are not installable'],
    ['has a bad release name', {}, { releaseName: 'A_b' }, 'invalid release name "A_b"'],
    [
      'wants another Kubernetes',
      { 'Chart.yaml': `${CHART}kubeVersion: ">=2"\n` },
      {},
      'chart requires kubeVersion: >=2',
    ],
    ['has values against its schema', { 'values.schema.json': '{"required":["a"]}' }, {}, "missing property 'a'"],
    ['has values that are no YAML', { 'values.yaml': 'a: [' }, {}, 'cannot load values'],
    ['misses a value file', {}, { valueFiles: ['more.yaml'] }, 'more.yaml:-:- values file not found'],
    ['has a bad flag', {}, { set: [{ flag: 'set', text: 'a' }] }, 'failed parsing --set data: key "a" has no value'],
  ])('because it %s', (_what, files, options, message) => {
    expect(lines(render(files, options)).join('\n') + render(files, options).problems[0]?.message).toContain(message);
  });
});

describe('values', () => {
  it('come from files beside the chart, in order, then inline, then flags', () => {
    const files = {
      'apps/web/Chart.yaml': CHART,
      'apps/web/templates/x.yaml': 'v: {{ .Values | toJson }}\n',
      'apps/web/values.yaml': 'a: 0\nb: 0\nc: 0\nd: 0\ne: 0\n',
      'apps/web/prod.yaml': 'b: 1\nc: 1\nd: 1\ne: 1\n',
      'apps/shared.yaml': 'c: 2\nd: 2\ne: 2\n',
    };
    const { text } = render(
      files,
      { valueFiles: ['prod.yaml', '../shared.yaml'], values: { d: 3, e: 3 }, set: [{ flag: 'set', text: 'e=4' }] },
      'apps/web',
    );
    expect(text).toContain('v: {"a":0,"b":1,"c":2,"d":3,"e":4}');
  });

  it.each(['../../../etc/passwd', '/etc/passwd', 'a/../../../../b', 'x\0y'])('never come from %j', (path) => {
    const files = { 'apps/web/Chart.yaml': CHART };
    expect(() => render(files, { valueFiles: [path] }, 'apps/web')).toThrow(EngineError);
  });

  it('keep keys that mean something to JavaScript', () => {
    const values = '__proto__: {polluted: 1}\nconstructor: {prototype: {polluted: 1}}\ntoString: x\n';
    expect(written('{{ .Values | toJson }}', { 'values.yaml': values })).toBe(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":"x"}',
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it.each([
    ['lists in lists', '['.repeat(5000)],
    ['maps in maps', '{a: '.repeat(5000)],
    ['block lists', '- '.repeat(5000)],
    ['complex keys', '? '.repeat(5000)],
    [
      'an alias bomb',
      `a: &a [x, x]\n${Array.from('bcdefghi')
        .map((name, index) => `${name}: &${name} [${`*${'abcdefgh'[index]}, `.repeat(9)}]`)
        .join('\n')}\n`,
    ],
    ['an alias of itself', 'a: &a [*a]\n'],
    ['a tag', 'a: !!js/function "x"\n'],
    ['UTF-16', '\u0000a\u0000:'],
  ])('with %s are a problem or harmless, never a crash', (_what, text) => {
    expect(() =>
      render({ 'values.yaml': text, 'templates/x.yaml': 'v: {{ .Values | toJson | quote }}\n' }),
    ).not.toThrow();
  });
});

describe('templates', () => {
  it.each([
    ['{{ .Values.constructor }}', ''],
    ['{{ index .Values "__proto__" }}', ''],
    ['{{ .Values.toString }}', ''],
    ['{{ .Chart.constructor }}', ''],
    ['{{ .Files.Get "../../etc/passwd" }}', ''],
    ['{{ .Files.Get "/etc/passwd" }}', ''],
    ['{{ .Files.Get "Chart.yaml" }}', ''],
    ['{{ range $name, $_ := .Files.Glob "../**" }}{{ $name }}{{ end }}', ''],
    ['{{ getHostByName "localhost" }}', ''],
    ['{{ lookup "v1" "Secret" "kube-system" "token" }}', 'map[]'],
    ['{{ regexMatch "^(a+)+$" (printf "%s!" (repeat 5000 "a")) }}', 'false'],
  ])('%s gives %j', (template, expected) => {
    expect(written(template)).toBe(expected);
  });

  it.each([
    '{{ env "HOME" }}',
    '{{ expandenv "$HOME" }}',
    '{{ .Values.constructor.constructor "x" }}',
    '{{ "x".constructor }}',
  ])('%s fails', (template) => {
    expect(written(template)).toMatch(/^FAILS /);
  });

  it.each([
    ['a loop over a million million', '{{ range until 1000000000 }}{{ end }}'],
    ['loops in loops', '{{ range until 100000 }}{{ range until 100000 }}x{{ end }}{{ end }}'],
    ['a template that includes itself', '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}'],
    ['a template that calls itself', '{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}'],
    ['tpl in tpl', '{{ define "a" }}{{ tpl "{{ include \\"a\\" . }}" . }}{{ end }}{{ include "a" . }}'],
    ['a billion letters', '{{ repeat 1000000000 "x" }}'],
    ['a string that doubles', '{{ $x := "x" }}{{ range until 64 }}{{ $x = cat $x $x }}{{ end }}'],
    ['a list that doubles', '{{ $x := list 1 }}{{ range until 64 }}{{ $x = concat $x $x }}{{ end }}'],
    ['padding', '{{ range until 100 }}{{ printf "%999999d" 1 }}{{ end }}'],
    ['a long sequence', '{{ seq 1 1000000000 }}'],
    ['long indents', '{{ range until 100000 }}{{ indent 100000 "x" }}{{ end }}'],
  ])('%s is stopped', (_what, template) => {
    const budget = { ...DEFAULT_BUDGET, steps: 200_000, outputBytes: 8 * 1024 * 1024, depth: 2_000 };
    let outcome = 'rendered';
    try {
      outcome = written(template, {}, { budget }).slice(0, 200);
    } catch (thrown) {
      outcome = thrown instanceof EngineError ? thrown.code : String(thrown);
    }
    expect(outcome).toMatch(/^(?:RenderLimit$|FAILS )/);
  });

  it('that write too many documents are stopped', () => {
    expect(() => render({ 'templates/x.yaml': '{{ range until 60000 }}---\na: 1\n{{ end }}' })).toThrow(
      'more than 50000 documents',
    );
  });

  it('that fail with a long text are reported with its beginning and its end', () => {
    const [problem] = render({ 'templates/x.yaml': '{{ fail (repeat 100000 "x") }}' }).problems;
    expect(problem?.message.length).toBeLessThan(5_000);
  });

  it('that write something else than UTF-8 are a problem', () => {
    const files = { 'a.bin': new Uint8Array([0x61, 0xff]), 'templates/x.yaml': 'a: {{ .Files.Get "a.bin" }}\n' };
    expect(lines(render(files))).toEqual([
      'templates/x.yaml:-:- YAML parse error on web/templates/x.yaml: invalid UTF-8',
    ]);
    expect(written('{{ .Files.Get "a.bin" | b64enc }}', files)).toContain('invalid UTF-8');
    expect(written('{{ .Files.Get "a.bin" | b64enc }}', { 'a.bin': files['a.bin'] })).toBe('Yf8=');
  });

  it('stop when their time is over', () => {
    let now = 0;
    const options = { budget: { ...DEFAULT_BUDGET, timeMs: 50 }, elapsedMs: () => now++ };
    expect(() => written('{{ range until 1000000 }}{{ end }}', {}, options)).toThrow('TimeLimit');
  });

  it('are not output when their names begin with _ or end with NOTES.txt', () => {
    const { text } = render({
      'templates/_x.yaml': 'a: 1',
      'templates/NOTES.txt': '\u001b[31mred',
      'templates/sub/NOTES.txt': 'x',
    });
    expect(text).toBe('\n');
  });

  it.each([
    ['typeOf .Values', 'common.Values'],
    ['typeOf .', 'common.Values'],
    ['typeOf .Template', 'common.Values'],
    ['typeOf .Values.a', 'map[string]interface {}'],
    ['typeOf (omit .Values "x")', 'map[string]interface {}'],
    ['.Values.PathValue "a.b"', '1'],
    ['dig "a" "b" 0 .Values.AsMap', '1'],
  ])('have the Go types of Helm: %s', (template, text) => {
    expect(written(`{{ ${template} }}`, { 'values.yaml': 'a: {b: 1}\n' })).toBe(text);
  });

  it('cannot dig in .Values itself, as in Helm', () => {
    expect(written('{{ dig "a" 1 .Values }}')).toContain(
      'interface conversion: interface {} is common.Values, not map[string]interface {}',
    );
  });

  it('see what others changed in shared values, as in Helm', () => {
    const { text } = render({
      'values.yaml': 'global: {nested: {a: 1}}\n',
      'charts/sub/Chart.yaml': 'name: sub\nversion: 1.0.0\n',
      'charts/sub/templates/a.yaml': 'x: {{ $_ := set .Values.global.nested "seen" "yes" }}1\n',
      'templates/z.yaml': 'y: {{ .Values.global.nested | toJson }}\nz: {{ .Values.sub.global.nested | toJson }}\n',
    });
    expect(text).toContain('y: {"a":1}\nz: {"a":1,"seen":"yes"}');
  });
});

describe('lookup', () => {
  it('asks the port once for a thing, and says what was asked', () => {
    const asked: string[] = [];
    const lookup = (apiVersion: string, kind: string, namespace: string, name: string): Json => {
      asked.push([apiVersion, kind, namespace, name].join(' '));
      return { metadata: { name } };
    };
    const template =
      '{{ (lookup "v1" "Secret" "ns" "a").metadata.name }}{{ (lookup "v1" "Secret" "ns" "a").metadata.name }}';
    const result = render({ 'templates/x.yaml': `v: ${template}\n` }, { lookup });
    expect(result.text).toContain('v: aa');
    expect(asked).toEqual(['v1 Secret ns a']);
    expect(result.lookups).toEqual([{ apiVersion: 'v1', kind: 'Secret', namespace: 'ns', name: 'a' }]);
  });

  it('that is refused ends the render', () => {
    const lookup = (): Json => {
      throw new EngineError('ClusterDenied', 'secrets are forbidden (ClusterDenied): no');
    };
    expect(() => written('{{ lookup "v1" "Secret" "kube-system" "" }}', {}, { lookup })).toThrow('ClusterDenied');
  });
});

describe('dependencies that were resolved before', () => {
  const web = { 'web/Chart.yaml': `${CHART}dependencies: [{name: db, version: 1.x, alias: store}]\n` };

  it('render as if they lay in charts/', () => {
    const bytes = packChart('db', '1.2.3', { 'templates/a.yaml': 'kind: A\nname: {{ .Chart.Name }}\n' });
    const { text, problems } = render(
      web,
      { dependencies: [{ kind: 'archive', name: 'db', origin: 'x', bytes, digest: '' }] },
      'web',
    );
    expect([problems, text]).toEqual([[], '---\n# Source: web/charts/store/templates/a.yaml\nkind: A\nname: store\n']);
  });

  it('may be folders of the repository', () => {
    const files = {
      ...web,
      'lib/db/Chart.yaml': 'name: db\nversion: 1.0.0\n',
      'lib/db/templates/a.yaml': 'kind: {{ fail "here" }}\n',
    };
    const result = render(
      files,
      { dependencies: [{ kind: 'folder', name: 'db', path: 'lib/db', dependencies: [] }] },
      'web',
    );
    expect(lines(result)).toEqual([
      'lib/db/templates/a.yaml:1:10 execution error at (web/charts/store/templates/a.yaml:1:9): here',
    ]);
  });
});

describe('the same input', () => {
  it('gives the same output, and records all that was read', () => {
    const files = {
      'Chart.yaml': CHART,
      'templates/a.yaml': 'p: {{ randAlphaNum 8 }}\nt: {{ now | date "2006" }}\n',
      'values.yaml': 'a: 1\n',
    };
    const once = (): string => render(files).text;
    expect(once()).toBe(once());
    const snapshot = new MemorySnapshot(files);
    renderChart(snapshot, '', {
      releaseName: 'r',
      namespace: 'n',
      entropy: derivedEntropy({ seed: 's', application: 'a', now: new Date(0) }),
    });
    expect(Object.keys(snapshot.trace())).toEqual(
      expect.arrayContaining(['', '.helmignore', 'Chart.yaml', 'templates', 'templates/a.yaml', 'values.yaml']),
    );
  });
});
