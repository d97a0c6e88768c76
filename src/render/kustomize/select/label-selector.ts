import { BuildError } from '../problems.ts';

type Operator = 'exists' | 'absent' | 'in' | 'notIn' | 'greater' | 'less';

interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/** A label selector (`app=web,tier in (a,b),!old`), as the Kubernetes API reads it. */
export interface LabelSelector {
  matches(labels: ReadonlyMap<string, string>): boolean;
}

const CACHE = new Map<string, LabelSelector>();
const CACHE_SIZE = 2_000;

/** @throws BuildError naming the field */
export function parseLabelSelector(text: string, field: string): LabelSelector {
  const known = CACHE.get(text);
  if (known !== undefined) return known;
  const requirements = new Parser(text, field).parse();
  const selector = { matches: (labels: ReadonlyMap<string, string>) => requirements.every((one) => fits(one, labels)) };
  if (CACHE.size >= CACHE_SIZE) CACHE.clear();
  CACHE.set(text, selector);
  return selector;
}

function fits(requirement: Requirement, labels: ReadonlyMap<string, string>): boolean {
  const value = labels.get(requirement.key);
  switch (requirement.operator) {
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'in':
      return value !== undefined && requirement.values.includes(value);
    case 'notIn':
      return value === undefined || !requirement.values.includes(value);
    case 'greater':
    case 'less': {
      const left = parseInt64(value ?? '');
      const right = parseInt64(requirement.values[0] ?? '');
      if (left === undefined || right === undefined) return false;
      return requirement.operator === 'greater' ? left > right : left < right;
    }
  }
}

function parseInt64(text: string): bigint | undefined {
  if (!/^[-+]?[0-9]{1,19}$/.test(text)) return undefined;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return value >= -(2n ** 63n) && value < 2n ** 63n ? value : undefined;
}

type Token = { readonly kind: 'word' | 'symbol' | 'end' | 'bad'; readonly text: string };

const SYMBOLS = new Set([')', ',', '!', '==', '=', '>', '<', '!=', '(']);
const SPECIAL = '=!(),><';
const SPACE = ' \t\r\n';

class Parser {
  readonly #tokens: readonly Token[];
  readonly #field: string;
  #at = 0;

  constructor(text: string, field: string) {
    this.#tokens = scan(text);
    this.#field = field;
  }

  parse(): readonly Requirement[] {
    const found: Requirement[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.kind === 'end') return found;
      if (!startsRequirement(token)) throw this.#fail(token);
      found.push(this.#requirement());
      const after = this.#next();
      if (after.kind === 'end') return found;
      if (after.text !== ',' || after.kind !== 'symbol' || !startsRequirement(this.#peek())) throw this.#fail(after);
    }
  }

  #requirement(): Requirement {
    let token = this.#next();
    const negated = token.kind === 'symbol' && token.text === '!';
    if (negated) token = this.#next();
    if (token.kind !== 'word') throw this.#fail(token);
    const key = token.text;
    if (!isQualifiedName(key)) throw this.#invalid(`key ${JSON.stringify(key)}`);
    const after = this.#peek();
    const ends = after.kind === 'end' || (after.kind === 'symbol' && after.text === ',');
    if (ends) return { key, operator: negated ? 'absent' : 'exists', values: [] };
    if (negated) return { key, operator: 'absent', values: [] };
    return this.#comparison(key);
  }

  #comparison(key: string): Requirement {
    const token = this.#next();
    if (token.kind === 'word' && (token.text === 'in' || token.text === 'notin')) {
      const values = this.#values();
      for (const value of values) this.#requireValue(value);
      return { key, operator: token.text === 'in' ? 'in' : 'notIn', values };
    }
    if (token.kind !== 'symbol') throw this.#fail(token);
    const operator = OPERATORS.get(token.text);
    if (operator === undefined) throw this.#fail(token);
    const value = this.#exactValue();
    if ((operator === 'greater' || operator === 'less') && parseInt64(value) === undefined)
      throw this.#invalid(`value ${JSON.stringify(value)}`);
    this.#requireValue(value);
    return { key, operator, values: [value] };
  }

  #exactValue(): string {
    const token = this.#peek();
    if (token.kind === 'end' || (token.kind === 'symbol' && token.text === ',')) return '';
    this.#next();
    if (token.kind !== 'word') throw this.#fail(token);
    return token.text;
  }

  #values(): readonly string[] {
    const open = this.#next();
    if (open.kind !== 'symbol' || open.text !== '(') throw this.#fail(open);
    const values = new Set<string>();
    const first = this.#peek();
    if (first.kind === 'symbol' && first.text === ')') {
      this.#next();
      return [''];
    }
    for (;;) {
      const token = this.#next();
      if (token.kind === 'word') {
        values.add(token.text);
        const after = this.#peek();
        if (after.kind !== 'symbol' || (after.text !== ',' && after.text !== ')')) throw this.#fail(after);
        if (after.text === ')') break;
      } else if (token.kind === 'symbol' && token.text === ',') {
        if (values.size === 0) values.add('');
        const after = this.#peek();
        if (after.kind === 'symbol' && after.text === ')') {
          values.add('');
          break;
        }
        if (after.kind === 'symbol' && after.text === ',') {
          this.#next();
          values.add('');
        }
      } else throw this.#fail(token);
    }
    const close = this.#next();
    if (close.kind !== 'symbol' || close.text !== ')') throw this.#fail(close);
    return [...values];
  }

  #requireValue(value: string): void {
    if (!isLabelValue(value)) throw this.#invalid(`value ${JSON.stringify(value)}`);
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '' };
  }

  #next(): Token {
    const token = this.#peek();
    this.#at++;
    return token;
  }

  #fail(token: Token): BuildError {
    return this.#invalid(token.kind === 'end' ? 'end of text' : JSON.stringify(token.text));
  }

  #invalid(found: string): BuildError {
    return new BuildError('InvalidSelector', `${this.#field} is not a valid label selector: ${found} was not expected`);
  }
}

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['=', 'in'],
  ['==', 'in'],
  ['!=', 'notIn'],
  ['>', 'greater'],
  ['<', 'less'],
]);

function startsRequirement(token: Token): boolean {
  return token.kind === 'word' || (token.kind === 'symbol' && token.text === '!');
}

function scan(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (character === '\0') break;
    if (SPACE.includes(character)) {
      at++;
    } else if (SPECIAL.includes(character)) {
      const symbol = longestSymbol(text, at);
      tokens.push(symbol);
      at += Math.max(symbol.text.length, 1);
    } else {
      const start = at;
      while (
        at < text.length &&
        !SPACE.includes(text[at] ?? '') &&
        !SPECIAL.includes(text[at] ?? '') &&
        text[at] !== '\0'
      )
        at++;
      tokens.push({ kind: 'word', text: text.slice(start, at) });
    }
  }
  return tokens;
}

function longestSymbol(text: string, at: number): Token {
  for (const length of [2, 1]) {
    const symbol = text.slice(at, at + length);
    if (symbol.length === length && SYMBOLS.has(symbol)) return { kind: 'symbol', text: symbol };
  }
  return { kind: 'bad', text: text.slice(at, at + 1) };
}

const NAME = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const DOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

function isQualifiedName(text: string): boolean {
  const parts = text.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.length > 2 || name.length > 63 || !NAME.test(name)) return false;
  const domain = parts[0] ?? '';
  return parts.length === 1 || (domain.length <= 253 && DOMAIN.test(domain));
}

function isLabelValue(text: string): boolean {
  return text.length <= 63 && (text === '' || NAME.test(text));
}
