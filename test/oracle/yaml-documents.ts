import { choices, type Random, some } from './seeded-random.ts';

/** YAML documents in every style: properties, block scalars with their headers, flow in blocks, directives, several documents. */

const WORDS = choices(
  'a ; b ; foo ; yes ; no ; on ; off ; y ; n ; true ; false ; null ; ~ ; Null ; .inf ; -.inf ; .nan ; .NaN ; 0 ; 1 ; -1 ; +1 ; ' +
    '007 ; 08 ; 0x1F ; 0o17 ; 0b11 ; -0x1 ; 1_000 ; 1e3 ; 1E+5 ; 2.0 ; 1.10 ; -0.0 ; .5 ; 5. ; 1e400 ; 12345678 ; ' +
    '9007199254740993 ; 18446744073709551615 ; 18446744073709551616 ; 2001-01-01 ; 2001-12-14t21:59:43.10-05:00 ; ' +
    '2001-12-14T21:59:43Z ; 2024-1-1 ; 12:30 ; 1:30:00 ; 190:20:30.5 ; - ; -- ; ? ; : ; a:b ; http://x.y/z ; a#b ; ' +
    'nginx:1.25 ; 100Mi ; 0x ; 1__0 ; _1 ; << ; = ; é ; 日本 ; 😀 ; long-word_with.dots/and/slashes ; 0777 ; 0o8 ; +.inf ; ' +
    '0x1G ; 1,000 ; 10:00:00 ; 0b2 ; TRUE ; Yes ; On ; NULL ; .INF ; 1e3.5 ; 0.1e-2 ; 1.e2 ; -.5 ; +0x1 ; -0b1 ; -0o7 ; 0X1F',
);
const QUOTED = [
  'a b',
  '',
  ' ',
  'yes',
  "it's",
  'say \\"hi\\"',
  'tab\\tx',
  'nl\\nx',
  '\\x41\\u00e9\\U0001F600',
  'a: b',
  'a #b',
  '\\/',
  '\\e\\0\\a\\N\\_\\L\\P',
  'é',
  '\\',
  '\\q',
  'x\\\n  y',
  'trailing ',
  ' leading',
  '\\u00',
  'a\n\n b',
  'a \n b',
  '\\  x',
  '\u0085',
  '\u2028',
  '\u00a0',
];
const LONG =
  'The quick brown fox jumps over the lazy dog and then it goes on and on until the line is much longer than eighty columns, which ' +
  'matters here   with   runs of blanks and averyveryverylongwordthatcannotbebrokenbecauseithasnospaceinitatall';
const TAGS = choices(
  '!!str ; !!int ; !!float ; !!bool ; !!null ; !!binary ; !!timestamp ; !!map ; !!seq ; !!set ; !!omap ; !!merge ; ! ; !foo ; ' +
    '!<tag:yaml.org,2002:str> ; !! ; !e!x ; !!js/x ; !%41 ; !a,b',
);
const ANCHORS = choices('a ; b ; x1 ; é ; a-b ; a.b');
const BLOCK_LINES = [
  'line',
  'two words',
  '',
  '',
  '  more',
  '\ttab',
  ' ',
  '# no comment',
  'a: b',
  '- x',
  'trailing ',
  'é',
  LONG.slice(0, 120),
  '---',
  '   deep',
  '\u0085',
  '\u2028x',
  '...',
  '%x',
  '\t',
];
const KEYS = [
  ...choices(
    `a ; b ; c ; key ; x-y ; on ; y ; null ; ~ ; 1 ; 0x1 ; 1.0 ; true ; << ; 2001-01-01 ; = ; a b ; é ; .inf ; 12:30 ; - ; !x k ; ` +
      `&a k ; "q\\n" ; 's' ; "a"  ; [a] ; {a: 1} ; !!str 1 ; !!int "3" ; !!null "" ; !!binary YQ==`,
  ),
  '',
  '*a ',
  '? ',
  'k'.repeat(130),
];
const LINE_ENDS = ['', '', '', '', ' ', ' # c', '  #c', '\t', '\t# c', ' #'];

