import { isJsonObject, type Json, own, stringAt } from '../core/json.ts';
import { isKubeObject, type KubeObject } from '../core/object-key.ts';

/** One thing that keeps a value from being a Kubernetes object, with the path of the field. */
export interface ShapeProblem {
  readonly field: readonly (string | number)[];
  readonly message: string;
  readonly remedy?: string;
}

/**
 * Checks what the engine and every API server need of an object: text in apiVersion, kind, metadata.name and namespace, labels and
 * annotations that map to text. All problems at once. The rest of the object is the API server's matter.
 */
export function checkObject(
  value: Json,
): { readonly object: KubeObject } | { readonly problems: readonly ShapeProblem[] } {
  if (!isJsonObject(value)) {
    return { problems: [{ field: [], message: `an object is expected, not ${describe(value)}` }] };
  }
  const problems: ShapeProblem[] = [];
  for (const name of ['apiVersion', 'kind']) {
    const text = own(value, name);
    if (typeof text !== 'string' || text === '') problems.push({ field: [name], message: mustBeText(name, text) });
  }
  const apiVersion = own(value, 'apiVersion');
  if (typeof apiVersion === 'string' && !/^[^/]+(?:\/[^/]+)?$/.test(apiVersion) && apiVersion !== '') {
    problems.push({
      field: ['apiVersion'],
      message: `apiVersion must be VERSION or GROUP/VERSION, not ${quote(apiVersion)}`,
    });
  }
  problems.push(...metadataProblems(own(value, 'metadata')));
  return problems.length === 0 && isKubeObject(value) ? { object: value } : { problems };
}

function metadataProblems(metadata: Json | undefined): ShapeProblem[] {
  const field = ['metadata'];
  if (metadata === undefined || metadata === null) return [{ field: [], message: 'metadata is missing' }];
  if (!isJsonObject(metadata)) return [{ field, message: `metadata must be an object, not ${describe(metadata)}` }];
  const problems: ShapeProblem[] = [];
  const name = own(metadata, 'name');
  if (name === undefined || name === null || name === '') {
    const generated = own(metadata, 'generateName') !== undefined;
    problems.push({
      field,
      message: generated
        ? 'metadata.generateName cannot be used: metadata.name is missing'
        : 'metadata.name is missing',
      ...(generated ? { remedy: 'give it a name: what is declared must have the same name at every sync' } : {}),
    });
  } else if (typeof name !== 'string') {
    problems.push({ field: ['metadata', 'name'], message: mustBeText('metadata.name', name) });
  } else if (name === '.' || name === '..' || /[/%]/.test(name)) {
    problems.push({
      field: ['metadata', 'name'],
      message: `metadata.name must not be '.' or '..' or hold '/' or '%': ${quote(name)}`,
    });
  }
  const namespace = own(metadata, 'namespace');
  if (namespace !== undefined && namespace !== null && typeof namespace !== 'string') {
    problems.push({ field: ['metadata', 'namespace'], message: mustBeText('metadata.namespace', namespace) });
  } else if (typeof namespace === 'string' && /[/%]|^\.{1,2}$/.test(namespace)) {
    problems.push({
      field: ['metadata', 'namespace'],
      message: `metadata.namespace is no name of a namespace: ${quote(namespace)}`,
    });
  }
  for (const map of ['labels', 'annotations']) problems.push(...textMapProblems(map, own(metadata, map)));
  return problems;
}

function textMapProblems(name: string, map: Json | undefined): ShapeProblem[] {
  if (map === undefined || map === null) return [];
  const field = ['metadata', name];
  if (!isJsonObject(map)) return [{ field, message: `metadata.${name} must be a map of texts, not ${describe(map)}` }];
  const problems: ShapeProblem[] = [];
  for (const [key, text] of Object.entries(map)) {
    if (typeof text === 'string' || text === null) continue;
    problems.push({
      field: [...field, key],
      message: mustBeText(`metadata.${name}[${quote(key)}]`, text),
      remedy: 'put it into quotes',
    });
  }
  return problems;
}

function mustBeText(name: string, value: Json | undefined): string {
  if (value === undefined || value === null || value === '') return `${name} is missing`;
  return `${name} must be text, not ${describe(value)}`;
}

function describe(value: Json | undefined): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string'
    ? `the text ${quote(value)}`
    : `${typeof value === 'boolean' ? 'the boolean' : 'the number'} ${String(value)}`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** How an object that may be wrong is named in a message: `ConfigMap web`, `Deployment`, `object`. */
export function nameObject(value: Json): string {
  const kind = stringAt(value, 'kind') ?? '';
  const name = stringAt(value, 'metadata', 'name') ?? '';
  return [kind === '' ? 'object' : kind, name].filter((part) => part !== '').join(' ');
}
