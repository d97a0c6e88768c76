import { fieldNames, fieldOf, requireKind, setField } from '../nodes/fields.ts';
import { isMissingOrNull, isNull, textOf, type NodeKind, TAG, YamlNode } from '../nodes/node.ts';
import { compareText } from '../config/gvk-order.ts';
import { mergeAssociativeList } from './associative-list.ts';
import { takeDirective } from './directive.ts';
import type { MergeSchema, SchemaBook } from './schema.ts';

/**
 * Lays a strategic merge patch over an object, changing the object in place (and using the patch up). Answers undefined when the
 * patch deletes it. Lists merge where the schema says so, are replaced elsewhere. @throws BuildError
 */
export function mergePatch(target: YamlNode, patch: YamlNode, schemas: SchemaBook): YamlNode | undefined {
  return new Merge(schemas).pair(target, patch, undefined);
}

class Merge {
  readonly #schemas: SchemaBook;

  constructor(schemas: SchemaBook) {
    this.#schemas = schemas;
  }

  readonly pair = (
    target: YamlNode | undefined,
    patch: YamlNode | undefined,
    known: MergeSchema | undefined,
  ): YamlNode | undefined => {
    const schema = known ?? this.#schemaOf(target) ?? this.#schemaOf(patch);
    switch (kindOf(target, patch)) {
      case 'scalar':
        requireBoth(target, patch, 'scalar');
        return patch ?? target;
      case 'list':
        requireBoth(target, patch, 'list');
        return schema?.keys === undefined ? (patch ?? target) : this.#list(target, patch, schema);
      case 'map':
        requireBoth(target, patch, 'map');
        return this.#map(target, patch, schema);
      case 'none':
        return this.#map(target, patch, schema);
    }
  };

  #map(
    target: YamlNode | undefined,
    patch: YamlNode | undefined,
    schema: MergeSchema | undefined,
  ): YamlNode | undefined {
    const result = chooseMap(target, patch);
    if (result === undefined) return undefined;
    const names = new Set([...fieldNames(result), ...(patch === undefined ? [] : fieldNames(patch))]);
    for (const name of [...names].sort(compareText)) {
      const own = fieldOf(result, name);
      const patched = fieldOf(patch, name);
      const value = this.pair(own, patched, schema?.field(name));
      if (value === undefined && own === undefined) continue;
      setField(result, name, value, value === undefined ? 0 : keyStyle(value === patched ? patch : result, name));
    }
    return result;
  }

  #list(target: YamlNode | undefined, patch: YamlNode | undefined, schema: MergeSchema): YamlNode | undefined {
    if (isMissingOrNull(target)) {
      if (patch === undefined) return undefined;
      return mergeAssociativeList(patch, patch, schema, this.pair);
    }
    if (isNull(patch)) return undefined;
    const directive = takeDirective(patch);
    if (directive === 'delete') return undefined;
    const base = directive === 'replace' ? patch : target;
    return base === undefined ? undefined : mergeAssociativeList(base, patch, schema, this.pair);
  }

  #schemaOf(node: YamlNode | undefined): MergeSchema | undefined {
    if (isMissingOrNull(node)) return undefined;
    const kind = textOf(fieldOf(node, 'kind'));
    const apiVersion = textOf(fieldOf(node, 'apiVersion'));
    return kind === '' || apiVersion === '' ? undefined : this.#schemas.forKind(apiVersion, kind);
  }
}

function kindOf(target: YamlNode | undefined, patch: YamlNode | undefined): NodeKind {
  if (!isMissingOrNull(target)) return (target as YamlNode).kind;
  if (!isMissingOrNull(patch)) return (patch as YamlNode).kind;
  return 'none';
}

function requireBoth(target: YamlNode | undefined, patch: YamlNode | undefined, kind: NodeKind): void {
  requireKind(target, kind);
  requireKind(patch, kind);
}

/** Which of the two maps goes on; undefined when the field goes away. */
function chooseMap(target: YamlNode | undefined, patch: YamlNode | undefined): YamlNode | undefined {
  if (target === undefined || isNull(target)) {
    if (
      patch !== undefined &&
      (patch.kind === 'map' || patch.kind === 'list') &&
      takeDirectiveQuietly(patch) === 'delete'
    )
      return undefined;
    // A null that the object itself spells out stays; one that is only a missing value goes.
    if (patch === undefined && target !== undefined && target.text !== '') return keptNull(target.text);
    return patch;
  }
  if (isNull(patch)) return undefined;
  const directive = takeDirective(patch);
  if (directive === 'delete') return undefined;
  return directive === 'replace' ? patch : target;
}

function takeDirectiveQuietly(patch: YamlNode): string {
  try {
    return takeDirective(patch);
  } catch {
    return 'merge';
  }
}

function keptNull(text: string): YamlNode {
  const node = new YamlNode('scalar', TAG.null, text);
  node.keep = true;
  return node;
}

function keyStyle(map: YamlNode | undefined, name: string): number {
  for (const entry of map?.entries ?? []) if (entry.key.text === name) return entry.key.style;
  return 0;
}
