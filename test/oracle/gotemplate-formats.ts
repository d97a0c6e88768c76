import type { Question } from '../render/helm/gotemplate/evaluate.ts';
import { oddText, oddValue } from './odd-texts.ts';
import type { Random } from './seeded-random.ts';

/** YAML, JSON and TOML: odd values there and back, and odd texts. */

const ROUND_TRIPS = [
  '{{ toYaml .Values.d }}',
  '{{ toYamlPretty .Values.d }}',
  '{{ .Values.d | toYaml | fromYaml | toJson }}',
  '{{ .Values.d | toYaml | nindent 4 }}',
  '{{ toYaml (dict "k" .Values.d "l" (list .Values.d)) }}',
  '{{ toYamlPretty (dict "k" .Values.d "l" (list .Values.d)) }}',
  '{{ list .Values.d | toYaml | fromYamlArray | toJson }}',
  '{{ toYaml (.Values.d | toYaml) }}',
  '{{ .Values.d | toJson | fromJson | toYaml }}',
  '{{ printf "k: %s" (.Values.d | toString) | fromYaml | toJson }}',
  '{{ .Values.d | toPrettyJson }}{{ .Values.d | toRawJson }}',
  '{{ .Values.d | quote | fromYaml | toJson }}',
  '{{ toToml (dict "k" .Values.d) }}',
  '{{ dict "k" .Values.d | toToml | fromToml | toJson }}',
];

export const roundTrip = (random: Random): Omit<Question, 'mode'> => ({
  template: random.pick(ROUND_TRIPS),
  values: { d: oddValue(random) },
});

const READERS = [
  '{{ fromYaml .Values.t | toJson }}',
  '{{ fromYamlArray .Values.t | toJson }}',
  '{{ fromJson .Values.t | toYaml }}',
  '{{ fromJsonArray .Values.t | toYaml }}',
  '{{ fromToml .Values.t | toJson }}',
  '{{ mustFromJson .Values.t }}',
];
const JSON_VALUES = '1 1.0 -0 1e3 1E400 01 "\\u00e9\\ud83d" "\\x" [1,] nul true "a\tb" 123456789012345678901'.split(
  ' ',
);
const TOML_KEYS = ['a', '"b"', "'c'", 'a.b', 'a."x y"', ''];
const TOML_VALUES = [
  '1',
  '"x"',
  "'y'",
  '1.0',
  '1e3',
  'true',
  '[1, 2]',
  '[1, "a"]',
  '{ a = 1 }',
  '1979-05-27T07:32:00Z',
  '1979-05-27',
  '07:32:00',
  '0xff',
  '1_000',
  'inf',
  '-nan',
  '"""a\nb"""',
  "'''x'''",
  '"\\u00e9"',
  '',
  '+5',
  '.5',
  '5.',
];
const TOML_TAILS = [
  '',
  '[t]\nb = 1\n',
  '[[t]]\nb=1\n[[t]]\nb=2\n',
  'a = 2\n',
  '[a]\n',
  '# c\n',
  '[t.u]\nv=1\n[t]\nw=2',
];

export const reading = (random: Random): Omit<Question, 'mode'> => {
  const texts = [
    () => oddText(random),
    () => `a: ${oddText(random)}`,
    () => `- ${oddText(random)}\n- ${oddText(random)}`,
    () => JSON.stringify(oddValue(random)),
    () => `{"a": ${random.pick(JSON_VALUES)}${random.pick(['', ',', ' ', ',"a":2'])}}`,
    () => `${random.pick(TOML_KEYS)} = ${random.pick(TOML_VALUES)}\n${random.pick(TOML_TAILS)}`,
  ];
  return { template: random.pick(READERS), values: { t: random.pick(texts)() } };
};
