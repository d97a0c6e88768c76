/** Layouts of Go's package time: the reference date Mon Jan 2 15:04:05 MST 2006, piece by piece. */

export type Piece =
  | 'January'
  | 'Jan'
  | '1'
  | '01'
  | 'Monday'
  | 'Mon'
  | '2'
  | '_2'
  | '02'
  | '__2'
  | '002'
  | '15'
  | '3'
  | '03'
  | '4'
  | '04'
  | '5'
  | '05'
  | '2006'
  | '06'
  | 'PM'
  | 'pm'
  | 'MST'
  | 'Z0700'
  | 'Z070000'
  | 'Z07'
  | 'Z07:00'
  | 'Z07:00:00'
  | '-0700'
  | '-070000'
  | '-07'
  | '-07:00'
  | '-07:00:00';

export interface Fraction {
  /** `.` or `,` */
  readonly separator: string;
  readonly digits: number;
  /** `.999`: zeros at the end are left out. */
  readonly trims: boolean;
}

export interface Chunk {
  /** Text before the piece. */
  readonly prefix: string;
  /** Undefined at the end of the layout. */
  readonly piece: Piece | undefined;
  readonly fraction?: Fraction;
  /** The piece as the layout spells it. */
  readonly text: string;
  readonly rest: string;
}

const ZONES: readonly Piece[] = [
  '-07:00:00',
  '-070000',
  '-07:00',
  '-0700',
  '-07',
  'Z07:00:00',
  'Z070000',
  'Z07:00',
  'Z0700',
  'Z07',
];

function startsLower(text: string, at: number): boolean {
  return /[a-z]/.test(text.charAt(at));
}

function pieceAt(layout: string, at: number): Piece | undefined {
  const has = (text: string): boolean => layout.startsWith(text, at);
  switch (layout.charAt(at)) {
    case 'J':
      if (has('January')) return 'January';
      return has('Jan') && !startsLower(layout, at + 3) ? 'Jan' : undefined;
    case 'M':
      if (has('Monday')) return 'Monday';
      if (has('Mon') && !startsLower(layout, at + 3)) return 'Mon';
      return has('MST') ? 'MST' : undefined;
    case '0': {
      const next = layout.charAt(at + 1);
      if (next >= '1' && next <= '6') return `0${next}` as Piece;
      return has('002') ? '002' : undefined;
    }
    case '1':
      return has('15') ? '15' : '1';
    case '2':
      return has('2006') ? '2006' : '2';
    case '_':
      if (has('_2')) return has('_2006') ? undefined : '_2';
      return has('__2') ? '__2' : undefined;
    case '3':
      return '3';
    case '4':
      return '4';
    case '5':
      return '5';
    case 'P':
      return has('PM') ? 'PM' : undefined;
    case 'p':
      return has('pm') ? 'pm' : undefined;
    case '-':
    case 'Z':
      return ZONES.find(has);
    default:
      return undefined;
  }
}

function fractionAt(layout: string, at: number): (Fraction & { readonly length: number }) | undefined {
  const digits = /^[.,](0+|9+)(?![0-9])/.exec(layout.slice(at));
  if (digits === null) return undefined;
  const [text, run = ''] = digits;
  return { separator: text.charAt(0), digits: run.length, trims: run.startsWith('9'), length: text.length };
}

/** The next piece of a layout. */
export function nextChunk(layout: string): Chunk {
  for (let at = 0; at < layout.length; at++) {
    const piece = pieceAt(layout, at);
    if (piece !== undefined)
      return { prefix: layout.slice(0, at), piece, text: piece, rest: layout.slice(at + piece.length) };
    const char = layout.charAt(at);
    if (char !== '.' && char !== ',') continue;
    const fraction = fractionAt(layout, at);
    if (fraction !== undefined) {
      const text = layout.slice(at, at + fraction.length);
      return {
        prefix: layout.slice(0, at),
        piece: undefined,
        fraction,
        text,
        rest: layout.slice(at + fraction.length),
      };
    }
  }
  return { prefix: layout, piece: undefined, text: '', rest: '' };
}
