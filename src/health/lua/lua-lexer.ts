export interface Token {
  readonly type: 'name' | 'keyword' | 'number' | 'string' | 'symbol' | 'end';
  readonly text: string;
  readonly line: number;
}

export class LuaSyntaxError extends Error {
  override readonly name = 'LuaSyntaxError';
}

const KEYWORDS = new Set(
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);
const SYMBOLS = [
  '...',
  '..',
  '==',
  '~=',
  '<=',
  '>=',
  '::',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '#',
  '<',
  '>',
  '=',
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  ';',
  ':',
  ',',
  '.',
];
const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
  '\n': '\n',
};
const NUMBER = /0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[A-Za-z_]\w*/y;
const LONG = /\[(=*)\[/y;

/** The tokens of a script. @throws LuaSyntaxError */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let position = source.startsWith('#') ? endOfLine(source, 0) : 0;
  let line = 1;
  const push = (type: Token['type'], text: string): void => void tokens.push({ type, text, line });
  const countLines = (text: string): void => {
    for (const char of text) if (char === '\n') line++;
  };
  while (position < source.length) {
    const char = source[position] ?? '';
    if (char === '\n') line++;
    if (/\s/.test(char)) {
      position++;
      continue;
    }
    if (source.startsWith('--', position)) {
      const long = longBracket(source, position + 2);
      const end = long === undefined ? endOfLine(source, position) : long.end;
      countLines(source.slice(position, end));
      position = end;
      continue;
    }
    const long = char === '[' ? longBracket(source, position) : undefined;
    if (long !== undefined) {
      push('string', long.text);
      countLines(source.slice(position, long.end));
      position = long.end;
      continue;
    }
    if (char === '"' || char === "'") {
      const quoted = quotedString(source, position, line);
      push('string', quoted.text);
      countLines(source.slice(position, quoted.end));
      position = quoted.end;
      continue;
    }
    const number = /[\d.]/.test(char) ? matchAt(NUMBER, source, position) : undefined;
    if (number !== undefined) {
      push('number', number);
      position += number.length;
      continue;
    }
    const name = matchAt(NAME, source, position);
    if (name !== undefined) {
      push(KEYWORDS.has(name) ? 'keyword' : 'name', name);
      position += name.length;
      continue;
    }
    const symbol = SYMBOLS.find((entry) => source.startsWith(entry, position));
    if (symbol === undefined) throw new LuaSyntaxError(`line ${line}: unexpected character '${char}'`);
    push('symbol', symbol);
    position += symbol.length;
  }
  tokens.push({ type: 'end', text: '<eof>', line });
  return tokens;
}

function matchAt(pattern: RegExp, source: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(source)?.[0];
}

function endOfLine(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end < 0 ? source.length : end;
}

function longBracket(source: string, from: number): { readonly text: string; readonly end: number } | undefined {
  LONG.lastIndex = from;
  const open = LONG.exec(source);
  if (open === null) return undefined;
  const close = `]${open[1] ?? ''}]`;
  const end = source.indexOf(close, from + open[0].length);
  if (end < 0) throw new LuaSyntaxError('a long string or comment is not closed');
  return { text: source.slice(from + open[0].length, end).replace(/^\r?\n/, ''), end: end + close.length };
}

function quotedString(source: string, from: number, line: number): { readonly text: string; readonly end: number } {
  const quote = source[from];
  let text = '';
  let position = from + 1;
  for (;;) {
    const char = source[position];
    if (char === undefined || char === '\n') throw new LuaSyntaxError(`line ${line}: a string is not closed`);
    if (char === quote) return { text, end: position + 1 };
    if (char !== '\\') {
      text += char;
      position++;
      continue;
    }
    const digits = /^\d{1,3}/.exec(source.slice(position + 1, position + 4))?.[0];
    const next = source[position + 1] ?? '';
    if (digits !== undefined) {
      text += String.fromCharCode(Number(digits));
      position += 1 + digits.length;
    } else {
      text += Object.hasOwn(ESCAPES, next) ? (ESCAPES[next] ?? next) : next;
      position += 2;
    }
  }
}
