import { joinRelative } from './relative-path.ts';
import { writtenString } from './nodes/from-json.ts';
import { QUOTED } from './nodes/node.ts';
import { NOTE } from './notes.ts';
import type { Resource } from './resource.ts';

/** Where an object comes from, for the annotations of `buildMetadata`. Paths are relative to the folder of the build. */
export interface OriginNote {
  readonly path?: string;
  readonly configuredIn?: string;
  readonly configuredBy?: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name?: string;
    readonly namespace?: string;
  };
}

export function fileOrigin(folder: string, path: string): OriginNote {
  return { path: joinRelative(folder, path) };
}

export function builtInOrigin(folder: string, fileName: string, kind: string): OriginNote {
  return { configuredIn: joinRelative(folder, fileName), configuredBy: { apiVersion: 'builtin', kind } };
}

export function formatOrigin(origin: OriginNote): string {
  return lines(origin).join('');
}

function lines(origin: OriginNote): string[] {
  const result: string[] = [];
  if (origin.path !== undefined && origin.path !== '') result.push(`path: ${scalar(origin.path)}\n`);
  if (origin.configuredIn !== undefined && origin.configuredIn !== '')
    result.push(`configuredIn: ${scalar(origin.configuredIn)}\n`);
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