class Documents {
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  text(): string {
    const { random } = this;
    let text = random.pick([
      () => this.document(),
      () => `---\n${this.document()}`,
      () =>
        some(random, 2, 3, () => this.document()).join(
          random.pick(['\n---\n', '\n--- # c\n', '\n...\n', '\n...\n---\n', '\n---\n---\n', '\n--- ']),
        ),
      () => `%YAML 1.${random.below(3)}\n---\n${this.document()}`,
      () => `%TAG !e! tag:e,1:\n--- \n${this.document()}`,
      () => `# c\n\n${this.document()}`,
    ])();
    text += random.pick(['\n', '\n', '', '\n...\n', '\n# end\n', '\n\n']);
    if (random.chance(0.06)) text = text.replaceAll('\n', '\r\n');
    if (random.chance(0.02)) text = text.replaceAll('\n', '\r');
    return random.chance(0.03) ? `\ufeff${text}` : text;
  }

  private document(): string {
    switch (this.random.below(6)) {
      case 0:
        return this.flow(0);
      case 1:
        return this.block('');
      case 2:
        return this.properties() + this.scalar();
      default:
        return this.collection('', 0);
    }
  }

  private plain(): string {
    const { random } = this;
    const word = (): string => random.pick(WORDS);
    return random.pick([
      word,
      () => some(random, 2, 4, word).join(' '),
      () => LONG.slice(random.below(60), 80 + random.below(150)),
      () =>
        `${word()}${random.pick([': ', ':', ' #', '#', ' - ', ', ', '[', '] ', '{', '} ', '? ', '! ', '& '])}${word()}`,
      () => `${word()}${random.pick(['* ', "'", '"', '%', '@', '`', '|', '>'])}${word()}`,
    ])();
  }

  private properties(): string {
    const { random } = this;
    return `${random.chance(0.12) ? `${random.pick(TAGS)} ` : ''}${random.chance(0.12) ? `&${random.pick(ANCHORS)} ` : ''}`;
  }

  private scalar(): string {
    const { random } = this;
    switch (random.below(8)) {
      case 0:
        return `"${random.pick(QUOTED)}"`;
      case 1:
        return `'${random.pick(QUOTED).replaceAll("'", "''")}'`;
      case 2:
        return `*${random.pick(ANCHORS)}`;
      case 3: {
        const text = LONG.slice(random.below(80), 90 + random.below(120));
        return `"${text.replaceAll(' ', () => (random.chance(0.1) ? '\n   ' : ' '))}"`;
      }
      case 4:
        return '';
      default:
        return this.plain();
    }
  }

  private flow(depth: number): string {
    const { random } = this;
    if (depth > 3 || random.chance(0.5)) return this.properties() + this.scalar();
    const inner = (): string => this.flow(depth + 1);
    const open = random.pick(['', ' ', '\n  ']);
    const end = random.pick(['', ',', ' ']);
    const between = random.pick([', ', ',', ' ,\n  ', ', # c\n  ']);
    if (random.chance(0.5)) {
      const items = some(random, 0, 3, () => (random.chance(0.15) ? `${inner()}: ${inner()}` : inner()));
      return `${this.properties()}[${open}${items.join(between)}${end}]`;
    }
    const pairs = some(random, 0, 3, () =>
      random.pick([
        () => `${this.flow(depth + 2)}: ${inner()}`,
        () => `"k${random.below(3)}":${inner()}`,
        () => this.flow(depth + 2),
        () => `? ${this.flow(depth + 2)} : ${inner()}`,
        () => '<<: *a',
      ])(),
    );
    return `${this.properties()}{${open}${pairs.join(between)}${end}}`;
  }

