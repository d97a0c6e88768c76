import type { Json } from '../../src/core/json.ts';
import type { Question } from '../render/helm/gotemplate/evaluate.ts';
import type { Random } from './seeded-random.ts';

/** Random templates with random data: every action, most functions with arguments that fit, sometimes ones that do not. */

type Kind =
  | 'string'
  | 'int'
  | 'float'
  | 'bool'
  | 'any'
  | 'list'
  | 'dict'
  | 'strings'
  | 'regex'
  | 'semver'
  | 'constraint'
  | 'number';

const WORDS = [
  'a',
  'b',
  'foo',
  'Bar',
  'baz-qux',
  'hello world',
  'x_y',
  'HTTPServer',
  'snake_case',
  'kebab-case',
  'v2',
  'é',
  '日本',
  '😀 ok',
  '',
];
const KEYS = ['a', 'b', 'c', 'name', 'x-y', 'list', 'map', 'n', '__proto__', 'constructor', 'on'];
const TEXTS = [
  ...WORDS,
  '  padded  ',
  'line1\nline2\n',
  'tab\tq"uote\'s',
  '<b>&amp;</b>',
  'a,b,,c',
  '1',
  '0',
  '3.7',
  '-12',
  '0x1f',
  '1e3',
  '007',
  '1.0',
  'true',
  'null',
  'yes',
  '2024-02-29',
  '10h30m',
  'https://u:p@ex.com:8080/a%20b?q=1#f',
  '../a/./b//c.txt',
  'aGVsbG8=',
  'NBSWY3DP',
  '{"k": [1, 2.5, "x"]}',
  '[1, null]',
  'k: v\nl: [1, 2]\n',
  '- 1\n- two\n',
  '1.2.3',
  'v1.20.0-gke.1',
  '{{ .a }}',
  'The quick brown fox jumps over the lazy dog',
  'ÀÉÎ straße',
];
const REGEXES = [
  'a',
  '[a-z]+',
  'a*',
  '(a)(b)?',
  '^h',
  '.',
  '(?i)HELLO',
  '\\d+',
  '\\bo',
  '[^a-z]',
  'x|y|',
  '(?P<n>l+)',
  '(',
  '[z-a]',
  'l{2}',
  '\\w+@',
  '$',
  'o.*',
  '',
];
const SEMVERS = [
  '1.2.3',
  'v1.20.0',
  '1.20.0-gke.1',
  '2.0',
  '1',
  '0.0.0',
  '1.2.3-rc.1+b',
  'x',
  '',
  '1.2.3.4',
  '01.2.3',
  '1.0.0-alpha.10',
];
const CONSTRAINTS = [
  '>=1.19-0',
  '^1.2',
  '~1.2.3',
  '1.x',
  '*',
  '>1.0, <2.0',
  '>1.0 <2.0',
  '1.0 - 2.0',
  '!=1.2.3',
  '=1.2.3 || >=2',
  '<1.21-0',
  '^0.0.3',
  '~0',
  '>= 1.2, !=1.3',
  'x',
  '>',
  '1.2.x',
  '=>1',
  '=<2',
  '~>1.2',
  '^1.2.3-beta',
  '',
  '>1.x',
];
const LAYOUTS = [
  '2006-01-02',
  'Mon Jan _2 15:04:05 2006',
  '02/01/06 03:04 PM',
  '2006-01-02T15:04:05Z07:00',
  'January 2, 2006',
  '15:04:05.000',
  '002 MST -0700',
  'x',
];
const ZONES = ['UTC', 'Local', 'America/New_York', 'Nowhere/X', ''];
const VERBS = [
  'd',
  's',
  'v',
  'q',
  'x',
  'X',
  'T',
  't',
  'f',
  'e',
  'g',
  'G',
  'E',
  'b',
  'o',
  'O',
  'c',
  'U',
  '+v',
  '#v',
  '#x',
  '05d',
  '-8v|',
  '8.3f',
  '.2f',
  '+d',
  ' d',
  '6s',
  '.2s',
  '%',
  '[1]v',
  '*d',
  'z',
  '!',
  '.0f',
  '#q',
  '+q',
  ' x',
  '#U',
  'F',
  '08.3f',
  '+.2e',
];
const FORMS = [
  'string',
  'float64',
  'int',
  'int64',
  'bool',
  'map',
  'slice',
  'invalid',
  'map[string]interface {}',
  '[]interface {}',
];

