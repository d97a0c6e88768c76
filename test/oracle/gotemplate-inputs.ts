import { knownData } from './gotemplate-data.ts';
import type { Question } from '../render/helm/gotemplate/evaluate.ts';
import { CONSTRAINTS, FORMS, KEYS, LAYOUTS, REGEXES, SEMVERS, TEXTS, VERBS, ZONES } from './gotemplate-words.ts';
import { fits, HELM, type Kind, resultOf, type Signature, SPRIG, TEXT } from './gotemplate-signatures.ts';
import type { Random } from './seeded-random.ts';

/** Random templates with random data: every action, most functions with arguments that fit, sometimes ones that do not. */

function quoted(text: string): string {
  return JSON.stringify(text);
}

class Generator {
  private readonly random: Random;
  private readonly functions: readonly (readonly [string, Signature])[];
  private readonly root: string;
  private readonly hasTemplates: boolean;
  private variables: string[] = [];
  private inRange = 0;

  constructor(random: Random, mode: Question['mode']) {
    this.random = random;
    const maps =
      mode === 'text'
        ? [TEXT]
        : mode === 'sprig'
          ? [TEXT, SPRIG, SPRIG, SPRIG]
          : [TEXT, SPRIG, SPRIG, HELM, HELM, HELM, HELM];
    this.functions = maps.flatMap((map) => Object.entries(map));
    this.root = mode === 'helm' ? '.Values' : '';
    this.hasTemplates = mode === 'helm';
  }

  template(): string {
    const parts = Array.from({ length: 1 + this.random.below(4) }, () => this.statement(0));
    const text = parts.join('');
    return this.random.chance(0.03) ? this.broken(text) : text;
  }

  /** A template with a mistake of one character. */
  private broken(text: string): string {
    const at = this.random.below(text.length + 1);
    const cut = this.random.chance(0.5) ? 1 : 0;
    const inserted =
      cut === 1 && this.random.chance(0.5)
        ? ''
        : this.random.pick(['{', '}', '|', '"', '(', ')', '.', '$', ' ', '-', 'end', ',', ':=', '\n', '`', '%']);
    return text.slice(0, at) + inserted + text.slice(at + cut);
  }

  private action(content: string): string {
    const { random } = this;
    const open = random.chance(0.15) ? '{{- ' : random.chance(0.5) ? '{{ ' : '{{';
    const close = random.chance(0.15) ? ' -}}' : random.chance(0.5) ? ' }}' : '}}';
    return open + content + close;
  }

  private body(depth: number): string {
    const before = this.variables.length;
    const text = Array.from({ length: 1 + this.random.below(2) }, () => this.statement(depth + 1)).join('');
    this.variables.length = before;
    return text;
  }

  private statement(depth: number): string {
    const { random } = this;
    switch (random.below(depth > 3 ? 8 : 15)) {
      case 0:
      case 1:
        return random.pick(['text', ' ', '\n', 'a: ', '  \n  ', '- ', 'é', '}}', '"q"', '{ x']);
      case 2: {
        const value = this.pipeline(2);
        const name = `$v${random.below(3)}`;
        this.variables.push(name);
        return this.action(`${name} := ${value}`);
      }
      case 3:
        if (this.variables.length > 0 && random.chance(0.5))
          return this.action(`${random.pick(this.variables)} = ${this.pipeline(2)}`);
        return random.chance(0.2) ? '{{/* note */}}' : this.action(this.pipeline(3));
      case 8:
      case 9: {
        const head = this.action(`if ${this.pipeline(2)}`) + this.body(depth);
        const middle = random.chance(0.3) ? this.action(`else if ${this.pipeline(1)}`) + this.body(depth) : '';
        return head + middle + (random.chance(0.5) ? this.action('else') + this.body(depth) : '') + this.action('end');
      }
      case 10:
      case 11:
        return this.range(depth);
      case 12: {
        const head = this.action(`with ${this.pipeline(1)}`) + this.body(depth);
        return head + (random.chance(0.4) ? this.action('else') + this.body(depth) : '') + this.action('end');
      }
      case 13:
        if (this.hasTemplates && random.chance(0.7))
          return this.action(
            random.pick([
              'include "c.one" $.Values.map',
              `include "c.two" (${this.pipeline(1)})`,
              `tpl ${quoted(random.pick(['{{ .Values.a }}', 'x{{ .Values.s }}', '{{ include "c.one" .Values.s }}', random.chance(0.2) ? '{{ nope }}' : 'y', random.chance(0.2) ? '{{ if' : 'z']))} $`,
              `include "c.three" ${this.operand('any', 1)} | indent 2`,
              random.chance(0.2) ? 'include "nope" .' : 'include "c.one" $.Values.n',
            ]),
          );
        return this.action(
          `template "${random.pick(['one', 'two', 'three'])}" ${random.pick([this.top('list'), '', this.operand('any', 1)])}`,
        );
      default:
        return this.action(this.pipeline(3));
    }
  }

