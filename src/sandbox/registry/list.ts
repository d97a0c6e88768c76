import { own, type JsonObject } from '../../core/json.ts';
import { labelsOf, metaOf, nameOf, namespaceOf, textOf, type Stored } from '../object.ts';
import { apiVersionOf, resourceId } from '../schema/resource.ts';
import { parseFieldSelector, parseLabelSelector } from '../schema/selectors.ts';
import { badRequest, expired } from '../status.ts';
import { convertObject } from './convert.ts';
import type { RegistryState, Target } from './state.ts';

export interface ListQuery {
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly limit: number | undefined;
  readonly continueToken: string | undefined;
}

export interface Page {
  readonly items: readonly Stored[];
  readonly resourceVersion: string;
  readonly continueToken: string | undefined;
  readonly remaining: number | undefined;
}

export type ObjectFilter = (object: JsonObject) => boolean;

/** What a list or watch asks for, as a predicate on objects of the target's version. @throws ApiError 400 */
export function filterOf(target: Target, query: Pick<ListQuery, 'labelSelector' | 'fieldSelector'>): ObjectFilter {
  const byLabel = query.labelSelector === '' ? undefined : parseLabelSelector(query.labelSelector);
  const declared = selectableFields(target);
  const byField =
    query.fieldSelector === ''
      ? undefined
      : parseFieldSelector(query.fieldSelector, resourceId(target.resource.group, target.resource.plural), declared);
  return (object) =>
    (target.namespace === '' || namespaceOf(object) === target.namespace) &&
    (target.name === '' || nameOf(object) === target.name) &&
    (byLabel === undefined || byLabel(labelsOf(object))) &&
    (byField === undefined || byField(object));
}

function selectableFields(target: Target): string[] {
  const versions = own(own(target.resource.definition, 'spec'), 'versions');
  if (!Array.isArray(versions)) return [];
  const version = versions.find((entry) => textOf(entry, 'name') === target.version.version);
  const fields = own(version, 'selectableFields');
  return Array.isArray(fields) ? fields.map((field) => textOf(field, 'jsonPath').replace(/^\./, '')) : [];
}

interface Snapshot {
  readonly objects: readonly Stored[];
  readonly revision: number;
}

const KEPT_SNAPSHOTS = 32;

/** Lists in pages: later pages come from the state that the first one saw. */
export class Lister {
  readonly #state: RegistryState;
  readonly #snapshots = new Map<string, Snapshot>();
  #nextId = 1;

  constructor(state: RegistryState) {
    this.#state = state;
  }

  /** @throws ApiError 410 when the token's state is forgotten */
  list(target: Target, query: ListQuery): Page {
    const { store } = this.#state;
    if (query.continueToken !== undefined) return this.#nextPage(query.continueToken, query.limit);
    const filter = filterOf(target, query);
    const apiVersion = apiVersionOf(target.resource.group, target.version.version);
    const id = resourceId(target.resource.group, target.resource.plural);
    const objects = store
      .list(id, target.namespace === '' ? undefined : target.namespace)
      .map((object) => convertObject(object, target.resource, apiVersion))
      .filter(filter);
    const selected = query.labelSelector !== '' || query.fieldSelector !== '';
    return this.#page({ objects, revision: store.revision }, 0, query.limit, undefined, selected);
  }

  #page(snapshot: Snapshot, from: number, limit: number | undefined, id: string | undefined, selected: boolean): Page {
    const end = limit === undefined || limit <= 0 ? snapshot.objects.length : from + limit;
    const more = snapshot.objects.length - end;
    let token: string | undefined;
    if (more > 0) {
      const key = id ?? String(this.#nextId++);
      this.#snapshots.delete(key);
      this.#snapshots.set(key, snapshot);
      const [oldest] = this.#snapshots.keys();
      if (this.#snapshots.size > KEPT_SNAPSHOTS && oldest !== undefined) this.#snapshots.delete(oldest);
      token = Buffer.from(JSON.stringify({ v: 'sandbox/v1', id: key, from: end, selected })).toString('base64url');
    }
    return {
      items: snapshot.objects.slice(from, end),
      resourceVersion: String(snapshot.revision),
      continueToken: token,
      remaining: more > 0 && !selected ? more : undefined,
    };
  }

  #nextPage(token: string, limit: number | undefined): Page {
    let parsed: { readonly id?: unknown; readonly from?: unknown; readonly selected?: unknown };
    try {
      parsed = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as typeof parsed;
    } catch {
      throw badRequest('continue key is not valid: encoding/json: invalid character');
    }
    const { id, from, selected } = parsed;
    if (typeof id !== 'string' || typeof from !== 'number') throw badRequest('continue key is not valid');
    const snapshot = this.#snapshots.get(id);
    if (snapshot === undefined)
      throw expired(
        'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
      );
    return this.#page(snapshot, from, limit, id, selected === true);
  }

  /** Forgets all pages: continue tokens are answered with 410. */
  forget(): void {
    this.#snapshots.clear();
  }
}

export function resourceVersionOf(object: JsonObject): string {
  return textOf(metaOf(object), 'resourceVersion');
}
