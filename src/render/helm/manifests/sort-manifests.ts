import { isJsonObject, type Json } from '../../../core/json.ts';
import { EngineError } from '../../../core/errors.ts';
import { DEFAULT_RENDER_LIMITS, type RenderProblem } from '../../../core/manifest.ts';
import { loadYaml } from '../../yaml/load.ts';
import { FieldProblem, field, textField, textMapField } from '../load/typed-fields.ts';
import { hookEvents, type HookEvent } from '../hooks.ts';
import { compareKinds } from './install-order.ts';
import { splitDocuments } from './split-documents.ts';

/** One document that a chart rendered. */
export interface RenderedDocument {
  /** `chart/templates/web.yaml` */
  readonly template: string;
  /** Without the separator; ends as the template left it. */
  readonly text: string;
  readonly json: Json;
  readonly kind: string;
  readonly apiVersion: string;
  /** Empty when it is no hook. */
  readonly events: readonly HookEvent[];
}

export interface SortedManifests {
  readonly manifests: readonly RenderedDocument[];
  readonly hooks: readonly RenderedDocument[];
  readonly problems: readonly RenderProblem[];
  readonly warnings: readonly string[];
}

/**
 * Splits what the templates wrote into documents, tells hooks from the rest and puts both into install order. A document with a hook
 * that Helm does not know is left out, with a warning. All documents that are no YAML are reported.
 * @param rendered text by template name
 * @param originOf path in the repository of a template, for problems
 * @throws EngineError RenderLimit
 */
export function sortManifests(
  rendered: ReadonlyMap<string, string>,
  originOf: (template: string) => string,
  maxDocuments: number = DEFAULT_RENDER_LIMITS.documents,
): SortedManifests {
  const manifests: RenderedDocument[] = [];
  const hooks: RenderedDocument[] = [];
  const problems: RenderProblem[] = [];
  const warnings: string[] = [];
  let documents = 0;
  for (const template of [...rendered.keys()].sort()) {
    for (const text of splitDocuments(rendered.get(template) ?? '')) {
      documents++;
      if (documents > maxDocuments) throw tooMany(maxDocuments);
      const document = readDocument(template, text);
      if ('problem' in document) problems.push({ ...document.problem, path: originOf(template) });
      else if ('unknownHook' in document) {
        warnings.push(`${template}: unknown hook ${JSON.stringify(document.unknownHook)}, the object is left out`);
      } else if (document.events.length > 0) hooks.push(document);
      else manifests.push(document);
    }
  }
  const byKind = (left: RenderedDocument, right: RenderedDocument): number => compareKinds(left.kind, right.kind);
  return { manifests: manifests.sort(byKind), hooks: hooks.sort(byKind), problems, warnings };
}

function tooMany(maxDocuments: number): EngineError {
  return new EngineError('RenderLimit', `chart renders too much (RenderLimit): more than ${maxDocuments} documents`);
}

type Read = RenderedDocument | { readonly problem: Omit<RenderProblem, 'path'> } | { readonly unknownHook: string };

/** A document that means to be a Secret, however broken it is. */
const SECRET = /\bkind["']?[ \t]*:[ \t]*["']?Secret\b/;

function readDocument(template: string, text: string): Read {
  const { documents, problems } = loadYaml(text, 'helm');
  const [problem] = problems;
  // Only the first document is read; what follows a `...` may be anything.
  if (problem !== undefined && documents.length === 0) {
    const { line, column, excerpt } = problem;
    const message = `YAML parse error on ${template}: document line ${line}: ${problem.message}`;
    // Not the template's line but the one with all values in it.
    return { problem: SECRET.test(text) ? { message, column } : { message, column, excerpt } };
  }
  const json = documents[0]?.value ?? null;
  try {
    const head = readHead(json);
    const hook = head.annotations?.['helm.sh/hook'];
    const events = hook === undefined ? [] : hookEvents(hook);
    if (events === undefined) return { unknownHook: hook ?? '' };
    return { template, text, json, kind: head.kind, apiVersion: head.apiVersion, events };
  } catch (thrown) {
    if (thrown instanceof FieldProblem)
      return { problem: { message: `YAML parse error on ${template}: ${thrown.message}` } };
    throw thrown;
  }
}

interface Head {
  readonly kind: string;
  readonly apiVersion: string;
  readonly annotations: Readonly<Record<string, string>> | undefined;
}

/** What Helm looks at in every document. @throws FieldProblem when it has another shape */
function readHead(json: Json): Head {
  if (json === null) return { kind: '', apiVersion: '', annotations: undefined };
  if (!isJsonObject(json))
    throw new FieldProblem(`the document is ${Array.isArray(json) ? 'a list' : 'a scalar'}, not a map`);
  const metadata = field(json, 'metadata');
  if (metadata !== undefined && !isJsonObject(metadata)) throw new FieldProblem('metadata must be a map');
  if (metadata !== undefined) textField(metadata, 'name');
  return {
    kind: textField(json, 'kind'),
    apiVersion: textField(json, 'apiVersion'),
    annotations: metadata === undefined ? undefined : textMapField(metadata, 'annotations'),
  };
}
