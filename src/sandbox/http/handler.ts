import { isJsonObject, own, type Json, type JsonObject, type MutableJsonObject } from '../../core/json.ts';
import { metaOf, nameOf, textOf, withField } from '../object.ts';
import { applyObject } from '../registry/apply.ts';
import { denialText, type Authorizer } from '../registry/authorize.ts';
import { evictPod, bindPod } from '../registry/pods.ts';
import type { RequestContext } from '../registry/context.ts';
import { filterOf, Lister, type ListQuery } from '../registry/list.ts';
import { patchObject, patched, type PatchKind } from '../registry/patch.ts';
import { deleteObject } from '../registry/remove.ts';
import { getScale, updateScale } from '../registry/scale.ts';
import type { RegistryState, Target, WriteResult } from '../registry/state.ts';
import { createObject, getObject, updateObject } from '../registry/write.ts';
import { apiVersionOf, type Resource } from '../schema/resource.ts';
import { ApiError, badRequest, forbidden, methodNotAllowed, notImplemented, pathNotFound } from '../status.ts';
import { json, JSON_TYPE, type Answer } from './answer.ts';
import { subresourceState } from './discovery.ts';
import { Documents } from './documents.ts';
import { negotiate, type Negotiated } from './negotiate.ts';
import { contextOf, deleteRequestOf, isDryRunDelete, parseBody, type ApiRequest } from './request.ts';
import { answerReview } from './reviews.ts';
import { routeOf } from './route.ts';
import { partialOf, tableOf, type IncludeObject } from './table.ts';
import { Watches } from './watch.ts';

const DEFAULT_WATCH_MS = 45 * 60_000;

export interface HandlerOptions {
  readonly state: RegistryState;
  readonly authorize: Authorizer;
  readonly token: string;
}

/** Answers API requests from the registry. */
export class Handler {
  readonly watches = new Watches();
  readonly lister: Lister;
  readonly #options: HandlerOptions;
  readonly #documents: Documents;

  constructor(options: HandlerOptions) {
    this.#options = options;
    this.lister = new Lister(options.state);
    this.#documents = new Documents(options.state.catalog);
  }

  /** @throws ApiError */
  async answer(request: ApiRequest, body: Buffer, dropAfterEvents: number | undefined): Promise<Answer> {
    const fixed = this.#documents.fixedPath(request);
    if (fixed !== undefined) return fixed;
    const [root, second] = request.segments;
    if (root !== 'api' && root !== 'apis') throw pathNotFound();
    if (request.segments.length <= (root === 'api' ? 2 : 3)) return this.#documents.discovery(request);
    if (second === 'watch' || request.segments[root === 'api' ? 2 : 3] === 'watch')
      throw notImplemented('the deprecated /watch paths; use ?watch=true');
    const target = routeOf(request.segments, this.#options.state.catalog);
    if (target === undefined) throw pathNotFound();
    this.#authorize(request, target);
    const answer = await this.#answerFor(request, target, body, dropAfterEvents);
    const deprecation = DEPRECATED.get(`${target.resource.group}/${target.resource.plural}`);
    if (deprecation === undefined || 'watch' in answer) return answer;
    return { ...answer, warnings: [...(answer.warnings ?? []), deprecation] };
  }

  async #answerFor(
    request: ApiRequest,
    target: Target,
    body: Buffer,
    dropAfterEvents: number | undefined,
  ): Promise<Answer> {
    if (request.method === 'GET' || request.method === 'HEAD') return this.#read(request, target, dropAfterEvents);
    return this.#write(request, target, await parseBody(body, request.contentType));
  }

