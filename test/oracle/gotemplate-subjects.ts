import type { Question } from '../render/helm/gotemplate/evaluate.ts';
import { chartObjects } from './gotemplate-chart-objects.ts';
import { FLOW_TEMPLATES, flowOf } from './gotemplate-flow.ts';
import { reading, roundTrip } from './gotemplate-formats.ts';
import { choices, type Random, some } from './seeded-random.ts';

/** Questions about one subject each, denser than a grammar of everything would come to them. */

type Subject = (random: Random) => Omit<Question, 'mode'>;

const quoted = (text: string): string => JSON.stringify(text);

const PRINTED = choices(
  '1 ; -5 ; 255 ; 1.5 ; -0.0 ; 1e100 ; "abc" ; "é日\\x00\\xff" ; true ; nil ; .Values.n ; .Values.f ; ' +
    `(int64 65) ; .Values.l ; .Values.m ; (list 1 "a" nil 2.5) ; (dict "a" 1 "b" "x") ; 'x' ; 1i ; 0 ; "" ; ` +
    '(float64 "NaN") ; (float64 "-Inf") ; (float64 "Inf") ; (b64dec "/w==") ; (semver "1.2.3-a+b") ; ' +
    '(until 3) ; (mustToDuration "1h30m") ; (index "abc" 1) ; .Values.missing ; 9223372036854775807 ; ' +
    '(int 128512) ; (split "," "a,b") ; 1000000.0 ; 123456789.0 ; 2.5e-7 ; .Values.e',
);

const printing: Subject = (random) => {
  const count = 1 + random.below(3);
  const verb = (): string =>
    [
      '%',
      ...some(random, 0, 2, () => random.pick(['+', '-', ' ', '#', '0'])),
      random.pick(['', '', '5', '12', '*', '[1]', '[2]*']),
      random.pick(['', '', '.2', '.', '.0', '.*', '.10']),
      random.pick('v T t b c d o O q x X U e E f F g G s w % z'.split(' ')),
    ].join('');
  const format = some(random, count, count, verb).join(random.pick(['|', '', ' ']));
  const args = some(random, 0, count + 1, () => random.pick(PRINTED));
  return {
    template: `{{ printf ${quoted(format)} ${args.join(' ')} }}`,
    values: { n: 3, f: 2.25, l: [1, 'a', null, [2.5]], m: { a: 1, b: { c: 'x' } }, e: [] },
  };
};

const COMPARED = choices(
  '1 ; 2 ; -1 ; 1.0 ; 1.5 ; "a" ; "b" ; "" ; true ; false ; nil ; .Values.n ; .Values.f ; .Values.s ; ' +
    '.Values.nil ; .Values.missing ; .Values.l ; .Values.m ; (int64 1) ; (int 1) ; (float64 1) ; (list) ; ' +
    `(dict) ; 'a' ; 1i ; (index "a" 0) ; (mustToDuration "1s") ; (semver "1.0.0") ; (list 1) ; ` +
    '(dict "a" 1) ; .Values.el ; . ; $ ; (len "a") ; .Release.IsInstall ; .Chart ; (float64 "NaN") ; ' +
    '(toDate "2006" "2020")',
);
const COMPARING = choices(
  'eq ; ne ; lt ; le ; gt ; ge ; and ; or ; not ; deepEqual ; has ; empty ; default ; coalesce ; max ; ' +
    'ternary "x" "y" ; min ; add ; sub ; all ; any ; without (list 1 "a" true nil) ; hasKey ; kindIs ; ' +
    'uniq ; typeIsLike ; compact ; contains ; index ; slice ; dig "a" "b" ; biggest ; sortAlpha ; join',
);

