import { BuildError } from '../problems.ts';
import { applyFieldSpec, applyFieldSpecs, type FieldSpec } from '../config/field-spec.ts';
import { elementsOf, entrySetter, matchField } from '../nodes/fields.ts';
import { lookupOrCreate } from '../nodes/path.ts';
import { isMissingOrNull, isNilOrEmpty, TAG, textOf, type YamlNode } from '../nodes/node.ts';
import { describeId, idKey } from '../resource-id.ts';
import { NOTE, type Resource } from '../resource.ts';

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
  const holders = new Map<string, Resource[]>();
  for (const resource of resources) hold(holders, resource);
  for (const resource of resources) {
    if (resource.isEmpty || resource.annotation(NOTE.helm) === 'true') continue;
    release(holders, resource);
    resource.storePreviousId();
    setNamespace(resource.tree, resource.id.clusterScoped, settings);
    const same = hold(holders, resource);
    if (same.length > 1) {
      const others = same.filter((other) => other !== resource).map((other) => other.place.path);
      throw new BuildError(
        'DuplicateObject',
        `namespace ${settings.namespace} makes ${describeId(resource.id)} equal to the one from ${others.join(', ')}`,
        { place: resource.place },
      );
    }
  }
}

function hold(holders: Map<string, Resource[]>, resource: Resource): readonly Resource[] {
  const key = idKey(resource.id);
  const list = holders.get(key) ?? [];
  list.push(resource);
  holders.set(key, list);
  return list;
}

function release(holders: Map<string, Resource[]>, resource: Resource): void {
  const key = idKey(resource.id);
  holders.set(
    key,
    (holders.get(key) ?? []).filter((one) => one !== resource),
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
