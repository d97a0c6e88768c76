import { ApiRequests, requestsSince, type ServedRequests } from './api-requests.ts';
import { cpuSeconds, machineSeconds, memoryMiB } from './processes.ts';

/** What a phase cost: wall seconds, CPU seconds by process, requests that the API server served. */
export interface Reading {
  readonly seconds: number;
  readonly cpu: Readonly<Record<string, number>>;
  /** `evenkeel` is the controller with its render processes. */
  readonly peak_mib: Readonly<Record<string, number>>;
  /** Served by the API server, whoever asked: Kubernetes' own controllers work on what was applied. */
  readonly requests: number;
  /** Sent by the controller, watches left out, and how many of them write. */
  readonly sent: number;
  readonly sent_writes: number;
  readonly top_requests: Readonly<Record<string, number>>;
}

const SAMPLE_MS = 500;
const SENT = /^evenkeel_api_request_duration_seconds_count\{verb="(\w+)"[^}]*\} (\S+)$/gm;
const WRITES = new Set(['create', 'apply', 'replace', 'patch', 'delete']);

/** Reads the costs of the phases between `begin` and `end`. `others` is what the rest of the machine used: near 0 in a fair run. */
export class Readings {
  readonly #pids: Readonly<Record<string, number>>;
  readonly #api: ApiRequests;
  readonly #metricsUrl: string;
  #beganMs = 0;
  #cpu: Readonly<Record<string, number>> = {};
  #own = process.cpuUsage();
  #machine = 0;
  #served: ServedRequests = new Map();
  #sent: ReadonlyMap<string, number> = new Map();
  readonly #peakMiB = { evenkeel: 0, redis: 0 };
  #sampler: NodeJS.Timeout | undefined;

  /** `pids` has the controller under `evenkeel`. */
  constructor(pids: Readonly<Record<string, number>>, api: ApiRequests, metricsUrl: string) {
    this.#pids = pids;
    this.#api = api;
    this.#metricsUrl = metricsUrl;
  }

  async begin(): Promise<void> {
    this.#served = await this.#api.read();
    this.#sent = await this.#readSent();
    this.#cpu = this.#cpuNow();
    this.#own = process.cpuUsage();
    this.#machine = machineSeconds();
    this.#beganMs = performance.now();
    Object.assign(this.#peakMiB, { evenkeel: 0, redis: 0 });
    this.#sample();
    this.#sampler = setInterval(() => this.#sample(), SAMPLE_MS);
  }

  async end(): Promise<Reading> {
    const seconds = (performance.now() - this.#beganMs) / 1000;
    clearInterval(this.#sampler);
    this.#sample();
    const now = this.#cpuNow();
    const cpu: Record<string, number> = {};
    for (const name of Object.keys(now)) cpu[name] = two((now[name] ?? 0) - (this.#cpu[name] ?? 0));
    const own = process.cpuUsage(this.#own);
    cpu['bench'] = two((own.user + own.system) / 1e6);
    const known = Object.values(cpu).reduce((sum, value) => sum + value, 0);
    cpu['others'] = two(machineSeconds() - this.#machine - known);
    const requests = requestsSince(this.#served, await this.#api.read());
    return {
      seconds: two(seconds),
      cpu,
      peak_mib: Object.fromEntries(Object.entries(this.#peakMiB).map(([name, mib]) => [name, Math.round(mib)])),
      ...(await this.#sentSince()),
      requests: Object.values(requests).reduce((sum, value) => sum + value, 0),
      top_requests: Object.fromEntries(Object.entries(requests).slice(0, 14)),
    };
  }

  async #sentSince(): Promise<{ readonly sent: number; readonly sent_writes: number }> {
    let sent = 0;
    let writes = 0;
    for (const [verb, count] of await this.#readSent()) {
      const more = count - (this.#sent.get(verb) ?? 0);
      sent += more;
      if (WRITES.has(verb)) writes += more;
    }
    return { sent, sent_writes: writes };
  }

  /** Requests of the controller by verb, as its own metrics count them. */
  async #readSent(): Promise<Map<string, number>> {
    const text = await (await fetch(`${this.#metricsUrl}/metrics`)).text();
    const counts = new Map<string, number>();
    for (const [, verb = '', count] of text.matchAll(SENT))
      if (verb !== 'watch') counts.set(verb, (counts.get(verb) ?? 0) + Number(count));
    return counts;
  }

  #sample(): void {
    for (const name of ['evenkeel', 'redis'] as const)
      this.#peakMiB[name] = Math.max(this.#peakMiB[name], memoryMiB(this.#pids[name] ?? 0));
  }

  #cpuNow(): Record<string, number> {
    return Object.fromEntries(Object.entries(this.#pids).map(([name, pid]) => [name, cpuSeconds(pid)]));
  }
}

export function two(value: number): number {
  return Math.round(value * 100) / 100;
}

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
  readonly n: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (index: number): number => Math.round((sorted[index] ?? Number.NaN) * 1000) / 1000;
  return { min: at(0), median: at(Math.floor(sorted.length / 2)), max: at(sorted.length - 1), n: sorted.length };
}
