import { isBlankOrEnd, isBreak } from './characters.ts';
import { Cursor } from './cursor.ts';
import { scanBlockScalar } from './scan-scalar.ts';
import { shapeOf } from './scalar-style.ts';

/**
 * What becomes of a folded block scalar when yaml.v3 writes it and reads it again. It puts an empty line before every line that
 * follows text, also before an indented one, which folding would have kept as it is: such a value gains line breaks.
 */
export function refold(value: string): string {
  if (!value.includes('\n') || !shapeOf(value, 'block').block) return value;
  return scanBlockScalar(new Cursor(writeFolded(value), 0), false, -1).value;
}

function writeFolded(value: string): string {
  let text = `>${blockHints(value)}\n`;
  let firstText = 0;
  while (isBreak(value.charCodeAt(firstText))) firstText++;
  const startsBlank = isBlankOrEnd(value.charCodeAt(firstText));
  let breaks = true;
  let leadingSpaces = true;
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (isBreak(code)) {
      if (!breaks && !leadingSpaces && code === 10 && !startsBlank) text += '\n';
      text += value.charAt(index);
      breaks = true;
      continue;
    }
    if (breaks) {
      text += '  ';
      leadingSpaces = code === 32 || code === 9;
      breaks = false;
    }
    text += value.charAt(index);
  }
  return text;
}

/** The indicators after `|` or `>`: an indentation when the text begins with a blank, and how its end is chomped. */
export function blockHints(value: string): string {
  const first = value.charCodeAt(0);
  const indent = first === 32 || isBreak(first) ? '2' : '';
  const last = value.length - 1;
  if (!isBreak(value.charCodeAt(last))) return `${indent}-`;
  return last === 0 || isBreak(value.charCodeAt(last - 1)) ? `${indent}+` : indent;
}
