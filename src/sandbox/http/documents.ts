import type { Catalog } from '../schema/catalog.ts';
import { pathNotFound } from '../status.ts';
import { json, type Answer } from './answer.ts';
import { aggregatedDiscovery, groupDocument, groupList, legacyVersions, resourceList } from './discovery.ts';
import { negotiate } from './negotiate.ts';
import { OpenApiDocuments } from './openapi.ts';
import type { ApiRequest } from './request.ts';

const KUBERNETES_VERSION = '1.36.3';

/** Answers what describes the server itself. */
export class Documents {
  readonly #catalog: Catalog;
  readonly #openApi: OpenApiDocuments;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
    this.#openApi = new OpenApiDocuments(catalog);
  }

  /** The version, health and OpenAPI; undefined for any other path. @throws ApiError 404 */
  fixedPath(request: ApiRequest): Answer | undefined {
    const { path, segments } = request;
    if (path === '/version' || path === '/version/')
      return json({
        major: '1',
        minor: '36',
        gitVersion: `v${KUBERNETES_VERSION}`,
        gitCommit: '',
        gitTreeState: 'clean',
        buildDate: '1970-01-01T00:00:00Z',
        goVersion: '',
        compiler: '',
        platform: 'evenkeel/sandbox',
      });
    if (['/healthz', '/livez', '/readyz'].includes(path))
      return { code: 200, contentType: 'text/plain; charset=utf-8', body: 'ok' };
    if (path === '/openapi/v3' || path === '/openapi/v3/') return json(this.#openApi.index(request.prefix));
    if (segments[0] === 'openapi' && segments[1] === 'v3') {
      const [kind, first = '', second = ''] = segments.slice(2);
      const text =
        kind === 'api'
          ? this.#openApi.document('', first)
          : kind === 'apis'
            ? this.#openApi.document(first, second)
            : undefined;
      if (text === undefined) throw pathNotFound();
      return json(text);
    }
    if (segments[0] === 'openapi') throw pathNotFound();
    return undefined;
  }

  /** `/api`, `/apis` and what is served below them. @throws ApiError 404 */
  discovery(request: ApiRequest): Answer {
    const catalog = this.#catalog;
    const [root, second, third] = request.segments;
    const form = negotiate(request.accept);
    if (second === undefined) {
      if (form?.form === 'discovery')
        return { code: 200, contentType: form.contentType, body: aggregatedDiscovery(catalog, root === 'api') };
      return json(root === 'api' ? legacyVersions() : groupList(catalog));
    }
    const body =
      root === 'api'
        ? resourceList(catalog, '', second)
        : third === undefined
          ? groupDocument(catalog, second)
          : resourceList(catalog, second, third);
    if (body === undefined) throw pathNotFound();
    return json(body);
  }
}
