/** Splits a path at a delimiter; `\` before a delimiter keeps it in the name. One leading delimiter is ignored. */
export function splitPath(path: string, delimiter: string): string[] {
  let parts = path.split(delimiter);
  if (parts.length > 1 && parts[0] === '') parts = parts.slice(1);
  const result: string[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last?.endsWith('\\') === true) result[result.length - 1] = `${last.slice(0, -1)}${delimiter}${part}`;
    else result.push(part);
  }
  return result;
}

/** As {@link splitPath}; `[a.b]` is one name and `[name=a.b]` one list selector. */
export function splitPathWithBrackets(path: string, delimiter: string): string[] {
  const result: string[] = [];
  const parts = splitPath(path, delimiter);
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? '';
    if (!part.startsWith('[') || part.endsWith(']')) {
      result.push(part);
      continue;
    }
    const joined = [part];
    while (index < parts.length - 1) {
      index++;
      const next = parts[index] ?? '';
      joined.push(next);
      if (next.endsWith(']')) break;
    }
    const text = joined.join(delimiter);
    result.push(text.includes('=') ? text : trimBrackets(text));
  }
  return result;
}

function trimBrackets(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && (text[start] === '[' || text[start] === ']')) start++;
  while (end > start && (text[end - 1] === '[' || text[end - 1] === ']')) end--;
  return text.slice(start, end);
}

/** A whole number as Go's Atoi reads it (a sign, then digits). */
export function parseIndex(text: string): number | undefined {
  if (!/^[-+]?[0-9]{1,18}$/.test(text)) return undefined;
  return Number(text);
}

export function isListSelector(part: string): boolean {
  return part.startsWith('[') && part.endsWith(']');
}
