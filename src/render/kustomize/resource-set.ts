import { BuildError } from './problems.ts';
import { describeId, gvknKey, idKey, type ResourceId } from './resource-id.ts';
import { BUILD_NOTES, NOTE } from './notes.ts';
import type { Resource } from './resource.ts';
import { clearField, fieldOf, setField } from './nodes/fields.ts';
import { lookup, lookupOrCreate } from './nodes/path.ts';
import { stringNode, textOf } from './nodes/node.ts';

/** The objects of a build in the order in which they were read. No two have the same id. */
export class ResourceSet {
  #list: Resource[] = [];
  /** By current id; built when it is needed, dropped by {@link touch}. */
  #current: Map<string, Resource[]> | undefined;
  #any: Map<string, Resource[]> | undefined;

  get size(): number {
    return this.#list.length;
  }

  list(): readonly Resource[] {
    return this.#list;
  }

  /** Names, kinds or namespaces of objects in the set were changed. */
  touch(): void {
    this.#current = undefined;
    this.#any = undefined;
  }

  /** @throws BuildError when the id is taken */
  append(resource: Resource): void {
    const id = resource.id;
    const current = this.#byCurrentId();
    const key = idKey(id);
    const other = current.get(key)?.[0];
    if (other !== undefined) throw duplicate(id, resource, other);
    this.#list.push(resource);
    current.set(key, [resource]);
    this.#any = undefined;
  }

  appendAll(resources: readonly Resource[]): void {
    for (const resource of resources) this.append(resource);
  }

  /** Takes a list whose ids are known to be different. */
  take(resources: readonly Resource[]): void {
    this.#list = [...resources];
    this.touch();
  }

  /** Replaces the whole list, checking ids anew. */
  replaceAll(resources: readonly Resource[]): void {
    this.#list = [];
    this.touch();
    this.appendAll(resources);
  }

  /** Drops what patches emptied; ids are not checked. */
  dropEmpty(): void {
    if (!this.#list.some((resource) => resource.isEmpty)) return;
    this.#list = this.#list.filter((resource) => !resource.isEmpty);
    this.touch();
  }

  keep(keep: (resource: Resource) => boolean): void {
    this.#list = this.#list.filter(keep);
    this.touch();
  }

  withCurrentId(id: ResourceId): readonly Resource[] {
    return this.#byCurrentId().get(idKey(id)) ?? [];
  }

  /** Objects that have, or ever had, this id. */
  withAnyId(id: ResourceId): readonly Resource[] {
    return this.#byAnyId().get(idKey(id)) ?? [];
  }

  /** As {@link withAnyId}, in whatever namespace. */
  withAnyName(id: ResourceId): readonly Resource[] {
    return this.#byAnyId().get(gvknKey(id)) ?? [];
  }

  /** The one object that has or had this id. @throws BuildError naming the candidates */
  only(id: ResourceId): Resource {
    const found = this.withAnyId(id);
    const [first] = found;
    if (first !== undefined && found.length === 1) return first;
    if (first === undefined) throw new BuildError('NoMatch', `no object matches ${describeId(id)}`);
    throw new BuildError('AmbiguousMatch', `several objects match ${describeId(id)}: ${candidates(found)}`);
  }

  /** Adds a generated object, or lays it over the one with its id as its behaviour says. */
  absorb(resource: Resource): void {
    const id = resource.id;
    const found = this.withAnyId(id);
    const behavior = resource.behavior;
    const [old] = found;
    if (old === undefined) {
      if (behavior === 'merge' || behavior === 'replace')
        throw new BuildError(
          'NoMatch',
          `${describeId(id)} does not exist; it cannot be generated with behavior ${behavior}`,
          { place: resource.place },
        );
      this.append(resource);
      return;
    }
    if (found.length > 1)
      throw new BuildError(
        'AmbiguousMatch',
        `several objects could take the generated ${describeId(id)}: ${candidates(found)}`,
        { place: resource.place },
      );
    if (behavior !== 'merge' && behavior !== 'replace')
      throw new BuildError(
        'DuplicateObject',
        `${describeId(id)} exists already; its generator needs behavior merge or replace`,
        { place: resource.place },
      );
    const origin = old.annotation(NOTE.origin);
    mergeMetadata(resource, old);
    if (behavior === 'merge') {
      mergeData(resource, old, 'data');
      mergeData(resource, old, 'binaryData');
      if (origin !== undefined) {
        const annotations = resource.annotations();
        annotations.set(NOTE.origin, origin);
        resource.setAnnotations(annotations);
      }
    }
    const same = this.withCurrentId(resource.id);
    if (same.length !== 1 || same[0] !== old)
      throw new BuildError('AmbiguousMatch', `the generated ${describeId(id)} does not replace exactly one object`, {
        place: resource.place,
      });
    this.#list[this.#list.indexOf(old)] = resource;
    this.touch();
  }

  #byCurrentId(): Map<string, Resource[]> {
    if (this.#current !== undefined) return this.#current;
    const index = new Map<string, Resource[]>();
    for (const resource of this.#list) put(index, idKey(resource.id), resource);
    this.#current = index;
    return index;
  }

  #byAnyId(): Map<string, Resource[]> {
    if (this.#any !== undefined) return this.#any;
    const index = new Map<string, Resource[]>();
    for (const resource of this.#list) {
      if (resource.isEmpty) continue;
      const keys = new Set<string>();
      for (const id of [...resource.previousIds, resource.id]) {
        keys.add(idKey(id));
        keys.add(gvknKey(id));
      }
      for (const key of keys) put(index, key, resource);
    }
    this.#any = index;
    return index;
  }
}

function put(index: Map<string, Resource[]>, key: string, resource: Resource): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [resource]);
  else list.push(resource);
}

