import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A difference that we leave as it is, with the reason. */
export interface KnownDifference {
  readonly name: string;
  readonly reason: string;
  /**
   * How it is recognised: `hash-of-other-kind` compares names without hash suffixes on objects that are neither ConfigMap nor Secret;
   * `refused` is no other output but an error, which the generators do not provoke.
   */
  readonly rule: 'hash-of-other-kind' | 'refused';
}

export const KNOWN_DIFFERENCES = JSON.parse(
  readFileSync(join(import.meta.dirname, 'known-differences.json'), 'utf8'),
) as readonly KnownDifference[];

/** An output without what the list says may differ. */
export function withoutKnownDifferences(text: string): string {
  const documents = text.split(/^---\n/m).map((document) => {
    if (/^kind: (?:ConfigMap|Secret)$/m.test(document)) return document;
    return document.replaceAll(/^( {2}name: .*?)-[bcdfghkmt2456789]{10}("?)$/gm, '$1$2');
  });
  // Without the suffix the order by name may be another one.
  return documents.sort().join('---\n');
}