  private block(indent: string): string {
    const { random } = this;
    const header =
      random.pick(['|', '>']) +
      random.pick(['', '', '', '-', '+', '2', '1', '2-', '+1', '-4', '9', '0', '+-']) +
      random.pick(['', '', '', ' # c', ' ', '\t']);
    const lines = some(random, 0, 6, () => {
      const line = random.pick(BLOCK_LINES);
      if (line === '' && random.chance(0.8)) return '';
      return `${indent}${random.pick(['  ', '  ', '  ', ' ', '   '])}${line}`;
    });
    return `${header}\n${lines.join('\n')}${random.pick(['', '', '\n', '\n\n'])}`;
  }

  /** What stands behind a `-` or a `:`. */
  private node(indent: string, depth: number): string {
    const { random } = this;
    const end = (): string => random.pick(LINE_ENDS);
    if (depth <= 3 && random.chance(0.5)) {
      const deeper = `${indent}${random.pick(['  ', ' ', '    ', '  ', ''])}`;
      return `${random.pick(['', '', ` ${this.properties()}`])}${end()}\n${this.collection(deeper, depth + 1)}`;
    }
    switch (random.below(6)) {
      case 0:
        return ` ${this.properties()}${this.scalar()}${end()}`;
      case 1:
        return ` ${this.flow(depth)}${end()}`;
      case 2:
        return ` ${this.properties()}${this.block(indent)}`;
      case 3:
        return end();
      case 4:
        return ` ${this.plain()}\n${indent}  ${this.plain()}${random.chance(0.5) ? `\n\n${indent}   ${this.plain()}` : ''}`;
      default:
        return ` "${random.pick(QUOTED)}\n${indent}${random.pick(['', ' '])}${random.pick(QUOTED)}"`;
    }
  }

  private collection(indent: string, depth: number): string {
    const { random } = this;
    const isList = random.chance(0.35);
    return some(random, 1, 4, () => {
      const entry = isList ? this.item(indent, depth) : this.pair(indent, depth);
      return entry + (random.chance(0.08) ? random.pick(['\n', `\n${indent}# c`, '\n# c', '\n   ', '\n\t']) : '');
    }).join('\n');
  }

  private item(indent: string, depth: number): string {
    const { random } = this;
    if (random.chance(0.1)) return `${indent}- -${this.node(`${indent}    `, depth + 1)}`;
    if (random.chance(0.7)) return `${indent}-${this.node(`${indent}  `, depth)}`;
    const pair = (): string => `${random.pick(KEYS)}:${this.node(`${indent}  `, depth + 1)}`;
    return `${indent}- ${pair()}${random.chance(0.4) ? `\n${indent}  ${pair()}` : ''}`;
  }

  private pair(indent: string, depth: number): string {
    const { random } = this;
    const inner = `${indent}  `;
    if (random.chance(0.06))
      return `${indent}?${this.node(inner, depth + 1)}\n${indent}:${this.node(inner, depth + 1)}`;
    return `${indent}${random.pick(KEYS)}${random.pick(['', '', '', ' '])}:${this.node(indent, depth)}`;
  }
}

/** Go moves the comment between an odd key and its value to where it cannot read it again. */
const COMMENT_AFTER_ODD_KEY = /(?:[\]}]|[&*!][^\s]*|[?:-])\s*:\s*#|[&*!?][^\n]*#[^\n]*\n\s+[&*!?]/;
/** Of keys that become the same text the real tool loses one at random. */
const SAME_KEYS = /(?:^|[\s{,])(?:0x1|1|1\.0|!!str 1)\s*:[\s\S]*[\s{,](?:0x1|1|1\.0|!!str 1)\s*:/;

export function yamlDocuments(random: Random): string {
  const text = new Documents(random).text();
  // A tab alone on a line moves with the comment before it.
  const isMoved = COMMENT_AFTER_ODD_KEY.test(text) || /#[^\n]*\n\s*\t/.test(text);
  return isMoved || SAME_KEYS.test(text) ? yamlDocuments(random) : text;
}
