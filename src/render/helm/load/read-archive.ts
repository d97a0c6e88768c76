import { gunzipSync } from 'node:zlib';
import type { ChartFile } from './chart.ts';
import { ChartProblem } from './chart-problem.ts';
import type { LoadLimits } from './load-limits.ts';
import { readTar, type TarEntry, TarProblem } from './tar.ts';
import { withoutBom } from './without-bom.ts';

/** More than this many bytes out of one byte in is no chart but a bomb. */
const MAX_RATIO = 1_000;

/**
 * The files of a chart archive (`.tgz`), without the folder that holds them all, in its order. The whole archive is refused when one of its
 * entries is a link or a device, leaves the chart's folder, appears twice (or in a case that differs), or belongs to `.git`.
 * @param origin path of the archive in the repository
 * @throws ChartProblem
 */
export function readArchive(bytes: Uint8Array, origin: string, limits: LoadLimits): ChartFile[] {
  const entries = unpack(bytes, origin, limits);
  const files: ChartFile[] = [];
  const seen = new Map<string, string>();
  for (const entry of entries) {
    if (entry.kind === 'directory') continue;
    const name = pathInChart(entry, origin);
    if (entry.kind !== 'file') {
      throw refuse(
        origin,
        `${JSON.stringify(entry.name)} is a ${entry.kind === 'link' ? 'link' : 'device or another special file'}`,
      );
    }
    const folded = name.toLowerCase();
    const twin = seen.get(folded);
    if (twin === name) throw refuse(origin, `${JSON.stringify(name)} is in it twice`);
    if (twin !== undefined)
      throw refuse(origin, `${JSON.stringify(twin)} and ${JSON.stringify(name)} differ in case only`);
    seen.set(folded, name);
    files.push({ name, data: withoutBom(entry.data), origin: `${origin}/${name}` });
  }
  if (files.length === 0) throw refuse(origin, 'no files in chart archive');
  return files;
}

function unpack(bytes: Uint8Array, origin: string, limits: LoadLimits): TarEntry[] {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw refuse(origin, 'it is not compressed with gzip');
  const maxOutputLength = Math.min(limits.chartBytes, Math.max(bytes.length * MAX_RATIO, 1024 * 1024));
  let tar: Uint8Array;
  try {
    tar = gunzipSync(bytes, { maxOutputLength });
  } catch (thrown) {
    const isTooLarge = thrown instanceof Error && (thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw refuse(origin, isTooLarge ? `it unpacks to more than ${maxOutputLength} bytes` : 'it is not valid gzip');
  }
  try {
    return readTar(tar, { entries: limits.files, fileBytes: limits.fileBytes });
  } catch (thrown) {
    if (thrown instanceof TarProblem) throw refuse(origin, thrown.message);
    throw thrown;
  }
}

/** The path below the archive's one folder. */
function pathInChart(entry: TarEntry, origin: string): string {
  const parts = entry.name
    .replaceAll('\\', '/')
    .split('/')
    .filter((part, index) => part !== '.' || index === 0);
  const inside = parts.slice(1);
  const name = inside.join('/');
  if (entry.name.includes('\0') || /^[a-zA-Z]:/.test(name)) throw refuse(origin, 'it contains illegally named files');
  if (parts[0] === '' || inside[0] === '') throw refuse(origin, 'it contains absolute paths');
  if (parts.includes('..')) throw refuse(origin, 'it references a parent directory');
  if (inside.length === 0) throw refuse(origin, `${JSON.stringify(entry.name)} lies outside the base directory`);
  if (inside.includes('')) throw refuse(origin, 'it contains illegally named files');
  if (parts.some((part) => part.toLowerCase() === '.git')) throw refuse(origin, 'it contains a .git folder');
  return name;
}

function refuse(origin: string, cause: string): ChartProblem {
  return new ChartProblem(origin, `chart archive is refused: ${cause}`);
}
