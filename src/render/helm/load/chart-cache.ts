import { LRUCache } from 'lru-cache';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { Chart, LoadedChart } from './chart.ts';

interface CachedChart {
  readonly loaded: LoadedChart;
  /** Everything that was looked at, with its object id; undefined where nothing was. */
  readonly seen: readonly (readonly [string, string | undefined])[];
}

const MAX_BYTES = 128 * 1024 * 1024;

/** Charts of former renders of this process. Charts are never changed, so that renders can share them. */
const charts = new LRUCache<string, CachedChart>({
  maxSize: MAX_BYTES,
  sizeCalculation: ({ loaded }) => Math.min(MAX_BYTES, 4096 + 2 * sizeOf(loaded.chart)),
});

/**
 * Loads a chart once for as long as nothing in it changes. Every path that a load looked at must have the same object id (asking for
 * the ids leaves the same trace as loading does), so a file behind a link counts as well.
 */
export function loadOnce(snapshot: Snapshot, path: string, load: (recorded: Snapshot) => LoadedChart): LoadedChart {
  const id = snapshot.oid(path);
  const key = `${path}\0${id ?? ''}`;
  const known = charts.get(key);
  if (known !== undefined && known.seen.every(([seen, oid]) => snapshot.oid(seen) === oid)) return known.loaded;
  const recorded = new RecordingSnapshot(snapshot);
  const loaded = load(recorded);
  if (id !== undefined)
    charts.set(key, { loaded, seen: [...recorded.asked].map((asked) => [asked, snapshot.oid(asked)]) });
  return loaded;
}

/** Remembers which paths were asked for. */
class RecordingSnapshot implements Snapshot {
  readonly asked = new Set<string>();
  readonly #snapshot: Snapshot;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  get commitId(): string {
    return this.#snapshot.commitId;
  }

  get timeSeconds(): number {
    return this.#snapshot.timeSeconds;
  }

  read(path: string): ReturnType<Snapshot['read']> {
    this.asked.add(path);
    return this.#snapshot.read(path);
  }

  list(path: string): ReturnType<Snapshot['list']> {
    this.asked.add(path);
    return this.#snapshot.list(path);
  }

  stat(path: string): ReturnType<Snapshot['stat']> {
    this.asked.add(path);
    return this.#snapshot.stat(path);
  }

  realPath(path: string): string | undefined {
    this.asked.add(path);
    return this.#snapshot.realPath(path);
  }

  oid(path: string): string | undefined {
    this.asked.add(path);
    return this.#snapshot.oid(path);
  }

  trace(): ReturnType<Snapshot['trace']> {
    return this.#snapshot.trace();
  }
}

/** Bytes of all files of a chart and its subcharts. */
function sizeOf(chart: Chart): number {
  let bytes = 0;
  for (const file of [...chart.templates, ...chart.files]) bytes += file.data.length;
  for (const subchart of chart.dependencies) bytes += sizeOf(subchart);
  return bytes;
}
