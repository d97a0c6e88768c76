import type { Random } from '../seeded-random.ts';
import type { MadeObject, Names } from './random-objects.ts';

/** What the parts of a random tree share while it is made. */
export interface World {
  readonly r: Random;
  readonly files: Record<string, string>;
  /** All objects so far, in whatever folder. */
  readonly objects: MadeObject[];
  variables: number;
}

export function namesOf(world: World): Names {
  const names: Record<string, string[]> = {};
  for (const object of world.objects)
    (names[object.kind] ??= []).push(/^\d+$/.test(object.name) ? `"${object.name}"` : object.name);
  return names;
}

export function pickTarget(world: World): MadeObject {
  const { r } = world;
  return world.objects.length > 0 && r.chance(0.99)
    ? r.pick(world.objects)
    : { apiVersion: 'v1', kind: 'Pod', name: 'nobody', namespace: '', text: '' };
}
