import { INT, INT32, INT64 } from '../gotemplate/types.ts';
import { GoInt, type GoValue } from '../gotemplate/values.ts';
import { parseInt64 } from '../gotemplate/number-text.ts';
import { any, fn, type FunctionGroup, str } from './define.ts';
import { durationText, parseDuration, roundDuration, SECOND } from './durations.ts';
import type { EntropySource } from './entropy.ts';
import { goTime, instantOfDate, isTime, time, timeOf } from './go-time.ts';
import { addNanos, formatInstant, type Instant, toNanos, ZERO_SECONDS } from './instant.ts';
import { orElse } from './json.ts';
import { parseTime } from './time-parse.ts';
import { loadZone, UTC } from './zones.ts';

const ZERO: Instant = { seconds: ZERO_SECONDS, nanos: 0, zone: UTC };

const UNITS = [
  ['y', 365n * 24n * 3_600n],
  ['mo', 30n * 24n * 3_600n],
  ['d', 24n * 3_600n],
  ['h', 3_600n],
  ['m', 60n],
  ['s', 1n],
] as const;

/** The largest unit alone: `2h30m` is `2h`. */
function roughly(nanos: bigint): string {
  const magnitude = nanos < 0n ? -nanos : nanos;
  for (const [name, seconds] of UNITS) {
    const unit = seconds * SECOND;
    if (magnitude > unit) return `${magnitude / unit}${name}`;
  }
  return '0s';
}

/** Dates and times. Every clock is the one of the entropy source. */
export function dateFunctions(entropy: EntropySource): FunctionGroup {
  const now = (): Instant => instantOfDate(entropy.now());

  /** A time, or whole seconds since 1970; anything else counts as now. */
  const dateOf = (value: GoValue, takesInt32: boolean): Instant => {
    if (isTime(value)) return timeOf(value);
    if (value instanceof GoInt) {
      const { type } = value;
      if (type === INT || type === INT64 || (takesInt32 && type === INT32))
        return { seconds: Number(value.value), nanos: 0, zone: UTC };
    }
    return now();
  };
  const inZone = (layout: string, value: GoValue, zone: string): string =>
    formatInstant({ ...dateOf(value, true), zone: loadZone(zone) ?? UTC }, layout);
  const modify = (text: string, instant: Instant): Instant => addNanos(instant, parseDuration(text));
  const dateInZone = fn([str, any, str], inZone);
  const dateModify = fn([str, time], (text, instant) =>
    goTime(
      orElse(
        () => modify(text, instant),
        () => instant,
      ),
    ),
  );
  const mustDateModify = fn([str, time], (text, instant) => goTime(modify(text, instant)));

  const seconds = (value: GoValue): bigint => {
    if (value instanceof GoInt && value.type === INT64) return value.value;
    if (typeof value !== 'string') return 0n;
    const parsed = parseInt64(value, 10);
    if (typeof parsed === 'bigint') return parsed;
    return parsed === 'range' ? (value.startsWith('-') ? -(2n ** 63n) : 2n ** 63n - 1n) : 0n;
  };
  const nanosOf = (value: GoValue): bigint => {
    if (typeof value === 'string')
      return orElse(
        () => parseDuration(value),
        () => 0n,
      );
    if (value instanceof GoInt && value.type === INT64) return value.value;
    return isTime(value) ? toNanos(now()) - toNanos(timeOf(value)) : 0n;
  };

  return {
    now: fn([], () => goTime({ ...now(), zone: UTC })),
    ago: fn([any], (value) => durationText(roundDuration(toNanos(now()) - toNanos(dateOf(value, false)), SECOND))),
    date: fn([str, any], (layout, value) => inZone(layout, value, 'Local')),
    date_in_zone: dateInZone,
    dateInZone,
    date_modify: dateModify,
    dateModify,
    must_date_modify: mustDateModify,
    mustDateModify,
    duration: fn([any], (value) => durationText(BigInt.asIntN(64, seconds(value) * SECOND))),
    durationRound: fn([any], (value) => roughly(nanosOf(value))),
    htmlDate: fn([any], (value) => inZone('2006-01-02', value, 'Local')),
    htmlDateInZone: fn([any, str], (value, zone) => inZone('2006-01-02', value, zone)),
    toDate: fn([str, str], (layout, text) =>
      goTime(
        orElse(
          () => parseTime(layout, text),
          () => ZERO,
        ),
      ),
    ),
    mustToDate: fn([str, str], (layout, text) => goTime(parseTime(layout, text))),
    unixEpoch: fn([time], (instant) => String(instant.seconds)),
  };
}