  private range(depth: number): string {
    const { random } = this;
    const over = random.chance(0.7)
      ? this.operand(random.pick(['list', 'dict', 'list', 'strings'] as const), 1)
      : random.chance(0.7)
        ? String(random.below(4))
        : this.pipeline(1);
    const before = this.variables.length;
    let head = over;
    if (random.chance(0.6)) {
      const names = random.chance(0.5) ? ['$k', '$e'] : ['$e'];
      this.variables.push(...names);
      head = `${names.join(', ')} := ${over}`;
    }
    this.inRange++;
    const control = random.chance(0.2)
      ? this.action(`if ${this.pipeline(1)}`) + this.action(random.pick(['break', 'continue'])) + this.action('end')
      : '';
    const text = this.action(`range ${head}`) + control + this.body(depth);
    this.inRange--;
    this.variables.length = before;
    return text + (random.chance(0.3) ? this.action('else') + this.body(depth) : '') + this.action('end');
  }

  private pipeline(depth: number): string {
    return this.typed(depth)[0];
  }

  /** A pipeline and what it gives. */
  private typed(depth: number, wanted: Kind = 'any'): readonly [string, Kind] {
    const { random } = this;
    let [text, kind] =
      wanted === 'any' && random.chance(0.3)
        ? ([this.operand('any', depth), 'any'] as const)
        : this.call(depth, wanted);
    while (random.chance(0.3)) {
      const given = kind;
      const next = this.functions.filter(([name, signature]) => {
        const last = signature.filter((item): item is Kind => item !== '…').at(-1);
        return last !== undefined && (fits(given, last) || random.chance(0.01)) && fits(resultOf(name), wanted);
      });
      if (next.length === 0) break;
      const [name, signature] = random.pick(next);
      text += ` | ${[name, ...this.arguments(signature, depth - 1).slice(0, -1)].join(' ')}`;
      kind = resultOf(name);
    }
    return [text, kind];
  }

  private call(depth: number, wanted: Kind): readonly [string, Kind] {
    const { random } = this;
    if (fits('string', wanted) && random.chance(0.12)) return [this.printf(depth), 'string'];
    const suitable = this.functions.filter(([name]) => fits(resultOf(name), wanted));
    const [name, signature] = random.pick(suitable.length > 0 && random.chance(0.99) ? suitable : this.functions);
    const args = this.arguments(signature, depth - 1);
    if (random.chance(0.008)) args.pop();
    if (random.chance(0.005)) args.push('1');
    return [[name, ...args].join(' '), resultOf(name)];
  }

  private printf(depth: number): string {
    const { random } = this;
    const count = 1 + random.below(3);
    const verbs = Array.from({ length: count }, () => `%${random.pick(VERBS)}`);
    const args = Array.from({ length: random.chance(0.9) ? count : random.below(4) }, () =>
      this.operand('any', depth - 1),
    );
    return `printf ${quoted(verbs.join(random.pick([' ', '|', ''])))} ${args.join(' ')}`;
  }

  private arguments(signature: Signature, depth: number): string[] {
    const kinds = signature.filter((item): item is Kind => item !== '…');
    const repeats = signature[signature.length - 1] === '…' ? this.random.below(3) : 0;
    const last = kinds[kinds.length - 1] ?? 'any';
    return [...kinds, ...Array.from({ length: repeats }, () => last)].map((kind) => this.operand(kind, depth));
  }

