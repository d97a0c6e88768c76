import { BuildError } from './problems.ts';
import { compareText, gvkSortText, kindPlaces, ORDER_FIRST, ORDER_LAST } from './config/gvk-order.ts';
import { formatGvk, type ResourceId } from './resource-id.ts';
import type { Resource } from './resource.ts';
import type { SortOptions } from './kustomization.ts';

export type Reorder = 'legacy' | 'none';

/** Sorts as `sortOptions` say, or as asked for when there are none. @throws BuildError for options that do not fit */
export function orderResources(
  resources: readonly Resource[],
  options: SortOptions | undefined,
  reorder: Reorder,
): readonly Resource[] {
  if (options === undefined) return reorder === 'legacy' ? sortLegacy(resources, ORDER_FIRST, ORDER_LAST) : resources;
  if (options.order !== 'legacy' && options.order !== 'fifo')
    throw new BuildError('InvalidField', `sortOptions.order is legacy or fifo, not ${JSON.stringify(options.order)}`);
  if (options.order === 'fifo') {
    if (options.legacySortOptions !== undefined)
      throw new BuildError('InvalidField', 'sortOptions.legacySortOptions needs order: legacy');
    return resources;
  }
  const legacy = options.legacySortOptions;
  return legacy === undefined
    ? sortLegacy(resources, ORDER_FIRST, ORDER_LAST)
    : sortLegacy(resources, legacy.orderFirst, legacy.orderLast);
}

function sortLegacy(resources: readonly Resource[], first: readonly string[], last: readonly string[]): Resource[] {
  const places = kindPlaces(first, last);
  const rows = resources.map((resource) => {
    const id = resource.id;
    return { resource, id, place: places.get(id.kind) ?? 0, kind: gvkSortText(id), text: idSortText(id) };
  });
  rows.sort((left, right) => {
    if (left.kind === right.kind) return compareText(left.text, right.text);
    if (left.place !== right.place) return left.place - right.place;
    const kinds = compareText(left.kind, right.kind);
    const backward =
      left.id.kind === 'Namespace' && right.id.kind === 'Namespace' && (left.id.group === '' || right.id.group === '');
    return backward ? -kinds : kinds;
  });
  return rows.map((row) => row.resource);
}

function idSortText(id: ResourceId): string {
  return `${formatGvk(id)}|${id.namespace || '~X'}|${id.name || '~N'}`;
}
