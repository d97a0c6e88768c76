const LETTER = /^\p{L}$/u;
const DIGIT = /^\p{Nd}$/u;

/** How Go's YAML libraries sort map keys: letters after other characters, numbers inside by their value. They differ where a letter meets a digit. */
export type KeyRules = 'v2' | 'v3';

export function sortKeys(keys: string[], rules: KeyRules): string[] {
  return keys.length < 2 ? keys : keys.sort((left, right) => compareKeys(left, right, rules));
}

function compareKeys(left: string, right: string, rules: KeyRules): number {
  if (left === right) return 0;
  const shorter = Math.min(left.length, right.length);
  let index = 0;
  while (index < shorter && left.charCodeAt(index) === right.charCodeAt(index)) index++;
  if (index < shorter) {
    const [a, b] = [left.charCodeAt(index), right.charCodeAt(index)];
    if (isWordLetter(a) && isWordLetter(b)) return a - b;
  }
  return isLess(Array.from(left), Array.from(right), rules) ? -1 : 1;
}

function isWordLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function isLess(left: readonly string[], right: readonly string[], rules: KeyRules): boolean {
  let afterDigit = false;
  const shorter = Math.min(left.length, right.length);
  for (let index = 0; index < shorter; index++) {
    const a = left[index] ?? '';
    const b = right[index] ?? '';
    if (a === b) {
      afterDigit = isDigit(a);
      continue;
    }
    const aLetter = isLetter(a);
    const bLetter = isLetter(b);
    if (aLetter && bLetter) return codeOf(a) < codeOf(b);
    if (aLetter || bLetter) return rules === 'v3' && afterDigit ? aLetter : bLetter;
    return isLessNumber(left, right, index);
  }
  return left.length < right.length;
}

/** Compares the numbers that begin here; an earlier digit that is not 0 makes a leading 0 count. */
function isLessNumber(left: readonly string[], right: readonly string[], index: number): boolean {
  let leading = 0n;
  if (left[index] === '0' || right[index] === '0') {
    for (let back = index - 1; back >= 0 && isDigit(left[back] ?? ''); back--) {
      if (left[back] !== '0') {
        leading = 1n;
        break;
      }
    }
  }
  const a = readNumber(left, index, leading);
  const b = readNumber(right, index, leading);
  if (a.value !== b.value) return a.value < b.value;
  if (a.end !== b.end) return a.end < b.end;
  return codeOf(left[index] ?? '') < codeOf(right[index] ?? '');
}

function readNumber(text: readonly string[], from: number, start: bigint): { value: bigint; end: number } {
  let value = start;
  let end = from;
  while (end < text.length && isDigit(text[end] ?? '')) {
    value = value * 10n + BigInt(codeOf(text[end] ?? '') - 48);
    end++;
  }
  // Go counts in an int64 that wraps around.
  return { value: BigInt.asIntN(64, value), end };
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function isLetter(character: string): boolean {
  const code = codeOf(character);
  return code < 128 ? isWordLetter(code) : LETTER.test(character);
}

function isDigit(character: string): boolean {
  const code = codeOf(character);
  if (code < 128) return code >= 48 && code <= 57;
  return DIGIT.test(character);
}