  private field(): string {
    const { random } = this;
    const depth = random.chance(0.85) ? 1 : 2;
    const names = Array.from({ length: depth }, () =>
      random.pick([
        'a',
        'b',
        'c',
        'name',
        'list',
        'map',
        'n',
        'missing',
        'on',
        '__proto__',
        'constructor',
        's',
        'f',
        'nil',
      ]),
    );
    const base =
      this.variables.length > 0 && random.chance(0.15) ? random.pick(this.variables) : random.chance(0.2) ? '$' : '';
    const root = base === '' || base === '$' ? this.root : '';
    return `${base}${this.inRange > 0 && base === '' && random.chance(0.6) ? '' : root}.${names.join('.')}`;
  }

  private operand(wanted: Kind, depth: number): string {
    const { random } = this;
    const kind = random.chance(0.008) ? 'any' : wanted;
    if (depth > 0 && random.chance(0.3)) return `(${this.typed(depth - 1, kind)[0]})`;
    switch (kind) {
      case 'string':
        return random.chance(0.75) ? quoted(random.pick(TEXTS)) : this.top(random.pick(['s', 'name']));
      case 'int':
        return random.chance(0.93)
          ? String(random.below(13) - 2)
          : random.pick(['0x10', '1_0', "'a'", '1e1', '010', '-0', '2.5', '100']);
      case 'float':
        return random.pick(['0.5', '1.0', '-2.25', '1e6', '1e-7', '3.']);
      case 'number':
        if (random.chance(0.1)) return random.pick(['"a"', 'true', 'nil', this.top('nil'), this.top('s')]);
        return random.pick(['2.5', '1.0', '-3.5', this.top('n'), this.top('f'), this.top('n')]);
      case 'bool':
        return random.pick(['true', 'false', this.top('on')]);
      case 'list':
        if (this.functions.some(([name]) => name === 'list') && random.chance(0.4))
          return `(list ${Array.from({ length: random.below(4) }, () => this.operand('any', 0)).join(' ')})`;
        return this.top(random.pick(['list', 'nums', 'mixed', 'el']));
      case 'strings':
        return this.functions.some(([name]) => name === 'splitList')
          ? `(splitList "," ${this.operand('string', 0)})`
          : this.top('list');
      case 'dict':
        if (this.functions.some(([name]) => name === 'dict') && random.chance(0.4))
          return `(dict ${Array.from({ length: random.below(3) }, () => `${quoted(random.pick(KEYS))} ${this.operand('any', 0)}`).join(' ')})`;
        return this.top(random.pick(['map', 'map2', 'em']));
      case 'regex':
        return random.chance(0.5) ? quoted(random.pick(REGEXES)) : `\`${random.pick(REGEXES)}\``;
      case 'semver':
        return quoted(random.pick(SEMVERS));
      case 'constraint':
        return quoted(random.pick(CONSTRAINTS));
      case 'any':
        break;
    }
    switch (random.below(12)) {
      case 0:
        return this.root === '' || this.inRange > 0 ? '.' : '.Values.map';
      case 1:
        return random.pick([
          'true',
          'false',
          '"y"',
          random.chance(0.1) ? 'nil' : '3',
          '1',
          '0',
          '2.5',
          '"x"',
          '``',
          "'z'",
          '1i',
          '-7',
          '1e3',
        ]);
      case 2:
        return this.variables.length > 0 ? random.pick(this.variables) : this.top('s');
      case 3:
        return this.operand(random.pick(['string', 'int', 'float', 'bool', 'list', 'dict'] as const), depth);
      case 4:
        return quoted(random.pick(TEXTS));
      case 5:
        return quoted(random.pick(FORMS));
      case 6:
        return this.field();
      default:
        return this.top(
          random.pick([
            's',
            'n',
            'f',
            'on',
            'list',
            'map',
            'nil',
            'missing',
            'name',
            'nums',
            'mixed',
            'el',
            'em',
            'map2',
          ]),
        );
    }
  }

