/** Blanks as Go's `unicode.IsSpace` has them: JavaScript's also counts U+FEFF, and not U+0085. */
const SPACE = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const LEADING = new RegExp(`^${SPACE}+`, 'u');
const TRAILING = new RegExp(`${SPACE}$`, 'u');

function trimStart(text: string): string {
  return text.replace(LEADING, '');
}

export function trim(text: string): string {
  const start = trimStart(text);
  let end = start.length;
  while (end > 0 && TRAILING.test(start[end - 1] ?? '')) end--;
  return start.slice(0, end);
}

/**
 * The documents of what a template wrote, split wherever a line begins with `---`; empty ones are dropped. Blanks before a document
 * go, those after it stay: that is what Helm 4 prints.
 */
export function splitDocuments(text: string): string[] {
  return trimStart(text)
    .split(/(?<![^\n])---[ \t]*/)
    .map(trimStart)
    .filter((document) => document !== '');
}
