import { isBlank, isBlankOrEnd, isBreak } from './characters.ts';

/** Which ways of writing a text keep it what it is, by the rules of libyaml's emitter. */
export interface ScalarShape {
  readonly multiline: boolean;
  readonly blockPlain: boolean;
  readonly singleQuoted: boolean;
  readonly block: boolean;
}

const EMPTY: ScalarShape = { multiline: false, blockPlain: true, singleQuoted: true, block: false };
const SIMPLE: ScalarShape = { multiline: false, blockPlain: true, singleQuoted: true, block: true };

// Nothing in it that asks for a closer look: letters, digits and marks that mean nothing anywhere, spaces only between them.
const SIMPLE_TEXT =
  /^[A-Za-z0-9_/.+$(=^][A-Za-z0-9_/.+$(=^)@%!&*;,<>|~'"`?\\[\]{}-]*(?: [A-Za-z0-9_/.+$(=^)@%!&*;,<>|~'"`?\\[\]{}-]+)*$/;

/** Not escaped in a double-quoted scalar. Go's emitter takes everything beyond U+FFFF for not printable. */
export function isPrintable(code: number): boolean {
  return (
    (code >= 0x20 && code <= 0x7e) ||
    code === 10 ||
    (code >= 0xa0 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff)
  );
}

/** `tabs`: whether a tab alone asks for double quotes around a block, too (yaml.v2), or only forbids plain and single quotes (yaml.v3). */
export function shapeOf(text: string, tabs: 'special' | 'block'): ScalarShape {
  if (text === '') return EMPTY;
  if (SIMPLE_TEXT.test(text) && !text.startsWith('...')) return SIMPLE;
  let indicators = text.startsWith('---') || text.startsWith('...');
  let special = false;
  let tab = false;
  let lineBreaks = false;
  let spaceThenBreak = false;
  let breakThenSpace = false;
  let before = -1;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const after = index + 1 < text.length ? text.charCodeAt(index + 1) : 32;
    if (index === 0 ? startsIndicator(code, after) : isInnerIndicator(code, before, after)) indicators = true;
    if (code === 9 && tabs === 'block') tab = true;
    else if (!isPrintable(code)) special = true;
    if (code === 32) {
      if (isBreak(before)) breakThenSpace = true;
    } else if (isBreak(code)) {
      lineBreaks = true;
      if (before === 32) spaceThenBreak = true;
    }
    before = code;
  }
  const first = text.charCodeAt(0);
  const last = before;
  const edges = first === 32 || isBreak(first) || last === 32 || isBreak(last);
  const broken = spaceThenBreak || special;
  return {
    multiline: lineBreaks,
    blockPlain: !(edges || breakThenSpace || broken || tab || lineBreaks || indicators),
    singleQuoted: !(breakThenSpace || broken || tab),
    block: !(last === 32 || broken),
  };
}

function startsIndicator(code: number, after: number): boolean {
  switch (code) {
    case 35: // #
    case 44: // ,
    case 91: // [
    case 93: // ]
    case 123: // {
    case 125: // }
    case 38: // &
    case 42: // *
    case 33: // !
    case 124: // |
    case 62: // >
    case 39: // '
    case 34: // "
    case 37: // %
    case 64: // @
    case 96: // `
      return true;
    case 63: // ?
    case 58: // :
    case 45: // -
      return isBlank(after);
    default:
      return false;
  }
}

function isInnerIndicator(code: number, before: number, after: number): boolean {
  if (code === 58) return isBlank(after);
  return code === 35 && isBlankOrEnd(before);
}
