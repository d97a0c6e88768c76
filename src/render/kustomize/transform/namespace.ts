import { BuildError } from '../problems.ts';
import { applyFieldSpec, applyFieldSpecs, type FieldSpec } from '../config/field-spec.ts';
import { elementsOf, entrySetter, matchField } from '../nodes/fields.ts';
import { lookupOrCreate } from '../nodes/path.ts';
import { isMissingOrNull, isNilOrEmpty, TAG, textOf, type YamlNode } from '../nodes/node.ts';
import { describeId, idKey } from '../resource-id.ts';
import { NOTE } from '../notes.ts';
import type { Resource } from '../resource.ts';

/** Which subjects of role bindings get the namespace: those named `default`, all service accounts, or none. */
export type SubjectMode = 'defaultOnly' | 'allServiceAccounts' | 'none';

export interface NamespaceSettings {
  readonly namespace: string;
  readonly specs: readonly FieldSpec[];
  readonly unsetOnly: boolean;
  readonly subjects: SubjectMode;
}

const METADATA_NAMESPACE: FieldSpec = {
  group: '',
  version: '',
  kind: '',
  path: 'metadata/namespace',
  create: true,
};

/** Moves objects into a namespace. @throws BuildError when two objects become the same */
export function setNamespaces(resources: readonly Resource[], settings: NamespaceSettings): void {
  if (settings.namespace === '') return;
  const counts = new Map<string, number>();
  const count = (resource: Resource, change: 1 | -1): number => {
    const key = idKey(resource.id);
    const found = (counts.get(key) ?? 0) + change;
    counts.set(key, found);
    return found;
  };
  for (const resource of resources) count(resource, 1);
  for (const resource of resources) {
    if (keepsNamespace(resource)) continue;
    count(resource, -1);
    moveTo(resource, settings);
    if (count(resource, 1) > 1) throw conflict(resource, resources, settings.namespace);
  }
}

function keepsNamespace(resource: Resource): boolean {
  return resource.isEmpty || resource.annotation(NOTE.helm) === 'true';
}

/** Moves one object; whether others are there already is not looked at. */
export function setNamespaceOf(resource: Resource, settings: NamespaceSettings): void {
  if (!keepsNamespace(resource)) moveTo(resource, settings);
}

function moveTo(resource: Resource, settings: NamespaceSettings): void {
  resource.storePreviousId();
  setNamespace(resource.tree, resource.id.clusterScoped, settings);
}

function conflict(resource: Resource, resources: readonly Resource[], namespace: string): BuildError {
  const key = idKey(resource.id);
  const others = resources.filter((other) => other !== resource && idKey(other.id) === key);
  const places = others.map((other) => other.place.path).join(', ');
  return new BuildError(
    'DuplicateObject',
    `namespace ${namespace} makes ${describeId(resource.id)} equal to the one from ${places}`,
    { place: resource.place },
  );
}

/** Sets the namespace in one object: its own, that of role subjects, and those of the field specs. */
export function setNamespace(tree: YamlNode, clusterScoped: boolean, settings: NamespaceSettings): void {
  const apiVersion = matchField(tree, 'apiVersion')?.text ?? '';
  const kind = matchField(tree, 'kind')?.text ?? '';
  let specs = settings.specs.filter(
    (spec) => spec.path !== 'metadata/namespace' && (apiVersion === 'v1' || spec.path !== 'metadata/name'),
  );
  const set = setter(settings);
  if (!clusterScoped) applyFieldSpec(METADATA_NAMESPACE, tree, { set, createKind: 'scalar' });
  if (isRoleBinding(kind)) {
    specs = specs.filter((spec) => !(isRoleBinding(spec.kind) && spec.path === 'subjects/namespace'));
    setSubjects(tree, settings, set);
  }
  applyFieldSpecs(specs, tree, { set, createKind: 'scalar', createTag: TAG.string });
}

function isRoleBinding(kind: string): boolean {
  return kind === 'RoleBinding' || kind === 'ClusterRoleBinding';
}

function setter(settings: NamespaceSettings): (node: YamlNode) => void {
  const set = entrySetter('', settings.namespace, TAG.string);
  if (!settings.unsetOnly) return set;
  return (node) => {
    if (isNilOrEmpty(node) || node.kind !== 'scalar' || textOf(node) === '') set(node);
  };
}

function setSubjects(tree: YamlNode, settings: NamespaceSettings, set: (node: YamlNode) => void): void {
  if (settings.subjects === 'none') return;
  const subjects = matchField(tree, 'subjects');
  if (isMissingOrNull(subjects)) return;
  const [field, wanted] = settings.subjects === 'defaultOnly' ? ['name', 'default'] : ['kind', 'ServiceAccount'];
  for (const subject of elementsOf(subjects)) {
    const value = matchField(subject, field ?? '');
    if (isMissingOrNull(value)) continue;
    if (value.kind !== 'scalar') throw new BuildError('WrongKind', `subjects: ${field} of a subject is not a text`);
    if (value.text !== wanted) continue;
    const namespace = lookupOrCreate(subject, ['namespace'], 'scalar');
    if (namespace !== undefined) set(namespace);
  }
}
