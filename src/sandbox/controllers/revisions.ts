import { own, type JsonObject, type MutableJson } from '../../core/json.ts';
import { annotationOf, metaOf, nameOf, namespaceOf, textOf, uidOf, type Stored } from '../object.ts';
import { TEMPLATE_GENERATION } from '../schema/defaults/workloads.ts';
import { create, ownerReference, read, remove } from './access.ts';
import type { ControllerContext } from './controller.ts';
import { controllerOf, numberIn, specOf } from './pod-state.ts';
import { hashOf, templateOf } from './template-hash.ts';

export interface Revision {
  /** The name of the ControllerRevision. */
  readonly name: string;
  /** Its hash alone. */
  readonly hash: string;
}

/** The revision of an owner's present template; its ControllerRevision is made when it is new, and old ones beyond the limit go. */
export function presentRevision(owner: Stored, kind: string, context: ControllerContext): Revision {
  const { state } = context;
  const template = templateOf(owner);
  const hash = hashOf(template);
  const name = `${nameOf(owner)}-${hash}`;
  if (read(state, 'apps', 'controllerrevisions', namespaceOf(owner), name) === undefined) {
    const others = revisionsOf(owner, context);
    create(state, 'apps', 'controllerrevisions', namespaceOf(owner), {
      metadata: {
        name,
        labels: {
          ...(own(own(template, 'metadata'), 'labels') as JsonObject | undefined),
          [kind === 'DaemonSet' ? 'controller-revision-hash' : 'controller.kubernetes.io/hash']: hash,
        },
        ...(kind === 'DaemonSet'
          ? { annotations: { [TEMPLATE_GENERATION]: annotationOf(owner, TEMPLATE_GENERATION) ?? '1' } }
          : {}),
        ownerReferences: [ownerReference(owner, 'apps/v1', kind) as MutableJson],
      },
      data: { spec: { template: { ...template, $patch: 'replace' } } },
      revision: Math.max(0, ...others.map((entry) => numberIn(entry, 'revision'))) + 1,
    });
    const limit = numberIn(specOf(owner), 'revisionHistoryLimit', 10);
    const inUse = new Set([
      name,
      textOf(own(owner, 'status'), 'currentRevision'),
      textOf(own(owner, 'status'), 'updateRevision'),
    ]);
    const idle = others
      .filter((entry) => !inUse.has(nameOf(entry)))
      .sort((a, b) => numberIn(a, 'revision') - numberIn(b, 'revision'));
    for (const entry of idle.slice(0, Math.max(0, idle.length - limit)))
      remove(state, 'apps', 'controllerrevisions', entry);
  }
  return { name, hash };
}

function revisionsOf(owner: Stored, { state }: ControllerContext): Stored[] {
  return state.store
    .list('apps/controllerrevisions', namespaceOf(owner))
    .filter((entry) => textOf(controllerOf(entry), 'uid') === uidOf(owner));
}

/** The template that a revision recorded; undefined when it is gone. */
export function templateOfRevision(owner: Stored, name: string, context: ControllerContext): JsonObject | undefined {
  const found = read(context.state, 'apps', 'controllerrevisions', namespaceOf(owner), name);
  const template = own(own(own(found, 'data'), 'spec'), 'template');
  if (typeof template !== 'object' || template === null || Array.isArray(template)) return undefined;
  const { $patch: _, ...rest } = template as JsonObject & { readonly $patch?: MutableJson };
  return rest as JsonObject;
}

export function generationOf(object: JsonObject): number {
  return numberIn(metaOf(object), 'generation');
}
