import { describe, expect, it } from 'vitest';
import { isEngineError } from '../../../../src/core/errors.ts';
import { Budget } from '../../../../src/render/helm/gotemplate/budget.ts';
import { evaluate, type Question } from './evaluate.ts';

/** Small limits, so that each stop comes in milliseconds. */
function smallBudget(): Budget {
  return new Budget({ steps: 200_000, outputBytes: 2 * 1024 * 1024, depth: 300, timeMs: 60_000 });
}

function reasonOf(template: string): unknown {
  try {
    evaluate({ mode: 'helm', template, values: {} }, smallBudget());
    return 'it ended';
  } catch (thrown) {
    return isEngineError(thrown, 'RenderLimit') ? (thrown.data.reason ?? 'limit') : thrown;
  }
}

const DOUBLED = '{{ $d := dict "x" 1 }}{{ range until 60 }}{{ $d = dict "a" $d "b" $d }}{{ end }}';

describe('a template that does not end is stopped', () => {
  it.each([
    ['{{ range 1000000000000 }}{{ end }}', 'StepLimit'],
    ['{{ range until 1000 }}{{ range until 1000 }}{{ end }}{{ end }}', 'StepLimit'],
    ['{{ until 1000000000 }}', 'StepLimit'],
    ['{{ seq 1000000000 }}', 'StepLimit'],
    ['{{ untilStep 0 1000000000 1 }}', 'StepLimit'],
    ['{{ $l := list 1 }}{{ range until 60 }}{{ $l = concat $l $l }}{{ end }}', 'StepLimit'],
    ['{{ uniq (until 10000) }}', 'StepLimit'],
    ['{{ repeat 1000000000 "x" }}', 'OutputLimit'],
    ['{{ indent 1000000000 "x" }}', 'OutputLimit'],
    ['{{ nindent 100000 (repeat 1000 "x\\n") }}', 'OutputLimit'],
    ['{{ range until 100000 }}{{ repeat 100 "0123456789" }}{{ end }}', 'OutputLimit'],
    ['{{ $s := "x" }}{{ range until 60 }}{{ $s = print $s $s }}{{ end }}', 'OutputLimit'],
    ['{{ printf "%900000d%900000d%900000d" 1 2 3 }}', 'OutputLimit'],
    ['{{ replace "" (repeat 1000 "x") (repeat 10000 "a") }}', 'OutputLimit'],
    ['{{ randAlphaNum 100000000 }}', 'OutputLimit'],
    ['{{ define "x" }}{{ template "x" . }}{{ end }}{{ template "x" . }}', 'DepthLimit'],
    ['{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}', 'DepthLimit'],
    ['{{ define "x" }}{{ tpl "{{ include \\"x\\" . }}" . }}{{ end }}{{ include "x" . }}', 'DepthLimit'],
    ['{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $d }}', 'StackLimit'],
    ['{{ $d := dict }}{{ range until 20000 }}{{ $d = dict "d" $d }}{{ end }}{{ $d }}', 'StackLimit'],
    [`${DOUBLED}{{ toJson $d }}`, 'StepLimit'],
    [`${DOUBLED}{{ toYaml $d }}`, 'StepLimit'],
    [`${DOUBLED}{{ toToml $d }}`, 'OutputLimit'],
    [`${DOUBLED}{{ deepCopy $d }}`, 'StepLimit'],
    [`${DOUBLED}{{ $d }}`, 'OutputLimit'],
    ['{{ range until 1000 }}{{ $k := genPrivateKey "rsa" }}{{ end }}', 'StepLimit'],
    ['{{ range until 1000 }}{{ $k := bcrypt "x" }}{{ end }}', 'StepLimit'],
  ])('%s', (template, reason) => {
    expect(reasonOf(template)).toBe(reason);
  });

  it('by time, whatever it does', () => {
    const slow = new Budget(
      { steps: 1e9, outputBytes: 1e9, depth: 300, timeMs: 5_000 },
      (() => {
        let seconds = 0;
        return () => seconds++ * 1000;
      })(),
    );
    const question: Question = { mode: 'helm', template: '{{ range 1000000000 }}x{{ end }}', values: {} };
    expect(() => evaluate(question, slow)).toThrow(/TimeLimit/);
  });

  it('and nests no deeper than the parser follows', () => {
    for (const template of [
      '{{ if true }}'.repeat(5_000) + '{{ end }}'.repeat(5_000),
      `{{ ${'('.repeat(5_000)}1${')'.repeat(5_000)} }}`,
    ])
      expect(evaluate({ mode: 'text', template, data: {} })).toEqual({
        error: 'template: t:1: max expression depth exceeded',
      });
  });
});