function candidates(resources: readonly Resource[]): string {
  const shown = resources.slice(0, 10).map((resource) => `${describeId(resource.id)} (${resource.place.path})`);
  return resources.length > 10 ? `${shown.join(', ')} and ${resources.length - 10} more` : shown.join(', ');
}

function duplicate(id: ResourceId, resource: Resource, other: Resource): BuildError {
  return new BuildError('DuplicateObject', `${describeId(id)} is there already, from ${other.place.path}`, {
    place: resource.place,
  });
}

/** Takes name, namespace, labels and annotations of `other`, own labels and annotations on top; build notes are only those of `other`. */
export function mergeMetadata(resource: Resource, other: Resource): void {
  resource.setLabels(new Map([...other.labels(), ...resource.labels()]));
  const own = resource.annotations();
  const theirs = other.annotations();
  const merged = new Map([...theirs, ...own]);
  for (const note of BUILD_NOTES) {
    const value = theirs.get(note);
    if (value === undefined) merged.delete(note);
    else merged.set(note, value);
  }
  if (!own.has(NOTE.needsHash)) merged.delete(NOTE.needsHash);
  resource.setAnnotations(merged);
  resource.setName(other.name);
  resource.setNamespace(other.namespace);
  resource.variables = [...other.variables];
}

function dataTexts(resource: Resource, field: string): Map<string, string> {
  const result = new Map<string, string>();
  const data = lookup(resource.view, [field]);
  if (data?.kind !== 'map') return result;
  for (const entry of data.entries) result.set(textOf(entry.key), textOf(fieldOf(data, entry.key.text)));
  return result;
}

function mergeData(resource: Resource, other: Resource, field: 'data' | 'binaryData'): void {
  const merged = new Map([...dataTexts(other, field), ...dataTexts(resource, field)]);
  clearField(resource.tree, field);
  for (const key of [...merged.keys()].sort()) {
    const target = lookupOrCreate(resource.tree, [field], 'map');
    if (target !== undefined) setField(target, key, stringNode(merged.get(key) ?? ''));
  }
}
