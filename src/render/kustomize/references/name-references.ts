import { BuildError } from '../problems.ts';
import { applyPath, type FieldSpec } from '../config/field-spec.ts';
import type { NameReference } from '../config/transformer-config.ts';
import { matchField, setScalar, setText } from '../nodes/fields.ts';
import { lookup } from '../nodes/path.ts';
import { isMissingOrNull, isNilOrEmpty, scalarNode, TAG, type YamlNode } from '../nodes/node.ts';
import {
  describeId,
  effectiveNamespace,
  isSelectedBy,
  joinApiVersion,
  NO_NAMESPACE,
  type Gvk,
} from '../resource-id.ts';
import { NOTE, type Resource } from '../resource.ts';

/**
 * Writes the new names of renamed objects into the fields of other objects that held their old ones. Linear: candidates are looked up
 * by their old names, fields by the referrer's kind.
 */
export function fixNameReferences(resources: readonly Resource[], references: readonly NameReference[]): void {
  const fixer = new ReferenceFixer(resources);
  const rules = new RulesByKind(references);
  for (const referrer of resources) {
    let reach: Reach | undefined;
    const reachOf = (): Reach => (reach ??= new Reach(referrer));
    let checked = false;
    for (const rule of rules.for(referrer.originalId)) {
      try {
        if (!checked) requirePlainVersion(referrer);
        checked = true;
        fixer.fix(referrer, rule, reachOf);
      } catch (error) {
        if (!(error instanceof BuildError)) throw error;
        throw new BuildError(
          error.reason,
          `name reference in ${rule.spec.path} of ${describeId(referrer.id)}: ${error.message}`,
          {
            place: referrer.place,
          },
        );
      }
    }
  }
}

interface Rule {
  readonly spec: FieldSpec;
  readonly target: Gvk;
}

class RulesByKind {
  readonly #rules: readonly Rule[];
  readonly #byKind = new Map<string, readonly Rule[]>();

  constructor(references: readonly NameReference[]) {
    this.#rules = references.flatMap(({ target, referrers }) => referrers.map((spec) => ({ spec, target })));
  }

  for(gvk: Gvk): readonly Rule[] {
    const key = `${gvk.group}\n${gvk.version}\n${gvk.kind}`;
    const known = this.#byKind.get(key);
    if (known !== undefined) return known;
    const rules = this.#rules.filter(({ spec }) => isSelectedBy(gvk, spec));
    this.#byKind.set(key, rules);
    return rules;
  }
}

class ReferenceFixer {
  readonly #resources: readonly Resource[];
  /** By each name that an object had before it was renamed. */
  readonly #byOldName = new Map<string, Resource[]>();
  readonly #originalNamespaces = new Map<string, ReadonlySet<string>>();

  constructor(resources: readonly Resource[]) {
    this.#resources = resources;
    for (const resource of resources) {
      for (const name of new Set(resource.previousIds.map((id) => id.name))) {
        const list = this.#byOldName.get(name);
        if (list === undefined) this.#byOldName.set(name, [resource]);
        else list.push(resource);
      }
    }
  }

  fix(referrer: Resource, rule: Rule, reachOf: () => Reach): void {
    applyPath(rule.spec, referrer.tree, { set: (node) => this.#set(node, { referrer, rule, reach: reachOf() }) });
  }

  #set(node: YamlNode, pick: Pick): void {
    if (isMissingOrNull(node)) return;
    switch (node.kind) {
      case 'scalar':
        this.#setScalar(node, pick);
        return;
      case 'map':
        this.#setMap(node, pick);
        return;
      case 'list':
        for (const item of node.items) {
          if (isMissingOrNull(item)) continue;
          if (item.kind === 'scalar') this.#setScalar(item, pick);
          else if (item.kind === 'map') this.#setMap(item, pick);
          else throw new BuildError('WrongKind', 'an item is neither a text nor a map');
        }
        return;
      case 'none':
        throw new BuildError('WrongKind', 'the field is neither a text nor a map nor a list');
    }
  }

  #setScalar(node: YamlNode, pick: Pick): void {
    const found = select(node.text, this.#candidates(node.text, pick), pick, sameNames);
    if (found === undefined || found.name === node.text) return;
    setScalar(node, scalarNode(found.name));
  }

  #setMap(node: YamlNode, pick: Pick): void {
    const nameNode = matchField(node, 'name');
    if (nameNode === undefined) throw new BuildError('MissingField', 'the map has no field name');
    const name = nameNode.text;
    const inNamespace = this.#inNamespace(node, this.#candidates(name, pick), pick);
    const found = select(name, inNamespace, pick, sameNamesAndNamespaces);
    if (found === undefined || (found.name === name && found.namespace === '')) return;
    setText(node, 'name', found.name);
    if (found.namespace !== '') setText(node, 'namespace', found.namespace);
  }

  #candidates(name: string, pick: Pick): Resource[] {
    return (this.#byOldName.get(name) ?? []).filter((resource) => pick.reach.includes(resource));
  }

  /** When the map names a namespace: those that came from it, or when nothing did, those that are in it now. */
  #inNamespace(node: YamlNode, candidates: readonly Resource[], pick: Pick): readonly Resource[] {
    const namespaceNode = matchField(node, 'namespace');
    if (namespaceNode === undefined) return candidates;
    const namespace = namespaceNode.text;
    if (namespace === NO_NAMESPACE) return [];
    if (this.#reachableOriginals(pick.reach).has(namespace))
      return candidates.filter((resource) => effectiveNamespace(resource.originalId) === namespace);
    return candidates.filter((resource) => effectiveNamespace(resource.id) === namespace);
  }

