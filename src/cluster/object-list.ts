import { EngineError } from '../core/errors.ts';
import { isJsonObject, listAt, stringAt, type MutableJsonObject } from '../core/json.ts';
import type { KubeObject } from '../core/object-key.ts';
import { isKubeObject } from '../core/object-key.ts';
import type { ApiResource, ListOptions } from '../core/ports.ts';
import { apiError, type RequestSubject } from './api-errors.ts';
import { collectionPath, describeKind, withQuery } from './api-path.ts';
import { readJson } from '../core/json-text.ts';
import { statusFrom, type Transport } from './transport.ts';

export interface ListedObjects {
  readonly objects: readonly KubeObject[];
  /** The version of the collection that the list shows; a watch goes on from here. */
  readonly resourceVersion: string;
}

export type RequestHeaders = Readonly<Record<string, string | readonly string[]>>;

const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';
const PAGE_SIZE = 500;
/** A list whose continue token expires is begun again this often, and then asked for in one piece. */
const RESTARTS = 2;

/** All pages of a collection. @throws EngineError */
export async function listObjects(
  transport: Transport,
  resource: ApiResource,
  options: ListOptions,
  headers: RequestHeaders,
): Promise<ListedObjects> {
  const about = aboutList(resource, options);
  for (let restart = 0; ; restart++) {
    const paged = restart <= RESTARTS;
    const objects: KubeObject[] = [];
    let continueToken: string | undefined;
    let expired = false;
    for (;;) {
      const page = await readPage(
        transport,
        resource,
        options,
        headers,
        about,
        paged ? String(PAGE_SIZE) : undefined,
        continueToken,
      );
      if (page === 'expired') {
        if (!paged)
          throw new EngineError(
            'WatchExpired',
            `${about.subject} ${about.failed} (Expired): the server forgot it while it was read`,
          );
        expired = true;
        break;
      }
      for (const object of page.objects) objects.push(object);
      if (page.continueToken === '') return { objects, resourceVersion: page.resourceVersion };
      continueToken = page.continueToken;
    }
    if (!expired) throw new EngineError('WatchExpired', `${about.subject} ${about.failed} (Expired)`);
  }
}

/** The collection's present version, by a list of one object's metadata. @throws EngineError */
export async function collectionVersion(
  transport: Transport,
  resource: ApiResource,
  options: ListOptions,
  headers: RequestHeaders,
): Promise<string> {
  const page = await readPage(
    transport,
    resource,
    { ...options, metadataOnly: true },
    headers,
    aboutList(resource, options),
    '1',
    undefined,
  );
  return page === 'expired' ? '' : page.resourceVersion;
}

export function aboutList(resource: ApiResource, options: ListOptions): RequestSubject {
  const where =
    resource.namespaced && options.namespace !== undefined && options.namespace !== ''
      ? ` in ${options.namespace}`
      : '';
  return {
    subject: `the list of ${describeKind(resource)}${where}`,
    failed: 'could not be read',
    group: resource.group,
    kind: resource.kind,
    name: '',
  };
}

interface Page extends ListedObjects {
  readonly continueToken: string;
}

async function readPage(
  transport: Transport,
  resource: ApiResource,
  options: ListOptions,
  headers: RequestHeaders,
  about: RequestSubject,
  limit: string | undefined,
  continueToken: string | undefined,
): Promise<Page | 'expired'> {
  const response = await transport.send({
    method: 'GET',
    path: withQuery(collectionPath(resource, options.namespace ?? ''), {
      limit,
      continue: continueToken,
      labelSelector: options.labelSelector,
      fieldSelector: options.fieldSelector,
    }),
    accept: options.metadataOnly === true ? METADATA_LIST : 'application/json',
    headers,
    signal: options.signal,
    retry: 'idempotent',
    subject: about.subject,
    failed: about.failed,
  });
  if (response.status === 410) return 'expired';
  if (response.status !== 200) throw apiError(statusFrom(response), about);
  return parsePage(response.text, resource, options.metadataOnly === true, about);
}

function parsePage(text: string, resource: ApiResource, metadataOnly: boolean, about: RequestSubject): Page {
  let document: unknown;
  try {
    document = readJson(text);
  } catch {
    document = undefined;
  }
  const resourceVersion = stringAt(document, 'metadata', 'resourceVersion');
  if (!isJsonObject(document) || resourceVersion === undefined || !('items' in document)) {
    throw new EngineError(
      'ClusterUnreachable',
      `${about.subject} ${about.failed} (AnswerInvalid): the server did not answer with a list`,
    );
  }
  const objects = listAt(document, 'items').map((item) => asObject(item, resource, metadataOnly, about));
  return { objects, resourceVersion, continueToken: stringAt(document, 'metadata', 'continue') ?? '' };
}

/**
 * An item of a list or an event as an object of its kind: lists leave apiVersion and kind out, and metadata-only answers carry those of
 * PartialObjectMetadata. @throws EngineError ClusterUnreachable when it is no object
 */
export function asObject(
  item: unknown,
  resource: ApiResource,
  metadataOnly: boolean,
  about: RequestSubject,
): KubeObject {
  if (isJsonObject(item)) {
    const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
    if (metadataOnly) {
      const partial = { apiVersion, kind: resource.kind, metadata: item['metadata'] };
      if (isKubeObject(partial)) return partial;
    } else {
      const whole = item as MutableJsonObject;
      if (whole['kind'] === undefined) whole['kind'] = resource.kind;
      if (whole['apiVersion'] === undefined) whole['apiVersion'] = apiVersion;
      if (isKubeObject(whole)) return whole;
    }
  }
  throw new EngineError(
    'ClusterUnreachable',
    `${about.subject} ${about.failed} (AnswerInvalid): it holds something that is no object`,
  );
}
