import { choices, type Random } from './seeded-random.ts';

/** Actions inside actions: conditions, loops, variables, templates in templates. */

/** What the statements call. */
export const FLOW_TEMPLATES =
  '{{ define "t1" }}<{{ . }}>{{ end }}{{ define "t2" }}{{ range . }}{{ . }},{{ end }}{{ end }}' +
  '{{ define "t3" }}{{ .a }}{{ template "t1" .b }}{{ end }}';

const TERMS = choices(
  '. ; $ ; .Values.l ; .Values.m ; .Values.n ; $x ; .Values.s ; 3 ; "ab" ; (list 1 2) ; .Values.missing ; ' +
    '.Values.m.a ; (until 2) ; .Values.mixed ; nil ; .a ; .b.c ; $.Values.m.z.y ; (int64 2) ; .Values.n.x ; ' +
    '(index .Values.l 0) ; (dict "a" 1).a ; (.Values.m).a ; .Values.l.x ; $x.a ; 0 ; -1 ; 1.5 ; true ; ' +
    '(first .Values.l)',
);
const USES = choices(
  'default "d" ; quote ; len ; toJson ; not ; printf "%v" ; include "t1" ; typeOf ; kindOf ; toString ; ' +
    'list ; first ; ternary 1 2 ; index ; empty',
);

export function flowOf(random: Random, depth = 0): string {
  const term = random.pick(TERMS);
  if (depth > 3) return `{{ ${term} }}`;
  const inner = (): string => flowOf(random, depth + 1);
  switch (random.below(15)) {
    case 0:
      return `{{ ${term} }}`;
    case 1:
      return 't';
    case 2:
      return `{{ if ${term} }}${inner()}{{ else if ${random.pick(TERMS)} }}E{{ else }}${inner()}{{ end }}`;
    case 3:
      return `{{ with ${term} }}${inner()}{{ else with ${random.pick(TERMS)} }}W${inner()}{{ else }}n{{ end }}`;
    case 4:
      return `{{ with $y := ${term} }}{{ $y }}${inner()}{{ end }}`;
    case 5: {
      const names = random.pick(['', '$i, $e := ', '$e := ', '$x = ', '$k, $x = ']);
      const control = random.pick([
        '',
        '{{ break }}',
        '{{ continue }}',
        '{{ if . }}{{ break }}{{ end }}',
        '{{ $x = . }}',
      ]);
      return `{{ range ${names}${term} }}${inner()}${control}{{ else }}none{{ end }}`;
    }
    case 6:
      return `{{ $x = ${term} }}`;
    case 7:
      return `{{ $x := ${term} }}{{ $x }}`;
    case 8:
      return `{{ template "${random.pick(['t1', 't2', 'nope', 't3'])}"${random.pick(['', ' .', ' $', ` ${term}`])} }}`;
    case 9:
      return `{{ block "${random.pick(['b1', 't1'])}" ${term} }}B{{ . }}{{ end }}`;
    case 10:
      return `{{ include "t${1 + random.below(3)}" ${term} | upper }}`;
    case 11:
      return `{{ tpl "{{ . }}{{ include \\"t1\\" . }}{{ define \\"in\\" }}i{{ end }}" ${term} }}`;
    case 12:
      return `{{ define "d${random.below(3)}" }}D{{ . }}{{ end }}`;
    case 13:
      return '{{- /* c */ -}} ';
    default:
      return `{{ ${term} | ${random.pick(USES)} }}`;
  }
}