/** Functions by name with the kinds of their parameters; `…` at the end repeats the last. */
const SPRIG: Readonly<Record<string, Signature>> = {
  abbrev: ['int', 'string'],
  abbrevboth: ['int', 'int', 'string'],
  trunc: ['int', 'string'],
  trim: ['string'],
  upper: ['string'],
  lower: ['string'],
  title: ['string'],
  untitle: ['string'],
  substr: ['int', 'int', 'string'],
  repeat: ['int', 'string'],
  trimAll: ['string', 'string'],
  trimSuffix: ['string', 'string'],
  trimPrefix: ['string', 'string'],
  nospace: ['string'],
  initials: ['string'],
  swapcase: ['string'],
  snakecase: ['string'],
  camelcase: ['string'],
  kebabcase: ['string'],
  wrap: ['int', 'string'],
  wrapWith: ['int', 'string', 'string'],
  contains: ['string', 'string'],
  hasPrefix: ['string', 'string'],
  hasSuffix: ['string', 'string'],
  quote: ['any', '…'],
  squote: ['any', '…'],
  cat: ['any', '…'],
  indent: ['int', 'string'],
  nindent: ['int', 'string'],
  replace: ['string', 'string', 'string'],
  plural: ['string', 'string', 'int'],
  sha1sum: ['string'],
  sha256sum: ['string'],
  sha512sum: ['string'],
  adler32sum: ['string'],
  toString: ['any'] as Signature,
  atoi: ['string'],
  int64: ['any'],
  int: ['any'],
  float64: ['any'],
  seq: ['int', '…'],
  toDecimal: ['any'],
  split: ['string', 'string'],
  splitList: ['string', 'string'],
  splitn: ['string', 'int', 'string'],
  toStrings: ['any'],
  until: ['int'],
  untilStep: ['int', 'int', 'int'],
  add1: ['any'],
  add: ['any', '…'],
  sub: ['any', 'any'],
  div: ['any', 'any'],
  mod: ['any', 'any'],
  mul: ['any', '…'],
  add1f: ['any'],
  addf: ['any', '…'],
  subf: ['any', '…'],
  divf: ['any', '…'],
  mulf: ['any', '…'],
  max: ['any', '…'],
  min: ['any', '…'],
  maxf: ['any', '…'],
  minf: ['any', '…'],
  biggest: ['any', '…'],
  ceil: ['any'],
  floor: ['any'],
  round: ['any', 'int'],
  join: ['string', 'any'],
  sortAlpha: ['any'],
  default: ['any', 'any'],
  empty: ['any'],
  coalesce: ['any', '…'],
  all: ['any', '…'],
  any: ['any', '…'],
  compact: ['list'],
  mustCompact: ['list'],
  fromJson: ['string'],
  toJson: ['any'],
  toPrettyJson: ['any'],
  toRawJson: ['any'],
  mustFromJson: ['string'],
  mustToJson: ['any'],
  mustToPrettyJson: ['any'],
  mustToRawJson: ['any'],
  ternary: ['any', 'any', 'bool'],
  deepCopy: ['any'],
  mustDeepCopy: ['any'],
  typeOf: ['any'],
  kindOf: ['any'],
  deepEqual: ['any', 'any'],
  base: ['string'],
  dir: ['string'],
  clean: ['string'],
  ext: ['string'],
  isAbs: ['string'],
  osBase: ['string'],
  osDir: ['string'],
  b64enc: ['string'],
  b64dec: ['string'],
  b32enc: ['string'],
  b32dec: ['string'],
  list: ['any', '…'],
  tuple: ['any', '…'],
  dict: ['string', 'any', 'string', 'any'],
  get: ['dict', 'string'],
  hasKey: ['dict', 'string'],
  pluck: ['string', 'dict', '…'],
  pick: ['dict', 'string', '…'],
  omit: ['dict', 'string', '…'],
  merge: ['dict', 'dict', '…'],
  mergeOverwrite: ['dict', 'dict', '…'],
  mustMerge: ['dict', 'dict'],
  mustMergeOverwrite: ['dict', 'dict'],
  append: ['list', 'any'],
  prepend: ['list', 'any'],
  push: ['list', 'any'],
  first: ['list'],
  rest: ['list'],
  last: ['list'],
  initial: ['list'],
  reverse: ['list'],
  uniq: ['list'],
  without: ['list', 'any', '…'],
  has: ['any', 'list'],
  slice: ['list', 'int', 'int'],
  concat: ['list', '…'],
  chunk: ['int', 'list'],
  mustFirst: ['list'],
  mustRest: ['list'],
  mustLast: ['list'],
  mustInitial: ['list'],
  mustAppend: ['list', 'any'],
  mustPrepend: ['list', 'any'],
  mustReverse: ['list'],
  mustUniq: ['list'],
  mustHas: ['any', 'list'],
  mustSlice: ['list', 'int'],
  semver: ['semver'],
  semverCompare: ['constraint', 'semver'],
  regexMatch: ['regex', 'string'],
  mustRegexMatch: ['regex', 'string'],
  regexFind: ['regex', 'string'],
  mustRegexFind: ['regex', 'string'],
  regexFindAll: ['regex', 'string', 'int'],
  mustRegexFindAll: ['regex', 'string', 'int'],
  regexReplaceAll: ['regex', 'string', 'string'],
  mustRegexReplaceAll: ['regex', 'string', 'string'],
  regexReplaceAllLiteral: ['regex', 'string', 'string'],
  regexSplit: ['regex', 'string', 'int'],
  mustRegexSplit: ['regex', 'string', 'int'],
  regexQuoteMeta: ['string'],
  urlParse: ['string'],
  urlJoin: ['dict'],
  duration: ['any'],
  durationRound: ['any'],
  set: ['dict', 'string', 'any'],
  unset: ['dict', 'string'],
};
const HELM: Readonly<Record<string, Signature>> = {
  toYaml: ['any'],
  mustToYaml: ['any'],
  toYamlPretty: ['any'],
  fromYaml: ['string'],
  fromYamlArray: ['string'],
  fromJson: ['string'],
  fromJsonArray: ['string'],
  toToml: ['any'],
  mustToDuration: ['any'],
  durationSeconds: ['any'],
  durationMilliseconds: ['any'],
  durationMinutes: ['any'],
  durationHours: ['any'],
  durationDays: ['any'],
  durationRoundTo: ['any', 'any'],
  durationTruncateTo: ['any', 'any'],
  required: ['string', 'any'],
};
const TEXT: Readonly<Record<string, Signature>> = {
  not: ['any'],
  and: ['any', 'any', '…'],
  or: ['any', 'any', '…'],
  len: ['any'],
  html: ['any', '…'],
  js: ['any', '…'],
  urlquery: ['any', '…'],
  print: ['any', '…'],
  println: ['any', '…'],
  eq: ['number', 'number'],
  ne: ['any', 'any'],
  lt: ['number', 'number'],
  le: ['number', 'number'],
  gt: ['number', 'number'],
  ge: ['number', 'number'],
  index: ['list', 'int'],
};

