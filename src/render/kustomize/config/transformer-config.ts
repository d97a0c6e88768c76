import { BuildError } from '../problems.ts';
import { isSelectedBy, type Gvk } from '../resource-id.ts';
import type { FieldSpec } from './field-spec.ts';
import { compareGvk } from './gvk-order.ts';

/** Fields of some kinds that hold the name of an object of the kind `target`. */
export interface NameReference {
  readonly target: Gvk;
  readonly referrers: readonly FieldSpec[];
}

/** Where the transformers work. */
export interface TransformerConfig {
  readonly namePrefix: readonly FieldSpec[];
  readonly nameSuffix: readonly FieldSpec[];
  readonly namespace: readonly FieldSpec[];
  readonly commonLabels: readonly FieldSpec[];
  readonly labels: readonly FieldSpec[];
  readonly templateLabels: readonly FieldSpec[];
  readonly commonAnnotations: readonly FieldSpec[];
  readonly nameReference: readonly NameReference[];
  readonly varReference: readonly FieldSpec[];
  readonly images: readonly FieldSpec[];
  readonly replicas: readonly FieldSpec[];
}

export const EMPTY_CONFIG: TransformerConfig = {
  namePrefix: [],
  nameSuffix: [],
  namespace: [],
  commonLabels: [],
  labels: [],
  templateLabels: [],
  commonAnnotations: [],
  nameReference: [],
  varReference: [],
  images: [],
  replicas: [],
};

export const FIELD_LISTS = [
  'namePrefix',
  'nameSuffix',
  'namespace',
  'commonLabels',
  'labels',
  'templateLabels',
  'commonAnnotations',
  'varReference',
  'images',
  'replicas',
] as const satisfies readonly (keyof TransformerConfig)[];

/**
 * Adds specs that are not there yet. A spec is there when one with the same path applies to its kind, which must then agree on
 * `create`. @throws BuildError
 */
export function mergeFieldSpecs(base: readonly FieldSpec[], added: readonly FieldSpec[]): readonly FieldSpec[] {
  if (added.length === 0) return base;
  const result = [...base];
  const byPath = new Map<string, FieldSpec[]>();
  for (const spec of base) put(byPath, spec);
  for (const spec of added) {
    const known = byPath.get(spec.path)?.find((one) => isSelectedBy(one, spec));
    if (known === undefined) {
      result.push(spec);
      put(byPath, spec);
    } else if (known.create !== spec.create) {
      throw new BuildError('ConflictingFieldSpecs', `field specs for ${spec.path} disagree on create`);
    }
  }
  return result;
}

function put(byPath: Map<string, FieldSpec[]>, spec: FieldSpec): void {
  const list = byPath.get(spec.path);
  if (list === undefined) byPath.set(spec.path, [spec]);
  else list.push(spec);
}

function sameGvk(left: Gvk, right: Gvk): boolean {
  return left.group === right.group && left.version === right.version && left.kind === right.kind;
}

export function mergeNameReferences(
  base: readonly NameReference[],
  added: readonly NameReference[],
): readonly NameReference[] {
  let result = base;
  for (const one of added) {
    if (!result.some((known) => sameGvk(known.target, one.target))) {
      result = [...result, one];
      continue;
    }
    result = result.map((known) =>
      sameGvk(known.target, one.target)
        ? { target: known.target, referrers: mergeFieldSpecs(known.referrers, one.referrers) }
        : known,
    );
  }
  return result;
}

const MERGED = new WeakMap<TransformerConfig, WeakMap<TransformerConfig, TransformerConfig>>();

/**
 * Adds a configuration to another one; the same two give the same one again, as nearly every folder merges the default.
 * @throws BuildError when the two disagree
 */
export function mergeConfigs(base: TransformerConfig, added: TransformerConfig): TransformerConfig {
  if (added === EMPTY_CONFIG || base === added) return base;
  const known = MERGED.get(base)?.get(added);
  if (known !== undefined) return known;
  const merged = mergeLists(base, added);
  const ofBase = MERGED.get(base) ?? new WeakMap<TransformerConfig, TransformerConfig>();
  MERGED.set(base, ofBase.set(added, merged));
  return merged;
}

function mergeLists(base: TransformerConfig, added: TransformerConfig): TransformerConfig {
  const lists: Record<string, readonly FieldSpec[]> = {};
  for (const field of FIELD_LISTS) lists[field] = sortSpecs(mergeFieldSpecs(base[field], added[field]));
  const merged = {
    ...(lists as unknown as Omit<TransformerConfig, 'nameReference'>),
    nameReference: sortReferences(mergeNameReferences(base.nameReference, added.nameReference)),
  };
  return [base, added].find((one) => isSame(one, merged)) ?? merged;
}

function isSame(left: TransformerConfig, right: TransformerConfig): boolean {
  return (
    FIELD_LISTS.every((field) => areSame(left[field], right[field])) &&
    left.nameReference.length === right.nameReference.length &&
    left.nameReference.every(({ target, referrers }, index) => {
      const other = right.nameReference[index];
      return other !== undefined && sameGvk(target, other.target) && areSame(referrers, other.referrers);
    })
  );
}

function areSame(left: readonly FieldSpec[], right: readonly FieldSpec[]): boolean {
  return left.length === right.length && left.every((spec, index) => spec === right[index]);
}

function sortSpecs(specs: readonly FieldSpec[]): readonly FieldSpec[] {
  return [...specs].sort(compareGvk);
}

function sortReferences(references: readonly NameReference[]): readonly NameReference[] {
  return [...references].sort((left, right) => compareGvk(left.target, right.target));
}

export function sortConfig(config: TransformerConfig): TransformerConfig {
  return mergeConfigs(EMPTY_CONFIG, config);
}
