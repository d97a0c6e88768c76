import { BuildError } from './problems.ts';
import { clearField, fieldOf, matchField, setField } from './nodes/fields.ts';
import { lookupOrCreate } from './nodes/path.ts';
import { isNilOrEmpty, isNull, scalarNode, stringNode, TAG, YamlNode, STYLE } from './nodes/node.ts';
import { joinApiVersion, makeId, splitApiVersion, type Gvk, type ResourceId, type Scopes } from './resource-id.ts';
import type { Place } from './problems.ts';
import { NOTE } from './notes.ts';
import { isBuiltInKind } from './scope.ts';
import { SharedTree, type PreviousIds, type WrittenId } from './shared-tree.ts';

const ENABLED = 'enabled';

export type Behavior = 'create' | 'replace' | 'merge' | 'unspecified';

/** Fits no notes that can be written. */
const NO_PREVIOUS: PreviousIds = { generation: 0, names: '\0', namespaces: '', kinds: '', apiVersion: '', ids: [] };

/** One object on its way through the build. */
export class Resource {
  #node: YamlNode | undefined;
  /** Holds the node too as long as others may: it is copied before it is changed. */
  #shared: SharedTree | undefined;
  /** Only the root and its metadata are this object's own: all of it is copied before anything else is changed. */
  #isHeadOnly = false;
  readonly place: Place;
  readonly scopes: Scopes;
  /** Names of the variables that take their value from this object. */
  variables: string[] = [];
  #previous: PreviousIds | undefined;

  #id: WrittenId | undefined;

  constructor(tree: YamlNode | SharedTree, place: Place, scopes: Scopes) {
    if (tree instanceof SharedTree) this.adopt(tree);
    else this.#node = tree;
    this.place = place;
    this.scopes = scopes;
  }

