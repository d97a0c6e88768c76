import { EngineError } from '../../../core/errors.ts';
import { isJsonObject, type Json, listAt, own, stringAt } from '../../../core/json.ts';
import { loadYaml } from '../../yaml/load.ts';
import { compareVersions, isVersion, satisfies } from '../load/versions.ts';
import { MAX_ARCHIVE_BYTES, parseDigest } from './chart-archive.ts';
import { download, type DownloadOptions } from './download.ts';
import { shown } from './host-policy.ts';

/** Largest index.yaml that is read. */
const MAX_INDEX_BYTES = 64 * 1024 * 1024;

/** One version of a chart, as an index names it. */
export interface IndexEntry {
  readonly version: string;
  readonly url: string;
  readonly digest: string | undefined;
}

/** The versions of a chart in a repository, newest first. @throws EngineError Source* */
export async function readIndex(repository: URL, chart: string, options: DownloadOptions): Promise<IndexEntry[]> {
  const url = new URL(repository.href.replace(/\/*$/, '/'));
  url.pathname += 'index.yaml';
  const { bytes } = await download(url, { maxBytes: MAX_INDEX_BYTES }, options);
  const { documents, problems } = loadYaml(new TextDecoder().decode(bytes), 'helm', {
    depth: 64,
    aliasNodes: 100_000,
    bytes: MAX_INDEX_BYTES,
    documents: 1,
  });
  const [problem] = problems;
  if (problem !== undefined) throw corrupt(url, `${problem.message} (line ${problem.line})`);
  const entries = own(own(documents[0]?.value, 'entries'), chart);
  if (!Array.isArray(entries)) {
    throw new EngineError(
      'SourceRefNotFound',
      `chart ${chart} not found in repository ${shown(repository)} (SourceRefNotFound): its index does not name it`,
    );
  }
  return readEntries(entries, url, chart);
}

function readEntries(entries: readonly Json[], url: URL, chart: string): IndexEntry[] {
  const found = new Map<string, IndexEntry>();
  for (const json of entries) {
    const version = stringAt(json, 'version');
    const link = listAt(json, 'urls')[0];
    if (!isJsonObject(json) || version === undefined || !isVersion(version) || typeof link !== 'string') continue;
    const name = stringAt(json, 'name');
    if (name !== undefined && name !== chart) throw corrupt(url, `an entry of chart ${chart} names chart ${name}`);
    const digest = parseDigest(stringAt(json, 'digest') ?? '');
    const twin = found.get(version);
    if (twin !== undefined && twin.digest !== digest) {
      throw corrupt(url, `chart ${chart} ${version} stands in it twice, with different digests`);
    }
    if (twin === undefined) found.set(version, { version, url: link, digest });
  }
  return [...found.values()].sort((left, right) => compareVersions(right.version, left.version));
}

/** The newest entry that a range allows. @throws EngineError SourceRefNotFound */
export function chooseEntry(
  entries: readonly IndexEntry[],
  range: string,
  chart: string,
  repository: string,
): IndexEntry {
  const entry = entries.find((candidate) => satisfies(candidate.version, range === '' ? '*' : range));
  if (entry !== undefined) return entry;
  throw new EngineError(
    'SourceRefNotFound',
    `no version of chart ${chart} matches ${JSON.stringify(range)} (SourceRefNotFound): ${repository} has ${entries.length} versions`,
    {
      remedy: 'change the version in Chart.yaml to a range that the repository has',
    },
  );
}

/** The archive that an entry points to. @throws EngineError Source* */
export async function fetchEntry(
  entry: IndexEntry,
  repository: URL,
  options: DownloadOptions,
): Promise<{ readonly bytes: Uint8Array; readonly origin: string }> {
  const base = new URL(repository.href.replace(/\/*$/, '/'));
  let url: URL;
  try {
    url = new URL(entry.url, base);
  } catch {
    throw corrupt(repository, 'an entry of the index has no valid URL');
  }
  // The index of one host must not make us hand its credentials to another: they are asked for by host.
  const { bytes } = await download(url, { maxBytes: MAX_ARCHIVE_BYTES }, options);
  return { bytes, origin: shown(url) };
}

function corrupt(url: URL, cause: string): EngineError {
  return new EngineError('SourceCorrupt', `chart repository ${shown(url)} cannot be used (SourceCorrupt): ${cause}`);
}