type Signature = readonly (Kind | '…')[];

/** What functions give; those that are not named give a string. */
function giving(kind: Kind, names: readonly string[]): (readonly [string, Kind])[] {
  return names.map((name) => [name, kind] as const);
}

const RESULTS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ...giving('int', ['len', 'int', 'atoi']),
  ...giving('number', [
    'int64',
    'toDecimal',
    'add1',
    'add',
    'sub',
    'div',
    'mod',
    'mul',
    'max',
    'min',
    'biggest',
    'float64',
    'add1f',
    'addf',
    'subf',
    'divf',
    'mulf',
    'maxf',
    'minf',
    'ceil',
    'floor',
    'round',
    'mustToDuration',
    'durationSeconds',
    'durationMilliseconds',
    'durationMinutes',
    'durationHours',
    'durationDays',
    'durationRoundTo',
    'durationTruncateTo',
  ]),
  ...giving('bool', [
    'contains',
    'hasPrefix',
    'hasSuffix',
    'empty',
    'all',
    'any',
    'deepEqual',
    'isAbs',
    'hasKey',
    'has',
    'mustHas',
    'semverCompare',
    'regexMatch',
    'mustRegexMatch',
    'not',
    'eq',
    'ne',
    'lt',
    'le',
    'gt',
    'ge',
  ]),
  ...giving('list', [
    'toStrings',
    'until',
    'untilStep',
    'sortAlpha',
    'compact',
    'mustCompact',
    'list',
    'tuple',
    'pluck',
    'append',
    'prepend',
    'push',
    'rest',
    'initial',
    'reverse',
    'uniq',
    'without',
    'concat',
    'chunk',
    'mustRest',
    'mustInitial',
    'mustAppend',
    'mustPrepend',
    'mustReverse',
    'mustUniq',
    'splitList',
    'regexFindAll',
    'mustRegexFindAll',
    'regexSplit',
    'mustRegexSplit',
    'fromYamlArray',
    'fromJsonArray',
  ]),
  ...giving('dict', [
    'dict',
    'pick',
    'omit',
    'merge',
    'mergeOverwrite',
    'mustMerge',
    'mustMergeOverwrite',
    'set',
    'unset',
    'urlParse',
    'fromYaml',
  ]),
  ...giving('any', [
    'default',
    'coalesce',
    'fromJson',
    'mustFromJson',
    'ternary',
    'deepCopy',
    'mustDeepCopy',
    'get',
    'first',
    'last',
    'mustFirst',
    'mustLast',
    'slice',
    'mustSlice',
    'semver',
    'and',
    'or',
    'index',
    'required',
    'split',
    'splitn',
  ]),
]);