describe('regular expressions take linear time', () => {
  it.each([
    ['{{ regexMatch "^(a+)+$" (print (repeat 20000 "a") "b") }}', 'false'],
    ['{{ regexReplaceAll "(x+x+)+y" (repeat 20000 "x") "z" | len }}', '20000'],
    ['{{ regexSplit "(a|aa)+$" (print (repeat 20000 "a") "b") -1 | len }}', '1'],
  ])('%s', (template, output) => {
    expect(evaluate({ mode: 'helm', template, values: {} })).toEqual({ output });
  });
});

describe('names of JavaScript are keys that are not there', () => {
  it.each(['constructor', '__proto__', 'prototype', 'valueOf', 'hasOwnProperty', '__defineGetter__'])('%s', (name) => {
    const ask = (template: string): unknown => evaluate({ mode: 'helm', template, values: { m: { a: 'x' }, s: 'x' } });
    expect(
      ask(`[{{ .Values.${name} }}{{ .Values.m.${name} }}{{ index .Values "${name}" }}{{ get .Values.m "${name}" }}]`),
    ).toEqual({
      output: '[]',
    });
    expect(ask(`{{ hasKey .Values "${name}" }}`)).toEqual({ output: 'false' });
    expect(ask(`{{ .Values.s.${name} }}`)).toEqual({
      error: `c/templates/t.yaml:1:10\n  executing "c/templates/t.yaml" at <.Values.s.${name}>:\n    can't evaluate field ${name} in type interface {}`,
    });
    expect(ask(`{{ ${name} }}`)).toEqual({
      error: `parse error at (c/templates/t.yaml:1): function "${name}" not defined`,
    });
  });

  it('and are data where a chart has them', () => {
    const values = JSON.parse('{"m": {"__proto__": {"polluted": "yes"}, "constructor": "c"}}') as { m: never };
    const template =
      '{{ toJson .Values.m }} {{ .Values.m.__proto__.polluted }} {{ $x := merge (dict) .Values.m }}{{ $x.constructor }} {{ (dict "__proto__" 1).__proto__ }} {{ (fromJson `{"__proto__": 2}`).__proto__ }} {{ (fromYaml "__proto__: 3").__proto__ }} {{ (fromToml "__proto__ = 4").__proto__ }}';
    expect(evaluate({ mode: 'helm', template, values })).toEqual({
      output: '{"__proto__":{"polluted":"yes"},"constructor":"c"} yes c 1 2 3 4',
    });
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });
});

describe('the environment is out of reach', () => {
  it.each(['env', 'expandenv'])('%s does not exist', (name) => {
    expect(evaluate({ mode: 'helm', template: `{{ ${name} "HOME" }}`, values: {} })).toEqual({
      error: `parse error at (c/templates/t.yaml:1): function "${name}" not defined`,
    });
  });

  it('no name is looked up', () => {
    expect(evaluate({ mode: 'helm', template: '[{{ getHostByName "example.com" }}]', values: {} })).toEqual({
      output: '[]',
    });
  });

  it('local time is UTC', () => {
    expect(evaluate({ mode: 'helm', template: '{{ date "2006-01-02 15:04 MST" 0 }}', values: {} })).toEqual({
      output: '1970-01-01 00:00 UTC',
    });
  });
});