const comparing: Subject = (random) => {
  const test = (most: number): string =>
    `${random.pick(COMPARING)} ${some(random, 1, most, () => random.pick(COMPARED)).join(' ')}`;
  const branch = `{{ if ${test(2)} }}y{{ else if ${test(2)} }}z{{ else }}n{{ end }}`;
  return {
    template: `{{ ${test(3)} }}${random.chance(0.3) ? branch : ''}`,
    values: { n: 1, f: 1.5, s: 'a', nil: null, l: [1, 'a'], m: { a: { b: 1 } }, el: [] },
  };
};

const OPERATORS = ['', '=', '!=', '>', '<', '>=', '=>', '<=', '=<', '~', '~>', '^'];
const SUFFIXES = ['-rc.1', '-alpha', '-0', '+b', '-gke.100', '-rc.1+x', '-alpha.10', '-01', '-', '+', '-a..b'];

const versions: Subject = (random) => {
  const suffix = (share: number): string => (random.chance(share) ? random.pick(SUFFIXES) : '');
  const part = (most: number): string => (random.chance(0.15) ? random.pick(['x', '*']) : String(random.below(most)));
  const version = (): string =>
    `${random.pick(['', '', '', 'v', ' ', '='])}${random.below(3)}.${random.below(12)}.${random.below(4)}${suffix(0.3)}`;
  const constraint = (): string =>
    `${random.pick(OPERATORS)}${random.pick(['', '', ' '])}${part(3)}${random.chance(0.8) ? `.${part(12)}` : ''}${random.chance(0.5) ? `.${part(4)}` : ''}${suffix(0.25)}`;
  const range = some(random, 1, 3, constraint).join(random.pick([' ', ', ', ',', ' || ', '||', ' - ']));
  const parts =
    '{{ .Major }}|{{ .Prerelease }}|{{ .Metadata }}|{{ .Original }}|{{ . }}|{{ .IncMinor }}|{{ toJson . }}{{ end }}';
  return {
    template: random.chance(0.8)
      ? `{{ semverCompare ${quoted(range)} ${quoted(version())} }}`
      : `{{ with semver ${quoted(version())} }}${parts}`,
  };
};

const LAYOUT_PARTS = [
  '2006',
  '06',
  '01',
  '1',
  'Jan',
  'January',
  '02',
  '_2',
  '2',
  '002',
  '__2',
  '15',
  '03',
  '3',
  '04',
  '4',
  '05',
  '5',
  'PM',
  'pm',
  'Mon',
  'Monday',
  'MST',
  'Z07:00',
  'Z0700',
  '-07',
  '-0700',
  '-07:00',
  '-07:00:00',
  '.000',
  '.999',
  ',000',
  '.000000000',
  ' ',
  '-',
  '/',
  ':',
  'T',
  'x',
  'é',
  '_',
];
const MOMENTS = choices(
  '2024-02-29T23:59:58Z ; 1969-07-20T20:17:40.123456789Z ; 2024-07-01T12:00:00+02:00 ; ' +
    '9999-12-31T23:59:59.5-11:30 ; 2023-03-26T01:00:00Z ; 2024-01-01T00:00:00+05:30',
);
const PLACES = [
  'UTC',
  'Local',
  'America/New_York',
  'Europe/Berlin',
  'Asia/Kolkata',
  'Nowhere/X',
  '',
  'Australia/Lord_Howe',
  'Asia/Tokyo',
  'EST',
  'Etc/GMT+5',
  'America/Sao_Paulo',
  'Africa/Casablanca',
  'Asia/Dubai',
  'Europe/Jersey',
];
const TIME_METHODS = choices(
  'Year ; Month ; Day ; Hour ; Minute ; Second ; Nanosecond ; Weekday ; YearDay ; Unix ; UnixNano ; UTC ; ' +
    'UnixMilli ; Local ; Location ; IsZero ; String ; GoString ; Date ; Clock ; ISOWeek ; IsDST ; Zone ; ' +
    'ZoneBounds ; MarshalJSON ; MarshalText ; AppendFormat ; Nope',
);

