import type { Question } from '../render/helm/gotemplate/evaluate.ts';
import { choices, type Random } from './seeded-random.ts';

/** `.Files`, `.Capabilities`, `.Release`, `.Chart`, `.Subcharts` and the methods of values, in a chart with a subchart. */

const PATTERNS = [
  '*',
  '**',
  'f/*',
  'f/**',
  '**.txt',
  'f/?.txt',
  'f/[ab].txt',
  'f/{a,b}.*',
  '*.md',
  'g/**/*.txt',
  '**/x',
  'f/[!a].txt',
  'f/[^a].txt',
  'f/\\a.txt',
  '{f,g}/**',
  '[',
  'f/{a',
  '',
  'nope',
  'f/a.txt',
  '**/*',
  'f/[a-b].txt',
  '*/*.txt',
  'f/**.txt',
];
const PATHS = [
  'f/a.txt',
  'f/b.txt',
  'nope',
  'README.md',
  'Chart.yaml',
  'templates/t.yaml',
  'values.yaml',
  './f/a.txt',
  'f/crlf.txt',
];
const CAPABILITIES = choices(
  'KubeVersion ; KubeVersion.Version ; KubeVersion.Major ; KubeVersion.Minor ; KubeVersion.GitVersion ; ' +
    'Nope ; KubeVersion.String ; APIVersions | len ; HelmVersion ; HelmVersion.Version ; ' +
    'APIVersions.Has "v1" ; APIVersions.Has "x/v1" ; APIVersions.Has ; APIVersions | first ; ' +
    'KubeVersion | toJson ; KubeVersion | toYaml',
);
const CHART = choices(
  'Name ; name ; Version ; AppVersion ; Type ; KubeVersion ; Keywords ; Maintainers ; Annotations ; Home ; ' +
    'Dependencies ; Icon ; IsRoot ; APIVersion ; Deprecated ; Sources ; Description ; Nope ; Annotations.k',
);
const RELEASE = ['Name', 'Namespace', 'Service', 'Revision', 'IsInstall', 'IsUpgrade', 'Nope', 'Time'];
const METHODS = ['AsMap', 'YAML', 'Table "a"', 'PathValue "a.b"', 'Table "sub.x"', 'EncodeX', 'PathValue ""'];

export function chartObjects(random: Random): Omit<Question, 'mode'> {
  const pattern = JSON.stringify(random.pick(PATTERNS));
  const path = JSON.stringify(random.pick(PATHS));
  const template = random.pick([
    `{{ range $p, $b := .Files.Glob ${pattern} }}{{ $p }}={{ $b | len }};{{ end }}`,
    `{{ (.Files.Glob ${pattern}).AsConfig }}`,
    `{{ (.Files.Glob ${pattern}).AsSecrets | indent 2 }}`,
    `{{ .Files.Get ${path} | quote }}{{ .Files.GetBytes ${path} }}`,
    `{{ range .Files.Lines ${path} }}[{{ . }}]{{ end }}`,
    '{{ tpl (.Files.Get "f/t.tpl") . }}',
    '{{ len .Files }}{{ .Files | toJson | len }}{{ .Files.Nope }}',
    `{{ .Capabilities.${random.pick(CAPABILITIES)} }}`,
    `{{ .Release.${random.pick(RELEASE)} }}{{ .Release | toJson }}`,
    `{{ .Chart.${random.pick(CHART)} }}`,
    `{{ .Template.${random.pick(['Name', 'BasePath', 'Nope'])} }}{{ .Template | toJson }}`,
    '{{ lookup "v1" "Secret" "ns" "x" | toJson }}{{ lookup "v1" "Pod" "" "" | len }}',
    '{{ keys .Subcharts | sortAlpha }}{{ .Subcharts.sub.Values | toJson }}{{ .Subcharts.sub.Chart.Name }}',
    '{{ include "sub.t" .Subcharts.sub }}{{ include "sub.t" . }}',
    '{{ .Values.sub | toJson }}{{ .Values.global | toJson }}{{ .Values | toJson }}',
    `{{ .Values.${random.pick(METHODS)} }}`,
  ]);
  const dependency = {
    name: 'sub',
    version: '0.1.0',
    ...(random.chance(0.3) ? { condition: 'sub.enabled' } : {}),
    ...(random.chance(0.3) ? { 'import-values': ['data', { child: 'own', parent: 'imported' }] } : {}),
  };
  return {
    template,
    values: { a: { b: 1 }, sub: { own: 'over' }, global: { g: 1 } },
    chart: {
      appVersion: '1',
      keywords: ['k'],
      annotations: { k: 'v' },
      maintainers: [{ name: 'm', email: 'e' }],
      home: 'h',
      dependencies: [dependency],
    },
    files: {
      'f/a.txt': 'line1\nline2\n',
      'f/b.txt': 'no end',
      'f/crlf.txt': 'a\r\nb\r\n\n',
      'g/h/x.txt': 'x',
      'README.md': '# r',
      'f/t.tpl': '{{ .Release.Name }}{{ include "sub.t" . }}',
      'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 0.1.0\n',
      'charts/sub/values.yaml': 'own: 1\nx: {y: 2}\nexports: {data: {e: 1}}\n',
      'charts/sub/templates/_t.tpl': '{{ define "sub.t" }}{{ .Chart.Name }}:{{ .Values | toJson }}{{ end }}',
    },
  };
}
