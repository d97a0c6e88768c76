import { parsePathPattern } from '../load/path-match.ts';
import { splitDocuments } from './split-documents.ts';

/**
 * The documents of the templates that the patterns name (`templates/web.yaml`, `templates/*.yaml`; paths inside the chart), in the
 * order of the patterns, as `helm template --show-only` prints them.
 * @returns the text, or the first pattern that names nothing
 */
export function showOnly(
  text: string,
  patterns: readonly string[],
): { readonly text: string } | { readonly missing: string } {
  const documents = splitDocuments(text).map((document) => ({
    document,
    path: /# Source: [^/\n]+\/(.+)/.exec(document)?.[1],
  }));
  let shown = '';
  for (const pattern of patterns) {
    const parsed = parsePathPattern(pattern);
    const found = documents.filter(({ path }) => path !== undefined && parsed?.matches(path) === true);
    if (found.length === 0) return { missing: pattern };
    shown += found.map(({ document }) => `---\n${document}\n`).join('');
  }
  return { text: shown };
}
