import { createHash } from 'node:crypto';
import { EngineError } from '../../../core/errors.ts';
import { loadArchive } from '../load/load-chart.ts';
import { ChartProblem } from '../load/chart-problem.ts';

/** Largest archive that is fetched. */
export const MAX_ARCHIVE_BYTES = 32 * 1024 * 1024;

/** `sha256:<hex>` of bytes. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** `sha256:<hex>` from either form in which digests are written; undefined when it is none. */
export function parseDigest(text: string): string | undefined {
  const hex = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(text.trim())?.[1];
  return hex === undefined ? undefined : `sha256:${hex.toLowerCase()}`;
}

/**
 * That an archive is what was promised: its digest, and a chart of this name and version.
 * @throws EngineError SourceCorrupt, SourceRefused
 */
export function checkArchive(
  bytes: Uint8Array,
  expected: {
    readonly name: string;
    readonly version: string;
    readonly digest: string | undefined;
    readonly origin: string;
  },
): void {
  const { name, version, digest, origin } = expected;
  const actual = digestOf(bytes);
  if (digest !== undefined && digest !== actual) {
    throw new EngineError(
      'SourceCorrupt',
      `chart ${name} ${version} from ${origin} has a wrong digest (SourceCorrupt): ${actual} instead of ${digest}`,
    );
  }
  try {
    const { metadata } = loadArchive(bytes, origin).chart;
    if (metadata.name === name && sameVersion(metadata.version, version)) return;
    throw new ChartProblem(origin, `it holds chart ${metadata.name} ${metadata.version}`);
  } catch (thrown) {
    if (!(thrown instanceof ChartProblem)) throw thrown;
    throw new EngineError(
      'SourceRefused',
      `chart ${name} ${version} from ${origin} is refused (SourceRefused): ${thrown.message}`,
      { cause: thrown },
    );
  }
}

function sameVersion(left: string, right: string): boolean {
  return left.replace(/^v/, '') === right.replace(/^v/, '');
}
