/** File patterns of `.Files.Glob`: `*` stops at slashes, `**` does not; `?`, `[a-z]`, `[!abc]`, `{a,b}` and `\\`. */

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'one' | 'many' | 'deep' }
  | { readonly kind: 'list'; readonly negated: boolean; readonly ranges: readonly (readonly [string, string])[] }
  | { readonly kind: 'any'; readonly choices: readonly (readonly Piece[])[] };

class Unreadable extends Error {}

/** Nested braces that are followed; nobody writes more. */
const DEEPEST = 16;

class GlobParser {
  private readonly pattern: string;
  private at = 0;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  all(): readonly Piece[] {
    const pieces = this.pieces(0);
    if (this.at < this.pattern.length) throw new Unreadable();
    return pieces;
  }

  private pieces(depth: number): readonly Piece[] {
    const pieces: Piece[] = [];
    let text = '';
    const flush = (): void => {
      if (text !== '') pieces.push({ kind: 'text', text });
      text = '';
    };
    for (; this.at < this.pattern.length; this.at++) {
      const char = this.pattern.charAt(this.at);
      if (depth > 0 && (char === ',' || char === '}')) break;
      if (char === '\\') {
        this.at++;
        text += this.pattern.charAt(this.at);
      } else if (char === '*') {
        flush();
        const isDeep = this.pattern.charAt(this.at + 1) === '*';
        if (isDeep) this.at++;
        pieces.push({ kind: isDeep ? 'deep' : 'many' });
      } else if (char === '?') {
        flush();
        pieces.push({ kind: 'one' });
      } else if (char === '[') {
        flush();
        pieces.push(this.list());
      } else if (char === '{') {
        flush();
        pieces.push(this.choices(depth + 1));
      } else text += char;
    }
    flush();
    return pieces;
  }

  private list(): Piece {
    const close = this.pattern.indexOf(']', this.at + 2);
    if (close < 0) throw new Unreadable();
    let body = this.pattern.slice(this.at + 1, close);
    const negated = body.startsWith('!');
    if (negated) body = body.slice(1);
    this.at = close;
    const range = /^(.)-(.)$/s.exec(body);
    if (range !== null) {
      const [, low = '', high = ''] = range;
      if (high < low) throw new Unreadable();
      return { kind: 'list', negated, ranges: [[low, high]] };
    }
    return {
      kind: 'list',
      negated,
      ranges: Array.from(body.replaceAll('\\', '')).map((char) => [char, char] as const),
    };
  }

  private choices(depth: number): Piece {
    if (depth > DEEPEST) throw new Unreadable();
    const choices: (readonly Piece[])[] = [];
    do {
      this.at++;
      choices.push(this.pieces(depth));
    } while (this.pattern.charAt(this.at) === ',');
    // Braces that are left open end with the pattern.
    return { kind: 'any', choices };
  }
}

/** Whether a path matches. A pattern that cannot be read matches everything, as in Helm. */
export function matchGlob(pattern: string, path: string): boolean {
  let pieces: readonly Piece[];
  try {
    pieces = new GlobParser(pattern).all();
  } catch (thrown) {
    if (thrown instanceof Unreadable) return true;
    throw thrown;
  }
  return ends(pieces, path, new Set([0])).has(path.length);
}

/** Where a match of the pieces can end when it starts at one of `starts`: all at once, so that time stays bounded. */
function ends(pieces: readonly Piece[], path: string, starts: ReadonlySet<number>): ReadonlySet<number> {
  let current = starts;
  for (const piece of pieces) {
    if (current.size === 0) break;
    current = step(piece, path, current);
  }
  return current;
}

function step(piece: Piece, path: string, starts: ReadonlySet<number>): ReadonlySet<number> {
  const next = new Set<number>();
  if (piece.kind === 'any') {
    for (const choice of piece.choices) for (const end of ends(choice, path, starts)) next.add(end);
    return next;
  }
  for (const start of starts) {
    if (piece.kind === 'text') {
      if (path.startsWith(piece.text, start)) next.add(start + piece.text.length);
      continue;
    }
    if (piece.kind === 'many' || piece.kind === 'deep') {
      for (let end = start; end <= path.length && !next.has(end); end++) {
        next.add(end);
        if (piece.kind === 'many' && path.charAt(end) === '/') break;
      }
      continue;
    }
    const char = path.charAt(start);
    if (char === '') continue;
    const matches =
      piece.kind === 'list'
        ? piece.ranges.some(([low, high]) => char >= low && char <= high) !== piece.negated
        : char !== '/';
    if (matches) next.add(start + 1);
  }
  return next;
}
