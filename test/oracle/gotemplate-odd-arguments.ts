import type { Question } from '../render/helm/gotemplate/evaluate.ts';
import { HELM, type Kind, type Signature, SPRIG, TEXT } from './gotemplate-signatures.ts';
import type { Random } from './seeded-random.ts';

/** Every function with arguments of every kind, right and wrong ones, and its result in every use. */

const STRINGS = [
  '""',
  '"a"',
  '"abc def"',
  '"é日"',
  '"1"',
  '"-7"',
  '"1.5"',
  '"0x10"',
  '"1e3"',
  '"true"',
  '" x "',
  '"a,b,c"',
  '"A-B_c D"',
  '"line\\nx"',
  '"<&>\\"\'"',
  '"{\\"a\\":1}"',
  '"[1,2]"',
  '"a: 1"',
  '"- 1"',
  '"1h30m"',
  '"2020-01-02"',
  '"v1.2.3-rc.1+b"',
  '">=1.2 <2"',
  '"[a-z]+"',
  '"http://a:b@h:1/p?q=1#f"',
  '"/a/../b.txt"',
  '"YWJj"',
  '"%d %s"',
  '"\\x00\\xff"',
  '"{{ . }}"',
  '"int"',
  '"map"',
  '"99999999999999999999"',
  '"c.one"',
];

const NUMBERS = [
  '0',
  '1',
  '-1',
  '2',
  '3',
  '7',
  '100',
  '1.5',
  '-2.5',
  '0.0',
  '1e6',
  '1e21',
  '9223372036854775807',
  '-9223372036854775808',
  '0x7f',
  "'a'",
  '1i',
  '(int64 5)',
  '(float64 5)',
  '(toDecimal 17)',
  '(float64 "NaN")',
  '(float64 "Inf")',
  '.Values.n',
  '.Values.f',
  '.Values.big',
  '(len "abc")',
  '(index "abc" 0)',
  '(mustToDuration "90s")',
  '(int64 -3)',
];

const LISTS = [
  '.Values.list',
  '.Values.mixed',
  '.Values.nested',
  '.Values.el',
  '.Values.strs',
  '(list)',
  '(list 1 2 3)',
];
const DICTS = ['.Values.map', '.Values.deep', '.Values.em', '(dict)', '(dict "a" 1 "b" (dict "c" nil))', '.Values'];
const OTHERS = [
  'true',
  'false',
  'nil',
  '.Values.nil',
  '.Values.missing',
  '(list "b" "a" "b")',
  '(list 1 "a" nil 2.5 true)',
  '(tuple 1 2)',
  '(until 3)',
  '(splitList "," "a,b")',
  '(split "$" "a$b")',
  '.Chart',
  '.Release',
  '.Capabilities.KubeVersion.Version',
  '.Files',
  '.Template',
  '(semver "1.2.3")',
  '(urlParse "http://a/b")',
  '(list (list 1) (list 2))',
  '(list nil nil)',
  '.Capabilities.APIVersions',
  '(toDate "2006-01-02" "2020-01-02")',
  '(b64dec "/w==")',
  '(regexFindAll "a" "aaa" -1)',
  '(chunk 2 (list 1 2 3))',
  '(get .Values.map "zz")',
  '.Chart.Dependencies',
  '.Chart.Annotations',
];

const VALUES = {
  n: 3,
  f: 2.25,
  big: 1e15,
  nil: null,
  list: ['x', 'b', 'a'],
  mixed: [1, 'a', null, true, [2], { k: 'v' }],
  nested: [[1, 2], ['c']],
  strs: ['1', '10', '9', 'é'],
  map: { a: 1, b: 'two', z: null },
  deep: { a: { b: { c: [1, { d: 'e' }] } }, s: 'str' },
  em: {},
  el: [],
};

/** How a result is used; `CALL` is the call. */
const USES = [
  '{{ CALL }}',
  '{{ $x := CALL }}{{ typeOf $x }} {{ kindOf $x }} {{ $x }}',
  '{{ $x := CALL }}{{ printf "%#v|%v|%+v|%q|%T" $x $x $x $x $x }}',
  '{{ CALL | toJson }}',
  '{{ CALL | toYaml }}',
  '{{ with CALL }}{{ . }}{{ else }}no{{ end }}',
  '{{ range $i, $e := CALL }}{{ $i }}={{ $e }};{{ else }}none{{ end }}',
  '{{ CALL | quote }}',
  '{{ if CALL }}t{{ else }}f{{ end }}',
  '{{ CALL | len }}',
  '{{ eq (CALL) (CALL) }}',
  '{{ toToml (dict "v" (CALL)) }}',
  '{{ CALL | NEXT }}',
];

/** Of a right kind half of the time, else of any. */
function argument(kind: Kind, random: Random): string {
  if (random.chance(0.55)) {
    if (kind === 'list') return random.pick(LISTS);
    if (kind === 'dict') return random.pick(DICTS);
    if (kind === 'bool') return random.pick(['true', 'false']);
    if (kind === 'int' || kind === 'float' || kind === 'number') return random.pick(NUMBERS.slice(0, 12));
    if (kind !== 'any') return random.pick(STRINGS);
  }
  return random.pick(random.pick([STRINGS, NUMBERS, LISTS, DICTS, OTHERS, OTHERS]));
}

function call([name, signature]: readonly [string, Signature], random: Random): string {
  const kinds = signature.filter((item): item is Kind => item !== '…');
  const repeats = signature.includes('…') ? random.below(3) : 0;
  const all = [...kinds, ...Array.from({ length: repeats }, () => kinds.at(-1) ?? 'any')];
  const args = all.map((kind) => argument(kind, random));
  if (random.chance(0.01)) args.pop();
  return [name, ...args].join(' ');
}

const FUNCTIONS = Object.entries({ ...TEXT, ...SPRIG, ...HELM });

export function oddCall(random: Random): Question {
  const text = call(random.pick(FUNCTIONS), random);
  const template = random
    .pick(USES)
    .replaceAll('CALL', () => text)
    .replace('NEXT', random.pick(FUNCTIONS)[0]);
  return {
    mode: 'helm',
    template,
    values: VALUES,
    templates: { '_h.tpl': '{{ define "c.one" }}<{{ . }}>{{ end }}' },
    chart: { appVersion: '1.0', annotations: { k: 'v' } },
    ...(random.chance(0.2) ? { ints: true } : {}),
    ...(random.chance(0.1) ? { strict: true } : {}),
  };
}
