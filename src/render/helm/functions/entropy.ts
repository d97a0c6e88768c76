import { createHmac, randomBytes as systemRandomBytes } from 'node:crypto';

/** What `now` and the random functions draw on, and where generated keys are kept. */
export interface EntropySource {
  /**
   * `count` random bytes for a purpose: the function's name, its template position and its arguments. A derived source gives the
   * same bytes for the same purpose, and other bytes when it is asked again in one render.
   */
  randomBytes(purpose: string, count: number): Uint8Array;
  now(): Date;
  /** When certificates that are made now begin. */
  issueTime(): Date;
  /**
   * The value kept under `key`, or what `make` makes, kept from now on. Keys name function, position and arguments.
   * @param renewAt from when a kept value is made anew; absent: never
   */
  keep(key: string, make: () => string, renewAt?: (kept: string) => Date): string;
}

/** Really random, and the clock that it is given. */
export function randomEntropy(now: () => Date): EntropySource {
  return {
    randomBytes: (_purpose, count) => systemRandomBytes(count),
    now,
    issueTime: now,
    keep: (_key, make) => make(),
  };
}

export interface DerivedEntropyOptions {
  /** The secret of the installation, or what `--seed` gave. */
  readonly seed: string | Uint8Array;
  /** Which application renders: two applications never share a value. */
  readonly application: string;
  /** The clock of the render: the commit's time. */
  readonly now: Date;
  /** The clock of certificates; default: the clock of the render. */
  readonly issueTime?: Date;
  /** Generated keys and certificates of earlier renders. */
  readonly kept?: ReadonlyMap<string, string>;
  /** Told of each value that was made and is to be kept. */
  readonly onMade?: (key: string, value: string) => void;
  /** Told when a value is to be renewed. */
  readonly onRenewal?: (at: Date) => void;
}

/**
 * The same input gives the same output, and without the seed nobody can tell which: HMAC-SHA-256 over application, purpose and a
 * count of how often this purpose came before in this render.
 */
export function derivedEntropy(options: DerivedEntropyOptions): EntropySource {
  const asked = new Map<string, number>();
  const kept = new Map(options.kept);
  const issueTime = options.issueTime ?? options.now;
  const nth = (purpose: string): number => {
    const count = asked.get(purpose) ?? 0;
    asked.set(purpose, count + 1);
    return count;
  };
  return {
    randomBytes(purpose, count) {
      const turn = nth(purpose);
      const bytes = new Uint8Array(count);
      for (let offset = 0, block = 0; offset < count; offset += 32, block++) {
        const hmac = createHmac('sha256', options.seed);
        for (const part of [options.application, purpose, String(turn), String(block)])
          hmac.update(`${Buffer.byteLength(part)}:`).update(part);
        bytes.set(hmac.digest().subarray(0, Math.min(32, count - offset)), offset);
      }
      return bytes;
    },
    now: () => options.now,
    issueTime: () => issueTime,
    keep(key, make, renewAt) {
      const turn = nth(`keep ${key}`);
      const name = turn === 0 ? key : `${key} #${turn}`;
      const found = kept.get(name);
      const isFresh = found !== undefined && (renewAt === undefined || renewAt(found) > issueTime);
      const value = isFresh ? found : make();
      if (!isFresh) {
        kept.set(name, value);
        options.onMade?.(name, value);
      }
      if (renewAt !== undefined) options.onRenewal?.(renewAt(value));
      return value;
    },
  };
}