const dates: Subject = (random) => {
  const layout = quoted(some(random, 1, 6, () => random.pick(LAYOUT_PARTS)).join(random.pick(['', ' ', '-'])));
  const time = (): string => `(toDate "2006-01-02T15:04:05.999999999Z07:00" ${quoted(random.pick(MOMENTS))})`;
  const span = (): string =>
    quoted(random.pick(['1h31m', '95s', '-1h', '36h', '1.5m', 'x', '-0s', '1d', '', '1h1ns', '2400h']));
  const templates = [
    `{{ dateInZone ${layout} ${time()} ${quoted(random.pick(PLACES))} }}`,
    `{{ date ${layout} ${random.below(2_000_000_000)} }}`,
    `{{ toDate ${layout} ${quoted(random.pick(['2024-02-29', '12:30', 'Jan 5', '29', 'Monday', '02/03', '12 PM', 'x', '']))} }}`,
    `{{ mustToDate ${layout} (dateInZone ${layout} ${time()} "UTC") }}`,
    `{{ dateModify ${span()} ${time()} }}{{ mustDateModify ${span()} ${time()} }}`,
    `{{ durationRound ${span()} }}|{{ duration ${span()} }}|{{ durationRound ${random.below(100_000)} }}`,
    `{{ unixEpoch ${time()} }}{{ htmlDate ${time()} }}{{ htmlDateInZone ${time()} "America/New_York" }}`,
    `{{ ${time()}.${random.pick(TIME_METHODS)} }}`,
    `{{ ${time()}.Add (mustToDuration "90m") }}|{{ ${time()}.Sub ${time()} }}|{{ ${time()}.Truncate (mustToDuration "1h") }}|{{ ${time()} | toJson }}`,
    `{{ durationRoundTo ${span()} ${span()} }}|{{ durationTruncateTo ${span()} ${span()} }}`,
    `{{ printf "%#v" ${time()} }}{{ eq ${time()} ${time()} }}`,
  ];
  return { template: random.pick(templates) };
};

