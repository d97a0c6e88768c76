import { BuildError } from '../problems.ts';
import { requireKind, setScalar } from '../nodes/fields.ts';
import { lookupOrCreate } from '../nodes/path.ts';
import { scalarNode } from '../nodes/node.ts';
import type { Resource } from '../resource.ts';
import { selectResources, type Selector } from '../select/target.ts';
import { setNamespace } from './namespace.ts';

export interface ValueAddTarget {
  readonly selector: Selector | undefined;
  readonly fieldPath: string;
  readonly filePathPosition: number;
}

/** Writes a value into fields of objects, or between the parts of a file path that stands there. @throws BuildError */
export function addValues(resources: readonly Resource[], value: string, targets: readonly ValueAddTarget[]): void {
  for (const target of targets) {
    if (target.fieldPath === '') throw new BuildError('MissingField', 'ValueAddTransformer: a target has no fieldPath');
    if (target.filePathPosition < 0)
      throw new BuildError('InvalidField', 'ValueAddTransformer: filePathPosition is negative');
  }
  for (const target of targets) {
    const selected =
      target.selector === undefined ? resources : selectResources(resources, target.selector, 'selector');
    for (const resource of selected) addTo(resource, value, target);
  }
}

function addTo(resource: Resource, value: string, target: ValueAddTarget): void {
  if (target.fieldPath === 'metadata/namespace') {
    setNamespace(resource.tree, resource.id.clusterScoped, {
      namespace: value,
      specs: [],
      unsetOnly: false,
      subjects: 'defaultOnly',
    });
    return;
  }
  const path: string[] = [];
  for (const part of target.fieldPath.split('/')) {
    const last = path.at(-1);
    if (last?.endsWith('\\') === true) path[path.length - 1] = `${last.slice(0, -1)}/${part}`;
    else path.push(part);
  }
  const node = lookupOrCreate(resource.tree, path, 'scalar');
  if (node === undefined) {
    if (target.filePathPosition > 0)
      throw new BuildError('MissingField', `ValueAddTransformer: ${target.fieldPath} leads through a null`);
    return;
  }
  requireKind(node, 'scalar');
  const text = target.filePathPosition > 0 ? insertPart(node.text, target.filePathPosition - 1, value) : value;
  if (text !== '') setScalar(node, scalarNode(text));
}

/** Inserts a name into a file path; a position behind the end appends it, an absolute path stays absolute. */
function insertPart(path: string, position: number, name: string): string {
  if (path === '') return name;
  const absolute = path.startsWith('/');
  const parts = path.split('/').filter((part) => part !== '');
  parts.splice(Math.min(position, parts.length), 0, name);
  return `${absolute ? '/' : ''}${parts.join('/')}`;
}
