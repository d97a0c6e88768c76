import { quote } from '../gotemplate/quote.ts';
import type { GoFunction } from '../gotemplate/function.ts';
import { Behaviour, type GoMethod } from '../gotemplate/behaviour.ts';
import { BYTES, type GoType, INT, STRING } from '../gotemplate/types.ts';
import { GoBytes, goInt, GoInt, goInt64, GoObject, type GoValue } from '../gotemplate/values.ts';

import { nilDereference, type Param } from './define.ts';
import { DURATION, goDuration } from './durations.ts';
import {
  addNanos,
  civilOf,
  formatInstant,
  fromNanos,
  type Instant,
  instantOf,
  toNanos,
  ZERO_SECONDS,
} from './instant.ts';
import { MONTHS, WEEKDAYS } from '../../../core/calendar-names.ts';
import { UTC, type Zone } from './zones.ts';

/** time.Time as a value of templates, with its methods. */

const timeMethods = new Map<string, GoMethod>();

const DEFAULT_LAYOUT = '2006-01-02 15:04:05.999999999 -0700 MST';
const RFC3339_NANO = '2006-01-02T15:04:05.999999999Z07:00';

const TIME: GoType = {
  name: 'time.Time',
  kind: 'struct',
  named: true,
  behaviour: new Behaviour({
    methods: timeMethods,
    stringer: (value) => formatInstant(timeOf(value), DEFAULT_LAYOUT),
    goSyntax: (value) => goSyntax(timeOf(value)),
    isEqual: (left, right) => {
      const [a, b] = [timeOf(left), timeOf(right)];
      return compare(a, b) === 0 && a.zone === b.zone;
    },
    json: (value) => formatInstant(timeOf(value), RFC3339_NANO),
  }),
};

export function goTime(instant: Instant): GoObject {
  return new GoObject(TIME, new Map(), instant);
}

export function isTime(value: GoValue): value is GoObject {
  return value instanceof GoObject && value.type === TIME;
}

export function timeOf(value: GoValue): Instant {
  return isTime(value) ? (value.hidden as Instant) : nilDereference();
}

export function formatTime(instant: Instant, layout: string): string {
  return formatInstant(instant, layout);
}

/** A parameter `time.Time`. */
export const time: Param<Instant> = { type: TIME, read: timeOf };

/** The instant of a JavaScript date, in UTC. */
export function instantOfDate(date: Date): Instant {
  const millis = date.getTime();
  const seconds = Math.floor(millis / 1000);
  return { seconds, nanos: (millis - seconds * 1000) * 1_000_000, zone: UTC };
}

function namedInt(name: string, names: readonly string[], first: number): GoType {
  const textOf = (value: GoValue): string => {
    const number = value instanceof GoInt ? Number(value.value) : 0;
    return names[number - first] ?? `%!${name.replace('time.', '')}(${number})`;
  };
  return {
    name,
    kind: 'int',
    named: true,
    behaviour: new Behaviour({
      stringer: textOf,
      methods: new Map([['String', (receiver) => ({ params: [], variadic: false, call: () => textOf(receiver) })]]),
    }),
  };
}

const MONTH = namedInt('time.Month', MONTHS, 1);
const WEEKDAY = namedInt('time.Weekday', WEEKDAYS, 0);

function zoneName(value: GoValue): string {
  return value instanceof GoObject ? (value.hidden as Zone).name : '';
}

const LOCATION: GoType = {
  name: '*time.Location',
  kind: 'ptr',
  named: true,
  behaviour: new Behaviour({
    stringer: zoneName,
    methods: new Map([['String', (receiver) => ({ params: [], variadic: false, call: () => zoneName(receiver) })]]),
  }),
};

function intOf(value: GoValue): number {
  return value instanceof GoInt ? Number(value.value) : 0;
}

function nanosOf(value: GoValue): bigint {
  return value instanceof GoInt ? value.value : 0n;
}

function compare(left: Instant, right: Instant): number {
  return Math.sign(left.seconds - right.seconds) || Math.sign(left.nanos - right.nanos);
}

/** The call of time.Date that makes it. */
function goSyntax(instant: Instant): string {
  const { year, month, day, hour, minute, second } = civilOf(instant);
  const { zone, nanos } = instant;
  const location = zone === UTC ? 'time.UTC' : `time.Location(${quote(zone.name)})`;
  return `time.Date(${year}, time.${MONTHS[month - 1] ?? ''}, ${day}, ${hour}, ${minute}, ${second}, ${nanos}, ${location})`;
}

/** Rounds or cuts to a multiple of a duration since year 1. */
function toMultiple(instant: Instant, unit: bigint, rounds: boolean): Instant {
  if (unit <= 0n) return instant;
  const origin = BigInt(ZERO_SECONDS) * 1_000_000_000n;
  const since = toNanos(instant) - origin;
  const rest = ((since % unit) + unit) % unit;
  const up = rounds && rest + rest >= unit;
  return fromNanos(origin + since - rest + (up ? unit : 0n), instant.zone);
}

