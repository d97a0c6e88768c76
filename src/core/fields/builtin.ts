import type { GroupVersionKind } from '../object-key.ts';
import { builtinEntry, type ScalarCode, type TypeEntry, type TypeExpression } from './builtin-table.ts';
import { RAW, UNTYPED, type MapType, type ScalarType, type SchemaField, type SchemaType } from './schema.ts';

/** The packages of the built-in types and their API groups. */
const GROUPS: ReadonlyMap<string, string> = new Map([
  ['core', ''],
  ['admissionregistration', 'admissionregistration.k8s.io'],
  ['apiextensions', 'apiextensions.k8s.io'],
  ['apiregistration', 'apiregistration.k8s.io'],
  ['apps', 'apps'],
  ['authentication', 'authentication.k8s.io'],
  ['authorization', 'authorization.k8s.io'],
  ['autoscaling', 'autoscaling'],
  ['batch', 'batch'],
  ['certificates', 'certificates.k8s.io'],
  ['coordination', 'coordination.k8s.io'],
  ['discovery', 'discovery.k8s.io'],
  ['events', 'events.k8s.io'],
  ['flowcontrol', 'flowcontrol.apiserver.k8s.io'],
  ['networking', 'networking.k8s.io'],
  ['node', 'node.k8s.io'],
  ['policy', 'policy'],
  ['rbac', 'rbac.authorization.k8s.io'],
  ['resource', 'resource.k8s.io'],
  ['scheduling', 'scheduling.k8s.io'],
  ['storage', 'storage.k8s.io'],
]);
const PACKAGES: ReadonlyMap<string, string> = new Map([...GROUPS].map(([name, group]) => [group, name]));

const SCALARS: Readonly<Record<Exclude<ScalarCode, 'u' | 'w'>, ScalarType>> = {
  s: 'string',
  y: 'bytes',
  t: 'time',
  m: 'time',
  i: 'number',
  l: 'number',
  d: 'number',
  b: 'boolean',
  q: 'quantity',
  x: 'intOrString',
};

const types = new Map<string, SchemaType>();

/** The name of a built-in kind's type, `apps.v1.Deployment`; undefined for a group that is not built in. */
export function builtinTypeName(kind: GroupVersionKind): string | undefined {
  const name = PACKAGES.get(kind.group);
  return name === undefined ? undefined : `${name}.${kind.version}.${kind.kind}`;
}

/**
 * The type of a built-in kind, for when there is no cluster to ask. An older version of a kind (`policy/v1beta1`) is merged by the
 * newest that the table has; undefined for kinds that it does not have.
 */
export function builtinTypeOf(kind: GroupVersionKind): SchemaType | undefined {
  const name = builtinTypeName(kind);
  if (name === undefined) return undefined;
  if (builtinEntry(name) !== undefined) return builtinType(name);
  for (const version of ['v2', 'v1']) {
    const other = builtinTypeName({ ...kind, version });
    if (other !== undefined && builtinEntry(other) !== undefined) return builtinType(other);
  }
  return undefined;
}

/** A built-in type by its name in the table; untyped for a name that it does not have. */
export function builtinType(name: string): SchemaType {
  const found = types.get(name);
  if (found !== undefined) return found;
  const entry = builtinEntry(name);
  const type = entry === undefined ? UNTYPED : typeOfEntry(entry);
  types.set(name, type);
  return type;
}

function typeOfEntry(entry: TypeEntry): MapType {
  let fields: ReadonlyMap<string, SchemaField> | undefined;
  return {
    kind: 'map',
    atomic: entry.atomic,
    fields: () => (fields ??= fieldsOf(entry)),
    additional: entry.free ? () => UNTYPED : undefined,
    preserveUnknown: false,
    embeddedResource: false,
  };
}

function fieldsOf(entry: TypeEntry): ReadonlyMap<string, SchemaField> {
  const fields = new Map<string, SchemaField>();
  for (const field of entry.fields) {
    let type: SchemaType | undefined;
    fields.set(field.name, {
      type: () => {
        if (type === undefined) {
          const plain = typeOfExpression(field.type);
          type = field.retainKeys && plain.kind === 'map' ? { ...plain, retainKeys: true } : plain;
        }
        return type;
      },
      default: field.default,
    });
  }
  return fields;
}

function typeOfExpression(expression: TypeExpression): SchemaType {
  switch (expression.kind) {
    case 'scalar':
      if (expression.code === 'u') return UNTYPED;
      return expression.code === 'w' ? RAW : { kind: 'scalar', scalar: SCALARS[expression.code] };
    case 'reference': {
      const type = builtinType(expression.name);
      return expression.atomic !== undefined && type.kind === 'map' ? { ...type, atomic: expression.atomic } : type;
    }
    case 'map': {
      let items: SchemaType | undefined;
      return {
        kind: 'map',
        atomic: expression.atomic,
        fields: () => new Map(),
        additional: () => (items ??= typeOfExpression(expression.items)),
        preserveUnknown: false,
        embeddedResource: false,
      };
    }
    case 'list': {
      let items: SchemaType | undefined;
      return {
        kind: 'list',
        listType: expression.listType,
        keys: expression.keys,
        items: () => (items ??= typeOfExpression(expression.items)),
        ...(expression.patchMergeKey === undefined ? {} : { patchMergeKey: expression.patchMergeKey }),
      };
    }
  }
}