  /** A field that the data have. */
  private top(name: string): string {
    return `${this.inRange > 0 || this.random.chance(0.2) ? '$' : ''}${this.root}.${name}`;
  }

  /** Forms with fixed arguments that the grammar above would never hit. */
  special(): string {
    const { random } = this;
    const date = `(toDate ${quoted('2006-01-02T15:04:05Z07:00')} ${quoted(random.pick(['2024-02-29T23:59:58Z', '1969-07-20T20:17:40Z', '2024-07-01T12:00:00+02:00', 'x']))})`;
    return this.action(
      random.pick([
        `dateInZone ${quoted(random.pick(LAYOUTS))} ${date} ${quoted(random.pick(ZONES))}`,
        `date ${quoted(random.pick(LAYOUTS))} ${random.below(2_000_000_000)}`,
        `mustToDate ${quoted(random.pick(LAYOUTS))} ${quoted(random.pick(TEXTS))}`,
        `${date}.${random.pick(['Year', 'Month', 'Weekday', 'YearDay', 'Unix', 'UTC', 'IsZero', 'Hour', 'Nanosecond', 'String'])}`,
        `dateModify ${quoted(random.pick(['-1h', '36h', '1.5m', 'x']))} ${date}`,
        `unixEpoch ${date}`,
        `htmlDate ${date}`,
        `${date}.AddDate ${random.below(3)} ${random.below(14)} ${random.below(40)} | htmlDate`,
        `dig "a" "b" "none" ${this.top(random.pick(['map', 'em', 'map2']))}`,
        `keys ${this.top('map')} | sortAlpha | join ","`,
        `values ${this.top('map2')} | toStrings | sortAlpha`,
        `typeIs ${quoted(random.pick(FORMS))} ${this.operand('any', 1)}`,
        `kindIs ${quoted(random.pick(FORMS))} ${this.operand('any', 1)}`,
        `(semver ${quoted(random.pick(SEMVERS))}).${random.pick(['Major', 'Minor', 'Prerelease', 'Original', 'String', 'Nope', 'IncMinor'])}`,
        `urlJoin (dict "scheme" "https" "host" ${this.operand('string', 0)} "path" ${this.operand('string', 0)} "query" "a=1" "userinfo" "u:p")`,
        `index ${this.top('map')} ${quoted(random.pick(KEYS))}`,
        `round ${this.operand('number', 0)} ${random.below(4)}`,
        `regexReplaceAll ${quoted(random.pick(REGEXES))} ${this.operand('string', 0)} ${quoted(random.pick(['[$0]', '$1', '${1}x', '$1x', '$$', '<${n}>', '']))}`,
      ]),
    );
  }
}

const DEFINITIONS = {
  one: '[{{ . }}]',
  two: '{{ if . }}{{ template "one" . }}{{ else }}none{{ end }}',
  three: '{{ range . }}{{ . }};{{ end }}',
};

/** A question with everything that it needs, for the engine and for the oracle. */
export function randomQuestion(random: Random): Question {
  const mode = random.pick(['text', 'sprig', 'sprig', 'helm', 'helm'] as const);
  const generator = new Generator(random, mode);
  const template = mode !== 'text' && random.chance(0.12) ? generator.special() : generator.template();
  const data = knownData(random);
  const ints = random.chance(0.3) ? { ints: true } : {};
  if (mode !== 'helm') {
    const missingkey = random.chance(0.3) ? { missingkey: random.pick(['zero', 'error', 'default']) } : {};
    return { mode, template, data, templates: DEFINITIONS, ...missingkey, ...ints };
  }
  const helpers = `{{ define "c.one" }}<{{ . }}>{{ end }}{{ define "c.two" }}{{ with . }}{{ include "c.one" . }}{{ else }}-{{ end }}{{ end }}{{ define "c.three" }}{{ toYaml . }}{{ end }}{{ define "one" }}1{{ end }}{{ define "two" }}{{ .Values.s }}{{ end }}{{ define "three" }}{{ range . }}{{ . }};{{ end }}{{ end }}`;
  const strict = random.chance(0.1) ? { strict: true } : {};
  return { mode, template, values: data, templates: { '_h.tpl': helpers }, ...strict, ...ints };
}
