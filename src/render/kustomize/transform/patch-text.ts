import { type Json } from '../../../core/json.ts';
import type { RenderLimits } from '../../../core/manifest.ts';
import { loadYaml } from '../../yaml/load.ts';
import { safeExcerpt } from '../../safe-excerpt.ts';
import { BuildError, type Place } from '../problems.ts';
import type { JsonPatch } from './json-patch.ts';
import type { Resource } from '../resource.ts';

/** A patch as it was read: either kind. Both empty = a text without content. */
export type ParsedPatch =
  | { readonly kind: 'merge'; readonly patches: readonly Resource[] }
  | { readonly kind: 'json'; readonly operations: JsonPatch };

/** Reads a text as objects. @throws BuildError */
export type ReadResources = (text: string, place: Place) => readonly Resource[];

/** Reads a patch of `patches`, which may be either kind. @throws BuildError when it is neither, or both */
export function parsePatch(text: string, place: Place, read: ReadResources, limits: RenderLimits): ParsedPatch {
  const merge = attempt(() => read(text, place));
  const json = attempt(() => parseJsonPatch(text, place, limits));
  if ((merge.value?.length ?? 0) > 0 && (json.value?.length ?? 0) > 0)
    throw new BuildError('AmbiguousPatch', 'the patch reads as a strategic merge patch and as a JSON patch', { place });
  if (merge.value !== undefined) return { kind: 'merge', patches: merge.value };
  if (json.value !== undefined) return { kind: 'json', operations: json.value };
  const cause = text.trimStart().startsWith('-') || text.trimStart().startsWith('[') ? json.error : merge.error;
  throw new BuildError(
    'InvalidPatch',
    `the patch is neither a strategic merge patch nor a JSON patch: ${cause?.message ?? ''}`,
    {
      place: cause?.place ?? place,
      ...(cause?.excerpt === undefined ? {} : { excerpt: cause.excerpt }),
    },
  );
}

interface Attempt<T> {
  readonly value?: T;
  readonly error?: BuildError;
}

function attempt<T>(step: () => T): Attempt<T> {
  try {
    return { value: step() };
  } catch (error) {
    if (error instanceof BuildError) return { error };
    throw error;
  }
}

/** Reads JSON (a text that starts with `[`) or YAML as operations; only a YAML text's first document counts. @throws BuildError */
export function parseJsonPatch(text: string, place: Place, limits: RenderLimits): JsonPatch {
  if (text === '') throw new BuildError('InvalidPatch', 'the JSON patch is empty', { place });
  if (text.startsWith('[') && !isJson(text))
    throw new BuildError('InvalidPatch', 'a patch that begins with [ is read as JSON, and this is none', { place });
  const stream = loadYaml(text, 'helm', {
    depth: limits.depth,
    aliasNodes: 100_000,
    bytes: limits.fileBytes,
    documents: limits.documents,
  });
  const first = stream.documents.find((document) => document.index === 0);
  const problem = stream.problems.find((one) => one.document === 0);
  if (problem !== undefined)
    throw new BuildError('InvalidPatch', problem.message, {
      place:
        place.line === undefined
          ? place
          : { path: place.path, line: place.line - 1 + problem.line, column: problem.column },
      ...safeExcerpt(text, problem.excerpt),
    });
  const value: Json = first?.value ?? null;
  if (value === null) return [];
  if (!Array.isArray(value)) throw new BuildError('InvalidPatch', 'a JSON patch is a list of operations', { place });
  for (const operation of value) {
    if (operation !== null && (typeof operation !== 'object' || Array.isArray(operation)))
      throw new BuildError('InvalidPatch', 'an operation of a JSON patch is a map', { place });
  }
  return value;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