function addDate(instant: Instant, years: number, months: number, days: number): Instant {
  const civil = civilOf(instant);
  return instantOf(
    {
      year: civil.year + years,
      month: civil.month + months,
      day: civil.day + days,
      hour: civil.hour,
      minute: civil.minute,
      second: civil.second,
      nanos: instant.nanos,
    },
    instant.zone,
  );
}

type Method = (instant: Instant, args: readonly GoValue[]) => GoValue;

function define(name: string, params: readonly GoType[], call: Method): void {
  timeMethods.set(
    name,
    (receiver): GoFunction => ({
      params,
      variadic: false,
      call: (args) => call(timeOf(receiver), args),
    }),
  );
}

/** Methods with several results cannot be called from templates. */
function refuse(name: string, refusal: string): void {
  timeMethods.set(name, () => ({ params: [], variadic: false, refusal, call: () => null }));
}

define('String', [], (instant) => formatInstant(instant, DEFAULT_LAYOUT));
define('GoString', [], goSyntax);
define('Format', [STRING], (instant, [layout]) => formatInstant(instant, typeof layout === 'string' ? layout : ''));
define('Year', [], (instant) => goInt(civilOf(instant).year));
define('Month', [], (instant) => new GoInt(BigInt(civilOf(instant).month), MONTH));
define('Day', [], (instant) => goInt(civilOf(instant).day));
define('Hour', [], (instant) => goInt(civilOf(instant).hour));
define('Minute', [], (instant) => goInt(civilOf(instant).minute));
define('Second', [], (instant) => goInt(civilOf(instant).second));
define('Nanosecond', [], (instant) => goInt(instant.nanos));
define('Weekday', [], (instant) => new GoInt(BigInt(civilOf(instant).weekday), WEEKDAY));
define('YearDay', [], (instant) => goInt(civilOf(instant).yearDay));
define('Unix', [], (instant) => goInt64(instant.seconds));
define('UnixMilli', [], (instant) =>
  goInt64(toNanos(instant) / 1_000_000n - (toNanos(instant) % 1_000_000n < 0n ? 1n : 0n)));
define('UnixMicro', [], (instant) => goInt64(toNanos(instant) / 1_000n - (toNanos(instant) % 1_000n < 0n ? 1n : 0n)));
define('UnixNano', [], (instant) => goInt64(toNanos(instant)));
define('IsZero', [], (instant) => instant.seconds === ZERO_SECONDS && instant.nanos === 0);
define('IsDST', [], (instant) => {
  const at = (seconds: number): number => instant.zone.at(seconds).offsetSeconds;
  const halfYear = 182 * 86_400;
  return at(instant.seconds) > Math.min(at(instant.seconds - halfYear), at(instant.seconds + halfYear));
});
define('UTC', [], (instant) => goTime({ ...instant, zone: UTC }));
define('Local', [], (instant) => goTime({ ...instant, zone: UTC }));
define('Location', [], (instant) => new GoObject(LOCATION, new Map(), instant.zone));
define('In', [LOCATION], (instant, [zone]) =>
  goTime({ ...instant, zone: zone instanceof GoObject ? (zone.hidden as Zone) : UTC }));
define('Add', [DURATION], (instant, [nanos]) => goTime(addNanos(instant, nanosOf(nanos))));
define('AddDate', [INT, INT, INT], (instant, [years, months, days]) =>
  goTime(addDate(instant, intOf(years), intOf(months), intOf(days))));
define('Sub', [TIME], (instant, [other]) => {
  const nanos = toNanos(instant) - toNanos(timeOf(other));
  const limit = 2n ** 63n;
  return goDuration(nanos >= limit ? limit - 1n : nanos < -limit ? -limit : nanos);
});
define('Before', [TIME], (instant, [other]) => compare(instant, timeOf(other)) < 0);
define('After', [TIME], (instant, [other]) => compare(instant, timeOf(other)) > 0);
define('Equal', [TIME], (instant, [other]) => compare(instant, timeOf(other)) === 0);
define('Compare', [TIME], (instant, [other]) => goInt(compare(instant, timeOf(other))));
define('Round', [DURATION], (instant, [unit]) => goTime(toMultiple(instant, nanosOf(unit), true)));
define('Truncate', [DURATION], (instant, [unit]) => goTime(toMultiple(instant, nanosOf(unit), false)));
define('AppendFormat', [BYTES, STRING], (instant, [before, layout]) =>
  new GoBytes(
    (before instanceof GoBytes ? before.data : '') + formatInstant(instant, typeof layout === 'string' ? layout : ''),
  ));
define('MarshalText', [], (instant) => new GoBytes(formatInstant(instant, RFC3339_NANO)));
define('MarshalJSON', [], (instant) => new GoBytes(`"${formatInstant(instant, RFC3339_NANO)}"`));
for (const name of ['Date', 'Clock']) refuse(name, `function ${name} has 3 return values; should be 1 or 2`);
for (const [name, second] of Object.entries({ ISOWeek: 'int', Zone: 'int', ZoneBounds: 'time.Time' }))
  refuse(name, `invalid function signature for ${name}: second return value should be error; is ${second}`);