function resultOf(name: string): Kind {
  return RESULTS.get(name) ?? 'string';
}

function fits(given: Kind, wanted: Kind): boolean {
  if (wanted === 'any' || wanted === 'number' || given === wanted) return true;
  if (wanted === 'list') return given === 'strings';
  return given === 'string' && (wanted === 'regex' || wanted === 'semver' || wanted === 'constraint');
}

/** A JSON value without numbers that JavaScript and Go would read differently. */
export function randomData(random: Random, depth = 0): Json {
  switch (random.below(depth > 2 ? 7 : 11)) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
      return random.below(12) - 3;
    case 3:
      return random.pick([0.5, 2.25, -1.75, 1e6, 1234567.5, 1e21, 3e-7, 100000, 12345678901]);
    case 7:
    case 8:
      return Array.from({ length: random.below(4) }, () => randomData(random, depth + 1));
    case 9:
    case 10: {
      const entries = Array.from(
        { length: random.below(4) },
        () => [random.pick(KEYS), randomData(random, depth + 1)] as const,
      );
      return Object.fromEntries(entries);
    }
    default:
      return random.pick(TEXTS);
  }
}

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

/** The data that the generator's fields name. */
function knownData(random: Random): { readonly [key: string]: Json } {
  return {
    s: random.pick(TEXTS),
    name: random.pick(WORDS),
    n: random.below(20) - 5,
    f: random.pick([0.5, 2.25, -1.75, 3.7, 1e6]),
    on: random.chance(0.5),
    nil: null,
    list: Array.from({ length: random.below(4) }, () => random.pick(WORDS)),
    nums: Array.from({ length: random.below(5) }, () => random.below(9) - 2),
    mixed: Array.from({ length: random.below(4) }, () => randomData(random, 1)),
    el: [],
    em: {},
    map: { a: randomData(random, 1), b: random.pick(TEXTS), c: randomData(random, 2) },
    map2: Object.fromEntries(Array.from({ length: random.below(4) }, () => [random.pick(KEYS), random.pick(WORDS)])),
    a: randomData(random),
    b: random.pick(TEXTS),
    c: randomData(random, 1),
  };
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
