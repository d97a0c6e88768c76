import type { EditCache } from '../edits.ts';
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
import { NOTE } from '../notes.ts';
import type { Resource } from '../resource.ts';
import type { SharedTree } from '../shared-tree.ts';

/**
 * Writes the new names of renamed objects into the fields of other objects that held their old ones. Linear: candidates are looked up
 * by their old names, fields by the referrer's kind.
 */
export function fixNameReferences(
  resources: readonly Resource[],
  references: readonly NameReference[],
  edits: EditCache,
): void {
  const fixer = new ReferenceFixer(resources);
  const rules = rulesOf(references);
  for (const referrer of resources) {
    const wanted = rules.for(referrer.originalId);
    if (wanted.length === 0) continue;
    const tree = referrer.shared;
    if (tree === undefined) fixAll(referrer, wanted, fixer);
    else if (mayHoldOldName(referrer, tree, wanted, fixer)) {
      const written = fixAll(referrer, wanted, fixer);
      if (written.length === 0 && tree.names !== undefined) referrer.adopt(tree);
      else edits.settle(tree, `names ${JSON.stringify(written)}`, referrer);
    }
  }
}

/** Whether a tree holds a name, where one may stand, that an object had before: which names it holds is read once. */
function mayHoldOldName(
  referrer: Resource,
  tree: SharedTree,
  rules: readonly Rule[],
  { isOldName }: ReferenceFixer,
): boolean {
  if (tree.names?.by !== rules) {
    const list = namesIn(referrer, rules);
    tree.names = list === undefined ? undefined : { by: rules, list };
  }
  if (tree.names === undefined) return true;
  for (const name of tree.names.list) if (isOldName(name)) return true;
  return false;
}

/** Undefined where reading them fails: going through the tree again says how. */
function namesIn(referrer: Resource, rules: readonly Rule[]): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  let isOdd = false;
  const onNullList = (): void => {
    isOdd = true;
  };
  const readOne = (node: YamlNode): void => {
    const scalar = node.kind === 'scalar' ? node : undefined;
    const name = node.kind === 'map' ? matchField(node, 'name') : scalar;
    if (name === undefined) isOdd = true;
    else names.add(name.text);
  };
  const read = (node: YamlNode): void => {
    for (const one of node.kind === 'list' ? node.items : [node]) if (!isMissingOrNull(one)) readOne(one);
  };
  try {
    requirePlainVersion(referrer);
    void new Reach(referrer);
    for (const { spec } of rules) applyPath(spec, referrer.view, { set: read, onNullList });
  } catch (error) {
    if (error instanceof BuildError) return undefined;
    throw error;
  }
  return isOdd ? undefined : names;
}

/** @returns what was written where: with the tree that it was written to it says what the tree is now */
function fixAll(referrer: Resource, rules: readonly Rule[], fixer: ReferenceFixer): readonly (string | number)[] {
  const written = new Written();
  let reach: Reach | undefined;
  const reachOf = (): Reach => (reach ??= new Reach(referrer));
  let checked = false;
  for (const rule of rules) {
    try {
      if (!checked) requirePlainVersion(referrer);
      checked = true;
      fixer.fix(referrer, rule, reachOf, written);
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
  return written.list;
}

interface Rule {
  readonly spec: FieldSpec;
  readonly target: Gvk;
}

const RULES = new WeakMap<readonly NameReference[], RulesByKind>();

function rulesOf(references: readonly NameReference[]): RulesByKind {
  const rules = RULES.get(references) ?? new RulesByKind(references);
  RULES.set(references, rules);
  return rules;
}

const MOST_KINDS = 2_000;

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
    if (this.#byKind.size >= MOST_KINDS) this.#byKind.clear();
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

  readonly isOldName = (name: string): boolean => this.#byOldName.has(name);

  fix(referrer: Resource, rule: Rule, reachOf: () => Reach, written: Written): void {
    applyPath(rule.spec, referrer.tree, {
      set: (node) => this.#set(node, { referrer, rule, reach: reachOf(), written }),
    });
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
    pick.written.place++;
    const found = select(node.text, this.#candidates(node.text, pick), pick, sameNames);
    if (found === undefined || found.name === node.text) return;
    pick.written.note(found.name);
    setScalar(node, scalarNode(found.name));
  }

  #setMap(node: YamlNode, pick: Pick): void {
    pick.written.place++;
    const nameNode = matchField(node, 'name');
    if (nameNode === undefined) throw new BuildError('MissingField', 'the map has no field name');
    const name = nameNode.text;
    const inNamespace = this.#inNamespace(node, this.#candidates(name, pick), pick);
    const found = select(name, inNamespace, pick, sameNamesAndNamespaces);
    if (found === undefined || (found.name === name && found.namespace === '')) return;
    pick.written.note(found.name, found.namespace);
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
  readonly written: Written;
}

/** What was written to one object. Places count in the order in which rules lead to them. */
class Written {
  readonly list: (string | number)[] = [];
  place = 0;

  note(...names: readonly string[]): void {
    this.list.push(this.place, ...names);
  }
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
