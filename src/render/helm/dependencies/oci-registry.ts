import { EngineError } from '../../../core/errors.ts';
import { type Json, listAt, stringAt } from '../../../core/json.ts';
import { withinDepth } from '../values/json-prefix.ts';
import { digestOf, MAX_ARCHIVE_BYTES, parseDigest } from './chart-archive.ts';
import { basicAuthorization, download, type Download, type DownloadOptions, type DownloadRequest } from './download.ts';
import { shown } from './host-policy.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CHART_LAYERS = ['application/vnd.cncf.helm.chart.content.v1.tar+gzip', 'application/tar+gzip'];
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const MAX_TAG_PAGES = 100;

/** A repository of an OCI registry: `host[:port]` and the path of the chart. */
export interface OciRepository {
  readonly origin: string;
  readonly path: string;
}

/** `oci://host/path` and the chart's name → the repository of the chart. @throws EngineError SourceRefused */
export function ociRepository(repository: string, chart: string, allowedHosts: readonly string[]): OciRepository {
  const rest = repository.replace(/^oci:\/\//, '').replace(/\/+$/, '');
  const slash = rest.indexOf('/');
  const host = slash < 0 ? rest : rest.slice(0, slash);
  const path = slash < 0 ? chart : `${rest.slice(slash + 1)}/${chart}`;
  const isName = path.split('/').every((part) => /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/.test(part));
  if (!isName || !/^[a-zA-Z0-9.-]+(?::\d{1,5})?$/.test(host)) {
    throw new EngineError(
      'SourceRefused',
      `chart repository ${JSON.stringify(repository)} is refused (SourceRefused): it is no OCI reference for chart ${JSON.stringify(chart)}`,
    );
  }
  // Plain HTTP only where the allow-list says so.
  const isPlain = allowedHosts.includes(`http://${host}`);
  return { origin: `${isPlain ? 'http' : 'https'}://${host}`, path };
}

/** Version tags of a chart. A `+` of a version is written `_` in a tag. @throws EngineError Source* */
export async function listOciVersions(repository: OciRepository, options: DownloadOptions): Promise<string[]> {
  const tags: string[] = [];
  let next: URL | undefined = new URL(`${repository.origin}/v2/${repository.path}/tags/list?n=1000`);
  for (let page = 0; next !== undefined && page < MAX_TAG_PAGES; page++) {
    const answer: Download = await get(
      next,
      repository,
      { accept: 'application/json', maxBytes: MAX_MANIFEST_BYTES },
      options,
    );
    tags.push(...listAt(parseJson(answer), 'tags').filter((tag) => typeof tag === 'string'));
    const link: string | undefined = /<([^>]*)>\s*;\s*rel="?next"?/.exec(answer.headers['link'] ?? '')?.[1];
    next = link === undefined ? undefined : new URL(link, answer.url);
  }
  return tags.map((tag) => tag.replaceAll('_', '+'));
}

/** The chart archive of a version, checked against the digest that its manifest names. @throws EngineError Source* */
export async function fetchOciChart(
  repository: OciRepository,
  version: string,
  options: DownloadOptions,
): Promise<{ readonly bytes: Uint8Array; readonly digest: string; readonly origin: string }> {
  const tag = version.replaceAll('+', '_');
  const url = new URL(`${repository.origin}/v2/${repository.path}/manifests/${encodeURIComponent(tag)}`);
  const manifest = await get(url, repository, { accept: MANIFEST, maxBytes: MAX_MANIFEST_BYTES }, options);
  const promised = parseDigest(manifest.headers['docker-content-digest'] ?? '');
  if (promised !== undefined && promised !== digestOf(manifest.bytes)) {
    throw corrupt(url, 'its manifest does not have the digest that the registry names');
  }
  const layers = listAt(parseJson(manifest), 'layers').filter((layer) =>
    CHART_LAYERS.includes(stringAt(layer, 'mediaType') ?? ''),
  );
  const [layer] = layers;
  const digest = parseDigest(stringAt(layer, 'digest') ?? '');
  if (layers.length !== 1 || digest === undefined)
    throw corrupt(url, 'its manifest does not hold one chart with a sha256 digest');
  const blob = new URL(`${repository.origin}/v2/${repository.path}/blobs/${digest}`);
  const { bytes } = await get(blob, repository, { maxBytes: MAX_ARCHIVE_BYTES }, options);
  if (digestOf(bytes) !== digest) throw corrupt(blob, 'the chart does not have the digest that its manifest names');
  return { bytes, digest, origin: `oci://${new URL(repository.origin).host}/${repository.path}:${tag}` };
}

/** A GET that answers a registry's demand for a token once. */
async function get(
  url: URL,
  repository: OciRepository,
  wanted: DownloadRequest,
  options: DownloadOptions,
): Promise<Download> {
  const answer = await download(url, { ...wanted, expected: [401] }, options);
  if (answer.status !== 401) return answer;
  const challenge = parseChallenge(answer.headers['www-authenticate'] ?? '');
  if (challenge === undefined) throw denied(url);
  const authorization = `Bearer ${await fetchToken(challenge, repository, options)}`;
  const second = await download(url, { ...wanted, authorization, expected: [401] }, options);
  if (second.status === 401) throw denied(url);
  return second;
}

interface Challenge {
  readonly realm: URL;
  readonly service: string | undefined;
}

function parseChallenge(header: string): Challenge | undefined {
  if (!/^bearer /i.test(header)) return undefined;
  const value = (name: string): string | undefined =>
    [...header.matchAll(/([a-z_]+)="([^"]*)"/g)].find((match) => match[1] === name)?.[2];
  try {
    return { realm: new URL(value('realm') ?? ''), service: value('service') };
  } catch {
    return undefined;
  }
}

/** The token service gets the credentials that are configured for its own host, and no others. */
async function fetchToken(challenge: Challenge, repository: OciRepository, options: DownloadOptions): Promise<string> {
  const url = new URL(challenge.realm);
  if (challenge.service !== undefined) url.searchParams.set('service', challenge.service);
  url.searchParams.set('scope', `repository:${repository.path}:pull`);
  const credentials = options.credentials?.(url.host);
  const authorization = credentials === undefined ? undefined : basicAuthorization(credentials);
  const wanted = {
    accept: 'application/json',
    maxBytes: MAX_MANIFEST_BYTES,
    ...(authorization === undefined ? {} : { authorization }),
  };
  const json = parseJson(await download(url, wanted, options));
  const token = stringAt(json, 'token') ?? stringAt(json, 'access_token');
  if (token === undefined || !/^[\x21-\x7e]+$/.test(token)) throw denied(url);
  return token;
}

function parseJson(answer: Download): Json {
  const text = new TextDecoder().decode(answer.bytes);
  try {
    if (withinDepth(text, 64)) return JSON.parse(text) as Json;
  } catch {
    // falls through to the same error
  }
  throw corrupt(answer.url, 'it answers with something else than JSON');
}

function denied(url: URL): EngineError {
  return new EngineError(
    'SourceDenied',
    `chart registry ${shown(url)} cannot be read (SourceDenied): it wants other credentials`,
    {
      remedy: `configure credentials for host ${url.host}`,
    },
  );
}

function corrupt(url: URL, cause: string): EngineError {
  return new EngineError('SourceCorrupt', `chart registry ${shown(url)} cannot be used (SourceCorrupt): ${cause}`);
}
