import { parseAllDocuments } from 'yaml';
import type { Random } from '../seeded-random.ts';

/** The same objects in a form that people and programs also write, now and then one that means something else. */
export function oddYaml(r: Random, text: string): string {
  let result = text;
  for (let count = 1 + r.below(2); count > 0; count--) result = r.pick(FORMS)(r, result);
  return result;
}

const FORMS: readonly ((r: Random, text: string) => string)[] = [
  (_, text) => text.replaceAll('\n', '\r\n'),
  (_, text) => `\ufeff${text}`,
  (r, text) => onLines(r, text, 0.2, (line) => `${line} # ${r.pick(['note', 'é', 'a: b', '- c'])}`),
  (r, text) => onLines(r, text, 0.15, (line) => `${r.pick(['# top', '      # deep', '#', '', '   ', '\t'])}\n${line}`),
  (r, text) => onLines(r, text, 0.2, (line) => line + r.pick(['  ', '\t', ' \t '])),
  (r, text) => onLines(r, text, 0.2, (line) => line.replace(/^( *(?:- )?)([A-Za-z]+):/, '$1"$2":')),
  (r, text) => onLines(r, text, 0.2, (line) => line.replace(/^( *(?:- )?)([A-Za-z]+):/, "$1'$2' :")),
  (r, text) => onLines(r, text, 0.03, (line) => `${line}\n${line}`),
  (_, text) => text.replaceAll(/^---$/gm, '...\n---'),
  (r, text) => `${r.pick(['%YAML 1.1\n---\n', '---\n---\n', '--- # start\n', '# c\n---\n', '\n\n'])}${text}`,
  (r, text) => text + r.pick(['---\n', '...\n', '\n\n\n', '--- {}\n', '---\nnull\n', '---\n# end\n', '--- []\n']),
  (_, text) => text.trimEnd(),
  (_, text) => text.replaceAll(/^( *)- /gm, '$1-   '),
  (_, text) => indentLists(text),
  (r, text) => asJson(text, r.pick([0, 2])),
  (_, text) => asFlow(text),
  (r, text) => withAnchors(r, text),
  (r, text) =>
    onLines(r, text, 0.1, (line) =>
      line.replace(
        /: ([a-z]+)$/,
        (_, word: string) =>
          `: ${r.pick([`!!str ${word}`, `"${word}"`, `'${word}'`, `>-\n${indentOf(line)}    ${word}`, `|-\n${indentOf(line)}      ${word}`])}`,
      ),
    ),
  (r, text) =>
    onLines(r, text, 0.1, (line) =>
      line.replace(
        /: ([a-z]+)$/,
        () =>
          `: ${r.pick([
            `${'word '.repeat(30)}end`,
            `"${'word '.repeat(30)}\\\n${indentOf(line)}    more"`,
            `${'x'.repeat(200)}`,
            `first\n${indentOf(line)}    second line\n\n${indentOf(line)}    third`,
            `"\\u4e2d\\u6587 \\U0001F600 \\x07"`,
            '中文 😀',
            '"\\ttab"',
            "'a\n\n    b'",
            `|2-\n${indentOf(line)}    two`,
            `|+\n${indentOf(line)}    keep\n\n`,
            `>\n${indentOf(line)}    fold\n${indentOf(line)}    ed\n\n${indentOf(line)}      more\n`,
          ])}`,
      ),
    ),
];

function indentOf(line: string): string {
  return /^ */.exec(line)?.[0] ?? '';
}

function onLines(r: Random, text: string, probability: number, change: (line: string) => string): string {
  return text
    .split('\n')
    .map((line) => (line !== '' && !line.startsWith('---') && r.chance(probability) ? change(line) : line))
    .join('\n');
}

function indentLists(text: string): string {
  const lines = text.split('\n');
  return lines
    .map((line, at) =>
      line.startsWith('- ') && at > 0 ? `  ${line}` : /^ {2}\S/.test(line) && inList(lines, at) ? `  ${line}` : line,
    )
    .join('\n');
}

/** Whether a line with two spaces belongs to an item at the top. */
function inList(lines: readonly string[], at: number): boolean {
  for (let index = at - 1; index >= 0; index--) {
    const line = lines[index] ?? '';
    if (line.startsWith('- ')) return true;
    if (/^\S/.test(line)) return false;
  }
  return false;
}

function values(text: string): unknown[] | undefined {
  const documents = parseAllDocuments(text, { logLevel: 'silent', uniqueKeys: false });
  if (!Array.isArray(documents) || documents.some((document) => document.errors.length > 0)) return undefined;
  try {
    return documents.map((document): unknown => document.toJS({ maxAliasCount: 100 }));
  } catch {
    return undefined;
  }
}

function asJson(text: string, indent: number): string {
  const found = values(text);
  return found === undefined ? text : found.map((value) => `${JSON.stringify(value, null, indent)}\n`).join('---\n');
}

function asFlow(text: string): string {
  const documents = parseAllDocuments(text, { logLevel: 'silent', uniqueKeys: false });
  if (!Array.isArray(documents) || documents.some((document) => document.errors.length > 0)) return text;
  try {
    return documents.map((document) => document.toString({ collectionStyle: 'flow', lineWidth: 60 })).join('---\n');
  } catch {
    return text;
  }
}

function withAnchors(r: Random, text: string): string {
  const anchored = text.replace(/^(  labels|metadata|spec|  annotations|data):\n/m, '$1: &shared\n');
  if (anchored === text) return text;
  const use = r.pick([
    'extra: *shared\n',
    'extra:\n  <<: *shared\n  own: 1\n',
    'extra: {<<: [*shared], z: *shared}\n',
    '',
  ]);
  // Within the document that has the anchor.
  const end = anchored.indexOf('\n---', anchored.indexOf('&shared'));
  return end < 0 ? `${anchored.trimEnd()}\n${use}` : `${anchored.slice(0, end)}\n${use}${anchored.slice(end + 1)}`;
}
