import type { JsonObject, MutableJsonObject } from '../../core/json.ts';
import type { Clock } from '../clock.ts';
import type { Stored } from '../object.ts';
import type { Catalog } from '../schema/catalog.ts';
import type { Resource, ServedVersion } from '../schema/resource.ts';
import type { Store } from '../store/store.ts';
import type { ServiceAllocator } from './allocate.ts';
import type { RequestContext } from './context.ts';

/** What a path names. */
export interface Target {
  readonly resource: Resource;
  readonly version: ServedVersion;
  /** '' for cluster-scoped objects and for lists over all namespaces. */
  readonly namespace: string;
  readonly name: string;
  /** '' for the object itself. */
  readonly subresource: string;
}

export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly target: Target;
  /** The object to be; a mutating plugin changes it. Undefined on DELETE. */
  readonly object: MutableJsonObject | undefined;
  readonly before: Stored | undefined;
  readonly context: RequestContext;
}

/** Looks at (and may change) a write before it is validated. @throws ApiError to refuse it */
export type Admission = (request: AdmissionRequest, state: RegistryState) => void;

/** What all requests share. */
export interface RegistryState {
  readonly store: Store;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly services: ServiceAllocator;
  readonly admission: readonly Admission[];
  /** A fresh uid. */
  readonly newUid: () => string;
  /** Random text for generated names. */
  readonly newSuffix: () => string;
}

export interface WriteResult {
  readonly object: JsonObject;
  readonly created: boolean;
}
