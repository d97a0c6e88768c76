import type { RenderLimits } from '../../../core/manifest.ts';
import { BuildError } from '../problems.ts';
import { parseFirstDocument, type ReadDocument } from './parse.ts';
import { fieldOf } from './fields.ts';
import { isMissingOrNull, isNilOrEmpty, textOf, type YamlNode } from './node.ts';

const SEPARATOR = /\n---[^\n]*\n/g;

/**
 * The documents of a text as Kustomize reads them: split at lines that start with `---`, one document a part, empty ones left out,
 * a single `List` (or ResourceList) unwrapped. @throws BuildError with the line within the text
 */
export function readDocuments(text: string, limits: RenderLimits): ReadDocument[] {
  const parts = splitDocuments(text.replaceAll('\r\n', '\n'));
  const documents: ReadDocument[] = [];
  const aliases = { nodes: 0 };
  for (const part of parts) {
    const document = parseFirstDocument(part.text, part.line, limits, aliases);
    if (document === undefined || isMissingOrNull(document.node)) continue;
    const items = parts.length === 1 ? unwrapList(document.node) : undefined;
    if (items === undefined) documents.push(document);
    else for (const node of items) documents.push({ node, line: document.line });
    if (documents.length > limits.documents)
      throw new BuildError('TooManyDocuments', `more than ${limits.documents} documents`);
  }
  return documents;
}

function unwrapList(node: YamlNode): readonly YamlNode[] | undefined {
  const kind = fieldOf(node, 'kind');
  const name = isNilOrEmpty(kind) ? '' : textOf(kind);
  if (name !== 'List' && name !== 'ResourceList') return undefined;
  const items = fieldOf(node, 'items');
  if (items === undefined && fieldOf(node, 'functionConfig') === undefined) return undefined;
  if (items === undefined) return [];
  if (items.kind === 'map') return items.entries.flatMap((entry) => [entry.key, entry.value]);
  return items.items;
}

interface Part {
  readonly text: string;
  /** Lines before it. */
  readonly line: number;
}

function splitDocuments(text: string): Part[] {
  if (text === '') return [];
  const parts: Part[] = [];
  let start = 0;
  let line = 0;
  for (const match of text.matchAll(SEPARATOR)) {
    const separator = match[0];
    const rest = separator.slice(4).trim();
    const body = text.slice(start, match.index);
    const lines = countBreaks(body);
    if (rest !== '' && !rest.startsWith('#')) {
      throw new BuildError('InvalidSeparator', `invalid document separator ${JSON.stringify(separator.trim())}`, {
        place: { path: '', line: line + lines + 2 },
      });
    }
    parts.push({ text: `${body}\n`, line });
    line += lines + 2;
    start = match.index + separator.length;
  }
  parts.push({ text: text.slice(start), line });
  return parts;
}

function countBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
