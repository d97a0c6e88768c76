import { joinRelative } from './relative-path.ts';
import { parseRepository } from './remote-address.ts';
import { writtenString } from './nodes/from-json.ts';
import { QUOTED } from './nodes/node.ts';
import { NOTE } from './notes.ts';
import type { Resource } from './resource.ts';

/** Where an object comes from, for the annotations of `buildMetadata`. Paths are relative to the folder of the build. */
export interface OriginNote {
  readonly path?: string;
  /** Another repository, and the ref of it that was named. */
  readonly repo?: string;
  readonly ref?: string;
  readonly configuredIn?: string;
  readonly configuredBy?: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name?: string;
    readonly namespace?: string;
  };
}

/** A folder: its path from the folder of the build, or from the root of another repository. */
export interface Whereabouts {
  readonly path: string;
  readonly repo?: string;
  readonly ref?: string;
}

/** Where a path that stands in a folder leads; the address of another repository begins anew. */
export function appendPath(folder: Whereabouts, path: string): Whereabouts {
  const address = parseRepository(path);
  if (address === undefined) return { ...folder, path: joinRelative(folder.path, path) };
  return { path: joinRelative('', address.path), repo: address.url, ref: address.ref };
}

export function builtInOrigin(folder: Whereabouts, fileName: string, kind: string): OriginNote {
  const { path, ...repository } = folder;
  return { ...repository, configuredIn: joinRelative(path, fileName), configuredBy: { apiVersion: 'builtin', kind } };
}

export function formatOrigin(origin: OriginNote): string {
  return lines(origin).join('');
}

function lines(origin: OriginNote): string[] {
  const result: string[] = [];
  for (const field of ['path', 'repo', 'ref', 'configuredIn'] as const) {
    const value = origin[field];
    if (value !== undefined && value !== '') result.push(`${field}: ${scalar(value)}\n`);
  }
  if (origin.configuredBy !== undefined) {
    result.push('configuredBy:\n');
    for (const field of ['apiVersion', 'kind', 'name', 'namespace'] as const) {
      const value = origin.configuredBy[field];
      if (value !== undefined && value !== '') result.push(`  ${field}: ${scalar(value)}\n`);
    }
  }
  return result.length === 0 ? ['{}\n'] : result;
}

function scalar(text: string): string {
  const node = writtenString(text);
  return (node.style & QUOTED) === 0 ? text : JSON.stringify(text);
}

/** Notes an origin on objects that have none. */
export function addOrigins(resources: readonly Resource[], origin: OriginNote): void {
  const text = formatOrigin(origin);
  for (const resource of resources) {
    if (resource.annotation(NOTE.origin) === undefined) setNote(resource, NOTE.origin, text);
  }
}

/** Notes a transformer on objects; one that made the object is its origin. */
export function addTransformations(resources: readonly Resource[], origin: OriginNote): void {
  const text = formatOrigin(origin);
  const item = `- ${text.replaceAll('\n', '\n  ').trimEnd()}\n`;
  for (const resource of resources) {
    if (resource.isEmpty) continue;
    if (resource.annotation(NOTE.origin) === undefined) setNote(resource, NOTE.origin, text);
    else setNote(resource, NOTE.transformations, `${resource.annotation(NOTE.transformations) ?? ''}${item}`);
  }
}

export function setNote(resource: Resource, key: string, value: string | undefined): void {
  const annotations = resource.annotations();
  if (value === undefined) annotations.delete(key);
  else annotations.set(key, value);
  resource.setAnnotations(annotations);
}
