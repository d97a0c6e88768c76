import { jsonEqual, type Json, type JsonObject, own, stableJson } from '../../../src/core/json.ts';
import { emitYaml } from '../../../src/render/yaml/emit.ts';
import { loadYaml } from '../../../src/render/yaml/load.ts';

const LIMITS = { depth: 1000, aliasNodes: 1_000_000, bytes: 64 * 1024 * 1024, documents: 100_000 };

function show(value: Json | undefined): string {
  const text = value === undefined ? 'nothing' : stableJson(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function emitted(value: Json, form: 'sigs' | 'kustomize'): string {
  try {
    return emitYaml(value, form);
  } catch (thrown) {
    return `error: ${String(thrown)}`;
  }
}

/** Compares with what sigs.k8s.io/yaml answered: the value, the exact value, what is written, and whether strict reading fails. */
export function compareSigs(text: string, answer: Json): string[] {
  const wrong: string[] = [];
  const helm = loadYaml(text, 'helm', LIMITS);
  const exact = loadYaml(text, 'kubernetes', LIMITS);
  const error = own(answer, 'error');
  const value = firstDocument(helm);
  if (error !== undefined) {
    if (value !== undefined && !emitted(value, 'sigs').startsWith('error')) {
      wrong.push(`helm: reads ${show(value)}, Go: ${show(error)}`);
    }
    return wrong;
  }
  if (value === undefined) return [`helm: fails (${helm.problems[0]?.message}), Go: ${show(own(answer, 'json'))}`];
  if (!jsonEqual(value, own(answer, 'json')))
    wrong.push(`helm: reads ${show(value)}, Go: ${show(own(answer, 'json'))}`);
  const written = emitted(value, 'sigs');
  if (written !== own(answer, 'yaml')) {
    wrong.push(`helm: writes ${JSON.stringify(written)}, Go: ${JSON.stringify(own(answer, 'yaml'))}`);
  }
  const strict = firstDocument(exact);
  if (own(answer, 'strict') !== undefined) {
    if (strict !== undefined) wrong.push(`strict: reads ${show(strict)}, Go: ${show(own(answer, 'strict'))}`);
  } else if (strict === undefined) {
    wrong.push(`strict: fails (${exact.problems[0]?.message}), Go does not`);
  } else {
    const wanted = own(answer, 'exact') ?? own(answer, 'json');
    if (stableJson(strict) !== stableJson(wanted) && !jsonEqual(strict, wanted)) {
      wrong.push(`exact: reads ${show(strict)}, Go: ${show(wanted)}`);
    }
  }
  return wrong;
}

/** Compares with what kyaml answered, document by document. */
export function compareV3(text: string, answer: Json): string[] {
  const wrong: string[] = [];
  const stream = loadYaml(text, 'kustomize', LIMITS);
  const docs = (own(answer, 'docs') ?? []) as readonly JsonObject[];
  // A document with a value and an error was read, but cannot be written.
  const good = docs.filter((doc) => own(doc, 'json') !== undefined);
  const fails = own(answer, 'error') !== undefined || good.length < docs.length;
  if (fails !== stream.problems.length > 0) {
    const why = own(answer, 'error') ?? docs.map((doc) => own(doc, 'error')).find((error) => error !== undefined);
    wrong.push(
      fails
        ? `kustomize: reads ${show(stream.documents[0]?.value)}, Go: ${show(why)}`
        : `kustomize: fails (${stream.problems[0]?.message}), Go: ${show(own(docs[0], 'json'))}`,
    );
    return wrong;
  }
  if (own(answer, 'error') === undefined && stream.documents.length !== good.length) {
    return [`kustomize: ${stream.documents.length} documents, Go: ${good.length}`];
  }
  for (const [index, doc] of good.entries()) {
    const value = stream.documents[index]?.value;
    if (value === undefined) {
      wrong.push(`kustomize: document ${index} is missing`);
      continue;
    }
    if (!jsonEqual(value, own(doc, 'json'))) {
      wrong.push(`kustomize: reads ${show(value)}, Go: ${show(own(doc, 'json'))}`);
    }
    const written = emitted(value, 'kustomize');
    if (own(doc, 'kustomize') === undefined) {
      if (!written.startsWith('error')) wrong.push(`kustomize: writes ${JSON.stringify(written)}, Go fails`);
    } else if (written !== own(doc, 'kustomize')) {
      wrong.push(`kustomize: writes ${JSON.stringify(written)}, Go: ${JSON.stringify(own(doc, 'kustomize'))}`);
    }
  }
  return wrong;
}

/** What Go's Unmarshal sees: the first document, null for a text without one, nothing when it is wrong. */
function firstDocument(stream: ReturnType<typeof loadYaml>): Json | undefined {
  if (stream.documents.length === 0 && stream.problems.length === 0) return null;
  return stream.documents.find((document) => document.index === 0)?.value;
}
