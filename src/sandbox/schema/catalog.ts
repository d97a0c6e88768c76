import { builtinResources, resourceId, type Resource } from './resource.ts';

/** The resources that are served now: the built-in ones and those of established CustomResourceDefinitions. */
export class Catalog {
  readonly #byId = new Map<string, Resource>();
  readonly #builtin = new Set<string>();
  /** Grows with every change: whoever derives documents from the catalog knows by it when they are stale. */
  revision = 0;

  constructor() {
    for (const resource of builtinResources()) {
      const id = resourceId(resource.group, resource.plural);
      this.#byId.set(id, resource);
      this.#builtin.add(id);
    }
  }

  find(group: string, plural: string): Resource | undefined {
    return this.#byId.get(resourceId(group, plural));
  }

  byKind(group: string, kind: string): Resource | undefined {
    for (const resource of this.#byId.values()) if (resource.kind === kind && resource.group === group) return resource;
    return undefined;
  }

  all(): readonly Resource[] {
    return [...this.#byId.values()];
  }

  /** False when the name belongs to a built-in resource. */
  add(resource: Resource): boolean {
    const id = resourceId(resource.group, resource.plural);
    if (this.#builtin.has(id)) return false;
    this.#byId.set(id, resource);
    this.revision++;
    return true;
  }

  remove(group: string, plural: string): void {
    const id = resourceId(group, plural);
    if (!this.#builtin.has(id) && this.#byId.delete(id)) this.revision++;
  }

  /** Groups in the order of discovery, each with its versions, preferred first. */
  groups(): Map<string, string[]> {
    const groups = new Map<string, string[]>();
    for (const resource of this.#byId.values()) {
      const versions = groups.get(resource.group) ?? [];
      groups.set(resource.group, versions);
      for (const version of resource.versions)
        if (version.served && !versions.includes(version.version)) versions.push(version.version);
    }
    for (const [group, versions] of groups) if (versions.length === 0) groups.delete(group);
    return groups;
  }
}
