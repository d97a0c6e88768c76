import { isJsonObject, type Json, own } from '../../../core/json.ts';
import type { Origin, RenderProblem } from '../../../core/manifest.ts';
import { isKubeObject, type KubeObject } from '../../../core/object-key.ts';

export interface RenderedObject {
  readonly object: KubeObject;
  /** The template in the repository that wrote it. */
  readonly origin: Origin;
}

export interface ObjectSource {
  readonly json: Json;
  readonly origin: Origin;
}

/** Lists inside lists. */
const MAX_LIST_DEPTH = 8;

/**
 * The objects of rendered documents, in their order. Documents of nothing but comments are left out, lists are taken apart.
 * A document that is no object is a problem: `helm template` prints such a thing, a cluster refuses it.
 */
export function collectObjects(sources: readonly ObjectSource[]): {
  readonly objects: readonly RenderedObject[];
  readonly problems: readonly RenderProblem[];
} {
  const objects: RenderedObject[] = [];
  const problems: RenderProblem[] = [];
  const add = (json: Json, source: ObjectSource, depth: number): void => {
    if (json === null || (isJsonObject(json) && Object.keys(json).length === 0)) return;
    const items = listItems(json);
    if (items !== undefined && depth < MAX_LIST_DEPTH) {
      for (const item of items) add(item, source, depth + 1);
    } else if (isKubeObject(json)) {
      objects.push({ object: json, origin: source.origin });
    } else {
      problems.push({ path: source.origin.path, ...describeProblem(json) });
    }
  };
  for (const source of sources) add(source.json, source, 0);
  return { objects, problems };
}

/** `kind: List` and `kind: ConfigMapList` with items; an object that only happens to be named so has a name. */
function listItems(json: Json): readonly Json[] | undefined {
  const kind = own(json, 'kind');
  const items = own(json, 'items');
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) return undefined;
  return isKubeObject(json) ? undefined : items;
}

function describeProblem(json: Json): { readonly message: string; readonly remedy?: string } {
  if (!isJsonObject(json)) return { message: 'rendered document is no object: it is not a map' };
  const missing: string[] = [];
  for (const name of ['apiVersion', 'kind']) if (typeof own(json, name) !== 'string') missing.push(name);
  const metadata = own(json, 'metadata');
  const name = own(metadata, 'name');
  if (typeof name !== 'string' || name === '') missing.push('metadata.name');
  const hasGenerateName = own(metadata, 'generateName') !== undefined;
  const kind = own(json, 'kind');
  return {
    message: `rendered ${typeof kind === 'string' ? kind : 'document'} is no object: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing or no text`,
    ...(hasGenerateName ? { remedy: 'give it a name: what is declared must have the same name at every sync' } : {}),
  };
}
