/** Character classes of the YAML scanner. Code 0 stands for the end of the text. */

export function isBreak(code: number): boolean {
  return code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029;
}

export function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

export function isBreakOrEnd(code: number): boolean {
  return code === 10 || code === 13 || code === 0 || code === 0x85 || code === 0x2028 || code === 0x2029;
}

export function isBlankOrEnd(code: number): boolean {
  return code === 32 || code === 9 || isBreakOrEnd(code);
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Letters, digits, `_` and `-`: what anchors and tag handles are made of. */
export function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45
  );
}

/** The value of a hexadecimal digit, or -1. */
export function hexValue(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 65 && code <= 70) return code - 55;
  if (code >= 97 && code <= 102) return code - 87;
  return -1;
}

// Everything that the YAML reader takes: tab, line breaks, printable ASCII, NEL, and the rest without C1 controls, unpaired
// surrogates, U+FFFE and U+FFFF.
const NOT_ALLOWED =
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** The place of the first character that YAML does not allow, or -1. */
export function findForbiddenCharacter(text: string): number {
  return text.search(NOT_ALLOWED);
}
