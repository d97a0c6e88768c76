import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A difference that we leave as it is, with the reason. */
export interface KnownDifference {
  readonly name: string;
  readonly reason: string;
  /**
   * How it is recognised: `hash-of-other-kind` compares names without hash suffixes on objects that are neither ConfigMap nor Secret;
   * `refused` is no other output but an error, and `not-generated` another output: the generators provoke neither.
   */
  readonly rule: 'hash-of-other-kind' | 'refused' | 'not-generated';
}

export const KNOWN_DIFFERENCES = JSON.parse(
  readFileSync(join(import.meta.dirname, 'known-differences.json'), 'utf8'),
) as readonly KnownDifference[];

/** A name with a hash behind it, of an object that is neither ConfigMap nor Secret. */
const HASHED = /^ {2}name: "?(.*)-([bcdfghkmt2456789]{10})"?$/m;

/** An output without what the list says may differ: the hashes of objects of other kinds, also where others refer to them. */
export function withoutKnownDifferences(text: string): string {
  const documents = text.split(/^---\n/m);
  let result = documents;
  for (const document of documents) {
    if (/^kind: (?:ConfigMap|Secret)$/m.test(document)) continue;
    const [, name, hash] = HASHED.exec(document) ?? [];
    if (name === undefined || hash === undefined) continue;
    result = result.map((one) => one.replaceAll(`${name}-${hash}`, name));
  }
  // Without the suffix the order by name may be another one.
  return result.sort().join('---\n');
}