const ATOMS = [
  'a',
  'b',
  '.',
  '\\d',
  '\\w',
  '\\s',
  '[a-c]',
  '[^b]',
  '(a|b)',
  '(?:ab)',
  '(?P<n>a)',
  '(?<m>b)',
  '\\b',
  '^',
  '$',
  '[[:alpha:]]',
  '\\pL',
  '\\p{Greek}',
  '\\PL',
  'é',
  '\\.',
  '\\Q.\\E',
  '\\x61',
  '\\x{1F600}',
  '[\\d-]',
  '[]a]',
  '\\A',
  '\\z',
  '\\Z',
  '\\C',
  '()',
  '\\1',
  '(?i:A)',
  '(?i)',
  '(?s)',
  '(?m)',
  '(?U)',
  '(?-i)',
  '\\n',
  '\\07',
  '[[:foo:]]',
  '[a-',
  '\\e',
  ' ',
];
const REPEATS = ['', '', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{1,}', '{,2}', '{0,3}?', '{2,1}', '{1001}', '**'];
const SEARCHED = ['abc', 'aabbcc', 'a.b', 'é😀a', '', 'A B\nab', 'foo-bar_12', 'αβγ a', 'ab ab', '\t\n', 'aaa'];
const REPLACEMENTS = ['X', '$0', '${1}', '$1x', '${n}', '$$', '$', '${', '[$n]', '\\$1', '$2'];

const patterns: Subject = (random) => {
  const pattern = quoted(
    some(random, 1, 4, () => random.pick(ATOMS) + random.pick(REPEATS)).join(random.pick(['', '', '|'])),
  );
  const text = quoted(random.pick(SEARCHED));
  const calls = [
    `regexMatch ${pattern} ${text}`,
    `regexFind ${pattern} ${text}`,
    `regexFindAll ${pattern} ${text} ${random.below(4) - 1}`,
    `regexReplaceAll ${pattern} ${text} ${quoted(random.pick(REPLACEMENTS))}`,
    `regexReplaceAllLiteral ${pattern} ${text} "$0"`,
    `regexSplit ${pattern} ${text} ${random.below(4) - 1}`,
    `mustRegexMatch ${pattern} ${text}`,
    `mustRegexReplaceAll ${pattern} ${text} "<$1>"`,
    `regexQuoteMeta ${pattern}`,
  ];
  return { template: `{{ ${random.pick(calls)} | toJson }}` };
};

/** Maps that share maps, and are changed. */
const aliases: Subject = (random) => {
  const map = (): string =>
    random.pick([
      '$a',
      '$b',
      '$c',
      '(dict)',
      '(dict "k" 1)',
      '.Values.m',
      '.Values.m2',
      '(deepCopy .Values.m)',
      '.Values.em',
    ]);
  const key = (): string => quoted(random.pick(['a', 'b', 'k', 'x', 'n', 'd']));
  const value = (): string =>
    random.pick(['1', '"s"', 'nil', 'true', '(list 1 2)', '(dict "z" 1)', '$a', '.Values.l', '.Values.m', '""', '0']);
  const step = (): string =>
    random.pick([
      `{{ $_ := set ${map()} ${key()} ${value()} }}`,
      `{{ $_ := unset ${map()} ${key()} }}`,
      `{{ $_ := merge ${map()} ${map()} ${map()} }}`,
      `{{ $_ := mergeOverwrite ${map()} ${map()} }}`,
      `{{ $_ := mustMergeOverwrite ${map()} ${map()} ${map()} }}`,
      `{{ $c = merge (dict) ${map()} ${map()} }}`,
      `{{ $a = ${map()} }}`,
      `{{ $b = pick ${map()} ${key()} ${key()} }}`,
      `{{ $b = omit ${map()} ${key()} }}`,
      `{{ pluck ${key()} ${map()} ${map()} }}`,
      `{{ dig ${key()} ${key()} "none" ${map()} }}{{ get ${map()} ${key()} }}{{ hasKey ${map()} ${key()} }}`,
      `{{ range $k, $v := ${map()} }}{{ $k }}{{ if eq $k "a" }}{{ $_ := set $a "r" 1 }}{{ end }}{{ end }}`,
      `{{ $_ := set (get ${map()} "d" | default dict) "in" 1 }}`,
      `{{ $c = deepCopy ${map()} }}{{ len ${map()} }}`,
    ]);
  return {
    template: `{{ $a := dict "a" 1 "d" (dict "x" 1) }}{{ $b := .Values.m }}{{ $c := dict }}${some(random, 2, 7, step).join('')}|{{ list $a $b $c .Values | toJson }}`,
    values: {
      m: { a: 1, d: { x: 'y', l: [1] }, n: null },
      m2: { a: { deep: true }, b: 'B', d: { y: 2 } },
      l: [1, { q: 1 }],
      em: {},
    },
  };
};

const flow: Subject = (random) => ({
  template: some(random, 1, 4, () => flowOf(random)).join(''),
  values: {
    l: ['a', { b: 1 }],
    m: { a: 'x', b: { c: 2 }, z: null },
    n: 4,
    s: 'str',
    mixed: [1, 'b', null, { a: 2 }],
  },
  templates: {
    '_h.tpl': FLOW_TEMPLATES,
    ...(random.chance(0.2) ? { 'z.yaml': '{{ define "t1" }}[{{ . }}]{{ end }}' } : {}),
  },
});

const SUBJECTS = [
  roundTrip,
  reading,
  printing,
  comparing,
  versions,
  dates,
  patterns,
  aliases,
  flow,
  chartObjects,
] as const;

export function subjectQuestion(random: Random): Question {
  return {
    mode: 'helm',
    ...random.pick<Subject>(SUBJECTS)(random),
    ...(random.chance(0.15) ? { ints: true } : {}),
    ...(random.chance(0.05) ? { strict: true } : {}),
  };
}