  #reachableOriginals(reach: Reach): ReadonlySet<string> {
    const known = this.#originalNamespaces.get(reach.key);
    if (known !== undefined) return known;
    const found = new Set<string>();
    for (const resource of this.#resources) {
      if (reach.includes(resource)) found.add(effectiveNamespace(resource.originalId));
    }
    found.delete(NO_NAMESPACE);
    this.#originalNamespaces.set(reach.key, found);
    return found;
  }
}

/** An apiVersion that does not read back as it was written is one that Kustomize gives up on here. */
function requirePlainVersion(referrer: Resource): void {
  const field = matchField(referrer.view, 'apiVersion');
  const written = isNilOrEmpty(field) ? '' : (field as YamlNode).text;
  if (written !== joinApiVersion(referrer.id))
    throw new BuildError(
      'InvalidField',
      `apiVersion ${JSON.stringify(referrer.apiVersion)} is not of the form group/version`,
    );
}

interface Pick {
  readonly referrer: Resource;
  readonly rule: Rule;
  readonly reach: Reach;
}

/** Which objects an object can refer to: cluster-scoped ones, those of its namespace, and service accounts that a role binding names. */
class Reach {
  readonly #everything: boolean;
  readonly #namespace: string;
  readonly #subjects: ReadonlySet<string>;

  constructor(referrer: Resource) {
    const id = referrer.id;
    this.#everything = id.clusterScoped;
    this.#namespace = effectiveNamespace(id);
    this.#subjects = id.clusterScoped ? new Set() : subjectNamespaces(referrer);
  }

  /** Equal for objects that reach the same ones. */
  get key(): string {
    return JSON.stringify([this.#everything, this.#namespace, [...this.#subjects].sort()]);
  }

  includes(resource: Resource): boolean {
    if (this.#everything) return true;
    const id = resource.id;
    return id.clusterScoped || effectiveNamespace(id) === this.#namespace || this.#subjects.has(resource.namespace);
  }
}

function subjectNamespaces(referrer: Resource): ReadonlySet<string> {
  const found = new Set<string>();
  if (referrer.kind !== 'RoleBinding') return found;
  const subjects = lookup(referrer.view, ['subjects']);
  if (subjects?.kind !== 'list') return found;
  for (const subject of subjects.items) {
    if (subject.kind !== 'map') throw new BuildError('WrongKind', 'a subject is not a map');
    const namespace = matchField(subject, 'namespace');
    const kind = matchField(subject, 'kind');
    if (namespace === undefined || kind === undefined) continue;
    if (kind.kind !== 'scalar' || kind.tag !== TAG.string)
      throw new BuildError('WrongKind', 'the kind of a subject is not a text');
    if (kind.text !== 'ServiceAccount') continue;
    if (namespace.kind !== 'scalar' || (namespace.tag !== TAG.string && namespace.tag !== TAG.none))
      throw new BuildError('WrongKind', 'the namespace of a subject is not a text');
    found.add(namespace.text);
  }
  return found;
}

function select(
  oldName: string,
  start: readonly Resource[],
  pick: Pick,
  identical: (resources: readonly Resource[]) => boolean,
): Resource | undefined {
  const { referrer, rule } = pick;
  let candidates = start.filter((resource) => resource.previousIds.some((id) => isSelectedBy(id, rule.target)));
  const role = rule.spec.path.endsWith('roleRef/name') ? roleOf(referrer) : undefined;
  if (role !== undefined)
    candidates = candidates.filter((resource) => resource.previousIds.some((id) => isSelectedBy(id, role)));
  const referrerId = referrer.id;
  if (!referrerId.clusterScoped) {
    const namespace = effectiveNamespace(referrerId);
    candidates = candidates.filter((resource) => {
      const id = resource.id;
      return id.clusterScoped || resource.kind === 'ServiceAccount' || effectiveNamespace(id) === namespace;
    });
  }
  if (candidates.length <= 1) return candidates[0];
  candidates = candidates.filter((resource) => sameAffixes(resource, referrer, true));
  if (candidates.length > 1) candidates = candidates.filter((resource) => sameAffixes(resource, referrer, false));
  if (candidates.length <= 1 || identical(candidates)) return candidates[0];
  const found = candidates.map((resource) => `${describeId(resource.id)} (${resource.place.path})`).join(', ');
  throw new BuildError('AmbiguousMatch', `${JSON.stringify(oldName)} may be any of ${found}`);
}

function roleOf(referrer: Resource): Gvk | undefined {
  const role = matchField(referrer.view, 'roleRef');
  if (role?.kind !== 'map') return undefined;
  const group = matchField(role, 'apiGroup');
  const kind = matchField(role, 'kind');
  return group === undefined || kind === undefined ? undefined : { group: group.text, version: '', kind: kind.text };
}

function sameNames(resources: readonly Resource[]): boolean {
  return resources.every((resource) => resource.name === resources[0]?.name);
}

function sameNamesAndNamespaces(resources: readonly Resource[]): boolean {
  return sameNames(resources) && resources.every((resource) => resource.namespace === resources[0]?.namespace);
}

function sameAffixes(left: Resource, right: Resource, allowEmpty: boolean): boolean {
  return [NOTE.prefixes, NOTE.suffixes].every((note) => {
    const [one, other] = [left.noteList(note), right.noteList(note)];
    return (allowEmpty && (one.length === 0 || other.length === 0)) || sameEnding(one, other);
  });
}

/** Whether the shorter list is the end of the longer; an empty one only equals an empty one. */
function sameEnding(left: readonly string[], right: readonly string[]): boolean {
  const [shorter, longer] = left.length <= right.length ? [left, right] : [right, left];
  if (shorter.length === 0) return longer.length === 0;
  const offset = longer.length - shorter.length;
  return shorter.every((value, index) => value === longer[index + offset]);
}