  #authorize(request: ApiRequest, target: Target): void {
    const { resource, namespace, name, subresource } = target;
    const watching = request.query.get('watch') === 'true' || request.query.get('watch') === '1';
    const verbs: Readonly<Record<string, string>> = {
      GET: name !== '' ? 'get' : watching ? 'watch' : 'list',
      HEAD: 'get',
      POST: 'create',
      PUT: 'update',
      PATCH: 'patch',
      DELETE: name === '' ? 'deletecollection' : 'delete',
    };
    const access = {
      user: request.user,
      verb: verbs[request.method] ?? request.method.toLowerCase(),
      group: resource.group,
      resource: resource.plural,
      subresource,
      namespace,
      name,
      path: '',
    };
    const decision = this.#options.authorize(access);
    if (!decision.allowed) throw forbidden(resource, name, decision.reason ?? denialText(access));
  }

  #read(request: ApiRequest, target: Target, dropAfterEvents: number | undefined): Answer {
    const { state } = this.#options;
    const { resource } = target;
    const form = negotiate(request.accept);
    if (form === undefined)
      throw new ApiError(
        406,
        'NotAcceptable',
        'only the following media types are accepted: application/json, application/json;as=Table;g=meta.k8s.io;v=v1',
      );
    if (target.name !== '') {
      if (target.subresource === 'scale') return json(getScale(state, target));
      if (target.subresource !== '') this.#checkSubresource(target);
      if (!resource.verbs.includes('get')) throw methodNotAllowed('GET');
      return this.#shaped(getObject(state, target), target, form, request, 200, []);
    }
    if (!resource.verbs.includes('list')) throw methodNotAllowed('GET');
    const query: ListQuery = {
      labelSelector: request.query.get('labelSelector') ?? '',
      fieldSelector: request.query.get('fieldSelector') ?? '',
      limit: numberOf(request.query.get('limit')),
      continueToken: request.query.get('continue') || undefined,
    };
    const watching = request.query.get('watch') === 'true' || request.query.get('watch') === '1';
    if (watching) return this.#watch(request, target, query, form, dropAfterEvents);
    const page = this.lister.list(target, query);
    const meta: MutableJsonObject = { resourceVersion: page.resourceVersion };
    if (resource.definition !== undefined) meta['continue'] = '';
    if (page.continueToken !== undefined) meta['continue'] = page.continueToken;
    if (page.remaining !== undefined) meta['remainingItemCount'] = page.remaining;
    const apiVersion = apiVersionOf(resource.group, target.version.version);
    if (form.form === 'table')
      return json(tableOf(page.items, resource, target.version, includeOf(request), state.clock.now(), meta));
    if (form.form === 'metadataList' || form.form === 'metadata')
      return json({
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        metadata: meta,
        items: page.items.map(partialOf),
      });
    return json(listText(resource, apiVersion, meta, page.items));
  }

  #watch(
    request: ApiRequest,
    target: Target,
    query: ListQuery,
    form: Negotiated,
    dropAfterEvents: number | undefined,
  ): Answer {
    const { state } = this.#options;
    if (!target.resource.verbs.includes('watch')) throw methodNotAllowed('GET');
    const filter = filterOf(target, query);
    const seconds = numberOf(request.query.get('timeoutSeconds'));
    const resourceVersion = request.query.get('resourceVersion') ?? '';
    if (!/^\d*$/.test(resourceVersion)) throw badRequest(`invalid resource version ${JSON.stringify(resourceVersion)}`);
    return {
      watch: (response) =>
        this.watches.serve(
          response,
          {
            target,
            filter,
            resourceVersion,
            bookmarks:
              request.query.get('allowWatchBookmarks') === 'true' || request.query.get('allowWatchBookmarks') === '1',
            sendInitialEvents:
              request.query.get('sendInitialEvents') === 'true' || request.query.get('sendInitialEvents') === '1',
            timeoutMs: seconds === undefined || seconds === 0 ? DEFAULT_WATCH_MS : seconds * 1000,
            shape: (object) => this.#shape(object, target, form, request),
            dropAfterEvents,
            contentType: JSON_TYPE,
          },
          state,
        ),
    };
  }

  #shape(object: JsonObject, target: Target, form: Negotiated, request: ApiRequest): JsonObject {
    switch (form.form) {
      case 'table':
        return tableOf([object], target.resource, target.version, includeOf(request), this.#options.state.clock.now(), {
          resourceVersion: textOf(metaOf(object), 'resourceVersion'),
        });
      case 'metadata':
      case 'metadataList':
        return partialOf(object);
      default:
        return object;
    }
  }

  #shaped(
    object: JsonObject,
    target: Target,
    form: Negotiated,
    request: ApiRequest,
    code: number,
    warnings: readonly string[],
  ): Answer {
    if (textOf(object, 'kind') === 'Status' && target.resource.kind !== 'Status') return json(object, code, warnings);
    return json(this.#shape(object, target, form, request), code, warnings);
  }

  #checkSubresource(target: Target): void {
    const found = subresourceState(target.resource, target.version.version, target.subresource);
    if (found === 'unknown') throw pathNotFound();
    if (found === 'not-simulated')
      throw notImplemented(
        `${target.resource.plural}/${target.subresource}: its containers are simulated, nothing runs in them`,
      );
  }

  #write(request: ApiRequest, target: Target, body: Json | undefined): Answer {
    const { state, authorize, token } = this.#options;
    const form = negotiate(request.accept) ?? { form: 'object', contentType: JSON_TYPE };
    const isApply = request.method === 'PATCH' && request.contentType === 'application/apply-patch+yaml';
    const context = contextOf(request, isApply);
    if (target.subresource !== '' && target.subresource !== 'scale') this.#checkSubresource(target);
    const done = (result: WriteResult): Answer =>
      this.#shaped(result.object, target, form, request, result.created ? 201 : 200, context.warnings);
    switch (request.method) {
      case 'POST': {
        if (target.name !== '' && target.subresource !== '')
          return json(this.#postSubresource(target, body, context), 201);
        if (target.name !== '') throw methodNotAllowed('POST');
        const review = answerReview(target.resource.kind, body, request.user, token, authorize);
        if (review !== undefined) return json(review, 201);
        if (!target.resource.verbs.includes('get')) throw notImplemented(`creating ${target.resource.kind}`);
        if (target.resource.namespaced && target.namespace === '') throw methodNotAllowed('POST');
        return done(createObject(state, target, body, context));
      }
      case 'PUT':
        if (target.name === '') throw methodNotAllowed('PUT');
        if (target.subresource === 'scale') return done(updateScale(state, target, context, () => body ?? null));
        return done(updateObject(state, target, context, () => body ?? null));
      case 'PATCH':
        if (target.name === '') throw methodNotAllowed('PATCH');
        return done(this.#patch(request, target, body, context, isApply));
      case 'DELETE':
        return this.#delete(request, target, body, context, form);
      default:
        throw methodNotAllowed(request.method);
    }
  }

  #patch(
    request: ApiRequest,
    target: Target,
    body: Json | undefined,
    context: RequestContext,
    isApply: boolean,
  ): WriteResult {
    const { state } = this.#options;
    if (isApply) {
      const force = request.query.get('force') === 'true' || request.query.get('force') === '1';
      if (target.subresource === 'scale') throw notImplemented('server-side apply on /scale; patch it');
      return applyObject(state, target, body, force, context);
    }
    const kind = PATCH_KINDS[request.contentType];
    if (kind === undefined) throw new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
    if (body === undefined) throw badRequest('error decoding patch: unexpected end of JSON input');
    if (target.subresource === 'scale')
      return updateScale(state, target, context, (scale) =>
        patched(scale, kind === 'strategic' ? 'merge' : kind, body, target),
      );
    return patchObject(state, target, kind, body, context);
  }

  #delete(
    request: ApiRequest,
    target: Target,
    body: Json | undefined,
    context: RequestContext,
    form: Negotiated,
  ): Answer {
    const { state } = this.#options;
    if (target.subresource !== '') throw methodNotAllowed('DELETE');
    const options = deleteRequestOf(request, body);
    const all: RequestContext = isDryRunDelete(body) ? { ...context, dryRun: true } : context;
    if (target.name !== '')
      return this.#shaped(deleteObject(state, target, options, all), target, form, request, 200, context.warnings);
    if (!target.resource.verbs.includes('deletecollection')) throw methodNotAllowed('DELETE');
    const query: ListQuery = {
      labelSelector: request.query.get('labelSelector') ?? '',
      fieldSelector: request.query.get('fieldSelector') ?? '',
      limit: undefined,
      continueToken: undefined,
    };
    const page = this.lister.list(target, query);
    for (const object of page.items)
      deleteObject(
        state,
        { ...target, namespace: textOf(metaOf(object), 'namespace'), name: nameOf(object) },
        options,
        all,
      );
    return json(
      listText(
        target.resource,
        apiVersionOf(target.resource.group, target.version.version),
        { resourceVersion: page.resourceVersion },
        page.items,
      ),
    );
  }

  #postSubresource(target: Target, body: Json | undefined, context: RequestContext): JsonObject {
    const { state } = this.#options;
    if (target.resource.group === '' && target.resource.kind === 'Pod') {
      if (target.subresource === 'eviction')
        return evictPod(state, target, isJsonObject(body) ? own(body, 'deleteOptions') : undefined, context);
      if (target.subresource === 'binding') return bindPod(state, target, textOf(own(body, 'target'), 'name'), context);
    }
    throw methodNotAllowed('POST');
  }
}