  copy(scopes: Scopes = this.scopes): Resource {
    const result = new Resource(this.#node === undefined ? new YamlNode('none', '') : this.share(), this.place, scopes);
    if (scopes.generation === this.scopes.generation) {
      result.#id = this.#id;
      result.#previous = this.#previous;
    }
    if (this.#node === undefined) result.delete();
    result.variables = [...this.variables];
    return result;
  }

  /** Whether a patch took everything away. */
  get isEmpty(): boolean {
    return isNilOrEmpty(this.#node);
  }

  /** The tree to be read only. It is there unless the object was deleted. */
  get view(): YamlNode {
    if (this.#node === undefined) throw new BuildError('DeletedObject', 'an object was used after it was deleted');
    return this.#node;
  }

  /** The tree to be changed, of this object alone. */
  get tree(): YamlNode {
    if (this.#shared === undefined && !this.#isHeadOnly) return this.view;
    const own = this.view.copy();
    this.replace(own);
    return own;
  }

  replace(tree: YamlNode): void {
    this.#node = tree;
    this.#shared = undefined;
    this.#isHeadOnly = false;
  }

  delete(): void {
    this.#node = undefined;
    this.#shared = undefined;
    this.#isHeadOnly = false;
  }

  /** The tree as it is now, for others to hold. What changes the object from here on changes a copy. */
  share(): SharedTree {
    this.#shared ??= new SharedTree(this.view, false);
    return this.#shared;
  }

  /** The tree that others may hold, unless it was changed since. */
  get shared(): SharedTree | undefined {
    return this.#shared;
  }

  adopt(tree: SharedTree): void {
    this.#node = tree.node;
    this.#shared = tree;
    this.#isHeadOnly = false;
  }

  /** The tree as far as fields of the metadata may be put in and taken out. */
  #head(): YamlNode {
    const tree = this.view;
    if (this.#shared === undefined) return tree;
    const head = shallowCopy(tree);
    for (const entry of head.entries) if (entry.key.text === 'metadata') entry.value = shallowCopy(entry.value);
    this.replace(head);
    this.#isHeadOnly = true;
    return head;
  }

  get kind(): string {
    return fieldOf(this.#node, 'kind')?.text ?? '';
  }

  get apiVersion(): string {
    return fieldOf(this.#node, 'apiVersion')?.text ?? '';
  }

  get gvk(): Gvk {
    return { ...splitApiVersion(this.apiVersion), kind: this.kind };
  }

  get name(): string {
    return this.#metadataText('name');
  }

  get namespace(): string {
    return this.#metadataText('namespace');
  }

  get id(): ResourceId {
    const tree = this.scopes.generation === 0 ? this.#shared : undefined;
    if (tree?.id !== undefined) {
      this.#id = tree.id;
      return tree.id.id;
    }
    const id = this.#readId();
    // Whoever asks for a kind that is not built in is noted, each time.
    if (tree !== undefined && isBuiltInKind(joinApiVersion(id), id.kind)) tree.id = this.#id;
    return id;
  }

  #readId(): ResourceId {
    let apiVersion: string | undefined;
    let kind: string | undefined;
    let metadata: YamlNode | undefined;
    for (const { key, value } of this.#node?.entries ?? []) {
      if (key.text === 'apiVersion') apiVersion ??= value.text;
      else if (key.text === 'kind') kind ??= value.text;
      else if (key.text === 'metadata') metadata ??= value;
    }
    let name: YamlNode | undefined;
    let namespace: YamlNode | undefined;
    if (!isNilOrEmpty(metadata)) {
      for (const { key, value } of (metadata as YamlNode).entries) {
        if (key.text === 'name') name ??= value;
        else if (key.text === 'namespace') namespace ??= value;
      }
    }
    return this.#idOf(apiVersion ?? '', kind ?? '', presentText(name), presentText(namespace));
  }

  /** The same object as before when nothing changed. */
  #idOf(apiVersion: string, kind: string, name: string, namespace: string): ResourceId {
    const known = this.#id;
    if (
      known !== undefined &&
      known.apiVersion === apiVersion &&
      known.generation === this.scopes.generation &&
      known.id.kind === kind &&
      known.id.name === name &&
      known.id.namespace === namespace
    )
      return known.id;
    const id = makeId({ ...splitApiVersion(apiVersion), kind }, name, namespace, this.scopes);
    this.#id = { apiVersion, generation: this.scopes.generation, id };
    return id;
  }

  /** Every id that it had before, oldest first. */
  get previousIds(): readonly ResourceId[] {
    const tree = this.scopes.generation === 0 ? this.#shared : undefined;
    if (tree?.previous !== undefined) {
      this.#previous = tree.previous;
      return tree.previous.ids;
    }
    const ids = this.#readPrevious();
    if (tree !== undefined && ids.every((id) => isBuiltInKind(joinApiVersion(id), id.kind)))
      tree.previous = ids.length === 0 ? NO_PREVIOUS : this.#previous;
    return ids;
  }

  #readPrevious(): readonly ResourceId[] {
    const annotations = this.#metadata('annotations');
    const names = fieldText(annotations, NOTE.previousNames);
    if (names === undefined) return NO_PREVIOUS.ids;
    const namespaces = fieldText(annotations, NOTE.previousNamespaces) ?? '';
    const kinds = fieldText(annotations, NOTE.previousKinds) ?? '';
    const apiVersion = this.apiVersion;
    const known = this.#previous;
    if (
      known !== undefined &&
      known.names === names &&
      known.namespaces === namespaces &&
      known.kinds === kinds &&
      known.generation === this.scopes.generation &&
      known.apiVersion === apiVersion
    )
      return known.ids;
    const ids = this.#readPreviousIds(names.split(','), namespaces.split(','), kinds.split(','), apiVersion, known);
    this.#previous = { generation: this.scopes.generation, names, namespaces, kinds, apiVersion, ids };
    return ids;
  }

  /** Ids are only ever added: those that were made before are taken over. */
  #readPreviousIds(
    names: readonly string[],
    namespaces: readonly string[],
    kinds: readonly string[],
    apiVersion: string,
    known: PreviousIds | undefined,
  ): readonly ResourceId[] {
    if (names.length !== namespaces.length || names.length !== kinds.length)
      throw new BuildError('InvalidNotes', 'the annotations that note previous names do not fit together', {
        place: this.place,
      });
    const version = splitApiVersion(apiVersion);
    const reusable = known?.apiVersion === apiVersion && known.generation === this.scopes.generation ? known.ids : [];
    return names.map((name, index) => {
      const id = reusable[index];
      const [kind, namespace] = [kinds[index] ?? '', namespaces[index] ?? ''];
      if (id !== undefined && id.name === name && id.kind === kind && id.namespace === namespace) return id;
      return makeId({ ...version, kind }, name, namespace, this.scopes);
    });
  }

  /** The id that it was read with. */
  get originalId(): ResourceId {
    return this.previousIds[0] ?? this.id;
  }

  setKind(kind: string): void {
    setField(this.tree, 'kind', scalarNode(kind));
  }

  setApiVersion(apiVersion: string): void {
    setField(this.tree, 'apiVersion', scalarNode(apiVersion));
  }

  setName(name: string): void {
    const metadata = lookupOrCreate(this.tree, ['metadata'], 'map');
    if (metadata !== undefined) setField(metadata, 'name', scalarNode(name));
  }

  setNamespace(namespace: string): void {
    if (namespace === '') {
      const metadata = matchField(this.tree, 'metadata');
      if (metadata !== undefined) clearField(metadata, 'namespace');
      return;
    }
    const metadata = lookupOrCreate(this.tree, ['metadata'], 'map');
    if (metadata !== undefined) setField(metadata, 'namespace', scalarNode(namespace));
  }

  /** Labels by their texts, whatever their types are. */
  labels(): Map<string, string> {
    return textMap(this.#metadata('labels'), 'labels');
  }

  annotations(): Map<string, string> {
    return textMap(this.#metadata('annotations'), 'annotations');
  }

  annotation(key: string): string | undefined {
    return fieldText(this.#metadata('annotations'), key);
  }

  setLabels(labels: ReadonlyMap<string, string>): void {
    this.#setTextMap('labels', labels);
  }

  setAnnotations(annotations: ReadonlyMap<string, string>): void {
    this.#setTextMap('annotations', annotations);
  }

  /** Sets one annotation in place. */
  annotate(key: string, value: string): void {
    const metadata = matchField(this.tree, 'metadata');
    if (metadata !== undefined && !isNull(metadata)) {
      const annotations = fieldOf(metadata, 'annotations');
      if (annotations !== undefined && annotations.entries.length === 0 && annotations.items.length === 0)
        clearField(metadata, 'annotations');
      if (metadata.kind === 'map' && metadata.entries.length === 0) clearField(this.tree, 'metadata');
    }
    const target = lookupOrCreate(this.tree, ['metadata', 'annotations'], 'map');
    if (target === undefined) return;
    setField(target, key, scalarNode(value, TAG.string, STYLE.single));
  }

  label(key: string, value: string): void {
    const target = lookupOrCreate(this.tree, ['metadata', 'labels'], 'map');
    if (target !== undefined) setField(target, key, scalarNode(value, TAG.string, STYLE.single));
  }

  noteList(key: string): string[] {
    return this.annotation(key)?.split(',') ?? [];
  }

  appendNote(key: string, value: string): void {
    if (value === '') return;
    const current = this.annotation(key);
    this.annotate(key, current === undefined ? value : `${current},${value}`);
  }

  isEnabled(key: string): boolean {
    return this.annotation(key) === ENABLED;
  }

  enable(key: string): void {
    const annotations = this.annotations();
    annotations.set(key, ENABLED);
    this.setAnnotations(annotations);
  }

  get behavior(): Behavior {
    const text = this.annotation(NOTE.behavior);
    return text === 'create' || text === 'replace' || text === 'merge' ? text : 'unspecified';
  }

  /** Notes the id that the object has now, before a step changes it. */
  storePreviousId(): void {
    const id = this.id;
    this.appendNote(NOTE.previousNames, id.name);
    this.appendNote(NOTE.previousNamespaces, id.clusterScoped ? '_non_namespaceable_' : id.namespace || 'default');
    this.appendNote(NOTE.previousKinds, id.kind);
  }

  #metadata(field: string): YamlNode | undefined {
    let metadata: YamlNode | undefined;
    for (const entry of this.#node?.entries ?? []) {
      if (entry.key.text === 'metadata') {
        if (!isNilOrEmpty(entry.value)) metadata = entry.value;
        break;
      }
    }
    if (metadata === undefined) return undefined;
    for (const entry of metadata.entries) if (entry.key.text === field) return entry.value;
    return undefined;
  }

  #metadataText(field: string): string {
    const value = this.#metadata(field);
    return isNilOrEmpty(value) ? '' : (value as YamlNode).text;
  }

  #setTextMap(field: string, values: ReadonlyMap<string, string>): void {
    const metadata = lookupOrCreate(this.#head(), ['metadata'], 'map');
    if (metadata === undefined) return;
    clearField(metadata, field);
    if (values.size === 0) return;
    const map = lookupOrCreate(metadata, [field], 'map');
    if (map === undefined) return;
    for (const key of [...values.keys()].sort()) setField(map, key, stringNode(values.get(key) ?? ''));
  }
}

function shallowCopy(node: YamlNode): YamlNode {
  const result = new YamlNode(node.kind, node.tag, node.text, node.style);
  result.entries = node.entries.map(({ key, value }) => ({ key, value }));
  result.items = [...node.items];
  return result;
}

function presentText(node: YamlNode | undefined): string {
  return isNilOrEmpty(node) ? '' : (node as YamlNode).text;
}

function fieldText(map: YamlNode | undefined, key: string): string | undefined {
  if (map === undefined) return undefined;
  for (const entry of map.entries) if (entry.key.text === key) return entry.value.text;
  return undefined;
}

/** Kustomize takes the items of a list for keys and values by turns, and dies of a key without a value. @throws BuildError */
function textMap(map: YamlNode | undefined, field: string): Map<string, string> {
  const result = new Map<string, string>();
  const items = map?.items ?? [];
  if (items.length % 2 !== 0) throw new BuildError('WrongKind', `metadata.${field} is a list, a map is needed`);
  for (let at = 0; at < items.length; at += 2) result.set(items[at]?.text ?? '', items[at + 1]?.text ?? '');
  for (const entry of map?.entries ?? []) result.set(entry.key.text, entry.value.text);
  return result;
}
