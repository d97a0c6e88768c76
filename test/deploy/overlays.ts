import { at, isJsonObject, own, stringAt, type Json, type JsonObject } from '../../src/core/json.ts';
import type { KubeObject } from '../../src/core/object-key.ts';
import { OVERLAYS } from '../../src/cli/install/overlays.ts';
import { renderOverlay } from '../../src/cli/install/render-overlay.ts';

/** The objects of each overlay, rendered once. */
export const RENDERED: ReadonlyMap<string, readonly KubeObject[]> = new Map(
  OVERLAYS.map((overlay) => [overlay, renderOverlay({ overlay }).manifests.map(({ object }) => object)]),
);

export interface PodTemplate {
  readonly owner: string;
  readonly labels: JsonObject;
  readonly spec: JsonObject;
}

export function podTemplates(objects: readonly KubeObject[]): PodTemplate[] {
  return objects.flatMap((object) => {
    const spec = at(object, 'spec', 'template', 'spec');
    const labels = at(object, 'spec', 'template', 'metadata', 'labels');
    return isJsonObject(spec) && isJsonObject(labels) ? [{ owner: object.metadata.name, labels, spec }] : [];
  });
}

export function containersOf(template: PodTemplate): readonly JsonObject[] {
  return listOf(own(template.spec, 'containers'));
}

export function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : [];
}

export function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter((item) => typeof item === 'string') : [];
}

export function find(objects: readonly KubeObject[], kind: string, name: string): KubeObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
}

export function rulesOf(object: KubeObject): readonly JsonObject[] {
  return listOf(own(object, 'rules'));
}

export function nameOf(object: KubeObject): string {
  return `${object.kind} ${stringAt(object, 'metadata', 'name') ?? ''}`;
}