const DEPRECATED: ReadonlyMap<string, string> = new Map([
  ['/endpoints', 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'],
]);

const PATCH_KINDS: Readonly<Partial<Record<string, PatchKind>>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
};

function numberOf(text: string | null): number | undefined {
  if (text === null || !/^\d+$/.test(text)) return undefined;
  return Number(text);
}

function includeOf(request: ApiRequest): IncludeObject {
  const value = request.query.get('includeObject');
  return value === 'None' || value === 'Object' ? value : 'Metadata';
}

const texts = new WeakMap<object, string>();

/**
 * The JSON of a list; the text of an object is kept as long as the object is. Items of built-in kinds come without kind and apiVersion, as
 * Go's lists have them.
 */
function listText(
  resource: Resource,
  apiVersion: string,
  metadata: MutableJsonObject,
  objects: readonly JsonObject[],
): string {
  const parts = objects.map((object) => {
    const known = texts.get(object);
    if (known !== undefined) return known;
    const item =
      resource.definition === undefined
        ? withField(withField(object, 'kind', undefined), 'apiVersion', undefined)
        : object;
    const text = JSON.stringify(item);
    texts.set(object, text);
    return text;
  });
  return `{"kind":${JSON.stringify(resource.listKind)},"apiVersion":${JSON.stringify(apiVersion)},"metadata":${JSON.stringify(metadata)},"items":[${parts.join(',')}]}`;
}
