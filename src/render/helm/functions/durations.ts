import { GoError } from '../gotemplate/errors.ts';
import { formatFloat, MAX_INT64, MIN_INT64, parseFloat64 } from '../gotemplate/number-text.ts';
import { quote } from '../gotemplate/quote.ts';
import { Behaviour, type GoMethod } from '../gotemplate/behaviour.ts';
import { type GoType, isSigned, isUnsigned } from '../gotemplate/types.ts';
import { trimSpace } from '../gotemplate/unicode.ts';
import { GoInt, goInt64, type GoValue, typeOf } from '../gotemplate/values.ts';
import { any, fn, type FunctionGroup, nilDereference } from './define.ts';
import { orElse } from './json.ts';

/** time.Duration: nanoseconds in 64 bits. */

export const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;

function nanosOf(value: GoValue): bigint {
  return value instanceof GoInt ? value.value : nilDereference();
}

/** `1h15m30.918s` */
export function durationText(nanos: bigint): string {
  const magnitude = nanos < 0n ? -nanos : nanos;
  const sign = nanos < 0n ? '-' : '';
  if (magnitude === 0n) return '0s';
  const withFraction = (value: bigint, unit: bigint): string => {
    const digits = (unit.toString().length - 1) | 0;
    const fraction = (value % unit).toString().padStart(digits, '0').replace(/0+$/, '');
    return `${value / unit}${fraction === '' ? '' : `.${fraction}`}`;
  };
  if (magnitude < 1_000n) return `${sign}${magnitude}ns`;
  // A micro sign in UTF-8.
  if (magnitude < 1_000_000n) return `${sign}${withFraction(magnitude, 1_000n)}\u00c2\u00b5s`;
  if (magnitude < SECOND) return `${sign}${withFraction(magnitude, 1_000_000n)}ms`;
  const seconds = `${withFraction(magnitude % MINUTE, SECOND)}s`;
  const minutes = magnitude / MINUTE;
  if (minutes === 0n) return sign + seconds;
  const hours = minutes / 60n;
  return hours === 0n ? `${sign}${minutes}m${seconds}` : `${sign}${hours}h${minutes % 60n}m${seconds}`;
}

const UNITS = new Map<string, bigint>([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00c2\u00b5s', 1_000n],
  ['\u00ce\u00bcs', 1_000n],
  ['ms', 1_000_000n],
  ['s', SECOND],
  ['m', MINUTE],
  ['h', HOUR],
]);

/** time.ParseDuration. @throws GoError */
export function parseDuration(text: string): bigint {
  const invalid = (): GoError => new GoError(`time: invalid duration ${quote(text)}`);
  const negative = text.startsWith('-');
  let rest = /^[-+]/.test(text) ? text.slice(1) : text;
  if (rest === '0') return 0n;
  if (rest === '') throw invalid();
  let total = 0n;
  while (rest !== '') {
    const number = /^([0-9]*)(\.?)([0-9]*)/.exec(rest);
    const whole = number?.[1] ?? '';
    const fraction = number?.[3] ?? '';
    if (whole === '' && fraction === '') throw invalid();
    if (whole.length > 19 || BigInt(`0${whole}`) > 2n ** 63n) throw invalid();
    rest = rest.slice((number?.[0] ?? '').length);
    const unitText = /^[^.0-9]*/.exec(rest)?.[0] ?? '';
    if (unitText === '') throw new GoError(`time: missing unit in duration ${quote(text)}`);
    rest = rest.slice(unitText.length);
    const unit = UNITS.get(unitText);
    if (unit === undefined) throw new GoError(`time: unknown unit ${quote(unitText)} in duration ${quote(text)}`);
    let nanos = BigInt(`0${whole}`) * unit;
    if (nanos > 2n ** 63n) throw invalid();
    if (fraction !== '') {
      // Digits that no longer fit into 63 bits are dropped; the rest is computed in floats, as Go does.
      let digits = fraction;
      while (digits.length > 18 && BigInt(digits) > MAX_INT64) digits = digits.slice(0, -1);
      nanos += BigInt(Math.trunc(Number(BigInt(`0${digits}`)) * (Number(unit) / 10 ** digits.length)));
      if (nanos > 2n ** 63n) throw invalid();
    }
    total += nanos;
    if (total > 2n ** 63n) throw invalid();
  }
  if (negative) return -total;
  if (total > MAX_INT64) throw invalid();
  return total;
}

/** Rounds half away from zero to a multiple of `unit`; beyond 64 bits the largest value. */
export function roundDuration(nanos: bigint, unit: bigint): bigint {
  if (unit <= 0n) return nanos;
  const negative = nanos < 0n;
  const magnitude = negative ? -nanos : nanos;
  const rest = magnitude % unit;
  const rounded = rest + rest < unit ? magnitude - rest : magnitude - rest + unit;
  if (negative) return -rounded < MIN_INT64 ? MIN_INT64 : -rounded;
  return rounded > MAX_INT64 ? MAX_INT64 : rounded;
}

function truncateDuration(nanos: bigint, unit: bigint): bigint {
  return unit <= 0n ? nanos : nanos - (nanos % unit);
}

/** A duration in units, whole and rest apart, as Go does it. */
function inUnits(nanos: bigint, unit: bigint): number {
  return Number(nanos / unit) + Number(nanos % unit) / Number(unit);
}

function method(params: readonly GoType[], call: (nanos: bigint, args: readonly GoValue[]) => GoValue): GoMethod {
  return (receiver) => ({ params, variadic: false, call: (args) => call(nanosOf(receiver), args) });
}

const methods = new Map<string, GoMethod>();

export const DURATION: GoType = {
  name: 'time.Duration',
  kind: 'int64',
  named: true,
  behaviour: new Behaviour({ methods, stringer: (value) => durationText(nanosOf(value)) }),
};

export function goDuration(nanos: bigint): GoInt {
  return new GoInt(BigInt.asIntN(64, nanos), DURATION);
}

for (const [name, made] of [
  ['Hours', method([], (nanos) => inUnits(nanos, HOUR))],
  ['Minutes', method([], (nanos) => inUnits(nanos, MINUTE))],
  ['Seconds', method([], (nanos) => inUnits(nanos, SECOND))],
  ['Milliseconds', method([], (nanos) => goInt64(nanos / 1_000_000n))],
  ['Microseconds', method([], (nanos) => goInt64(nanos / 1_000n))],
  ['Nanoseconds', method([], (nanos) => goInt64(nanos))],
  ['String', method([], (nanos) => durationText(nanos))],
  ['Abs', method([], (nanos) => goDuration(nanos === MIN_INT64 ? MAX_INT64 : nanos < 0n ? -nanos : nanos))],
  ['Round', method([DURATION], (nanos, [unit]) => goDuration(roundDuration(nanos, nanosOf(unit))))],
  ['Truncate', method([DURATION], (nanos, [unit]) => goDuration(truncateDuration(nanos, nanosOf(unit))))],
] as const)
  methods.set(name, made);

const MAX_SECONDS = MAX_INT64 / SECOND;

function fromSeconds(seconds: bigint): bigint {
  if (seconds > MAX_SECONDS || seconds < -MAX_SECONDS) throw new GoError(`duration seconds overflow: ${seconds}`);
  return seconds * SECOND;
}

function fromFloatSeconds(seconds: number): bigint {
  const shown = (value: number): string => formatFloat(value, 'g', -1);
  if (!Number.isFinite(seconds)) throw new GoError(`invalid duration seconds: ${shown(seconds)}`);
  const limit = 2 ** 63 / 1e9;
  if (seconds > limit || seconds < -limit) throw new GoError(`duration seconds overflow: ${shown(seconds)}`);
  const nanos = seconds * 1e9;
  if (nanos > 2 ** 63 || nanos < -(2 ** 63)) throw new GoError(`duration nanoseconds overflow: ${shown(nanos)}`);
  return nanos >= 2 ** 63 ? MIN_INT64 : BigInt(Math.trunc(nanos));
}

/** Helm's reading of a duration: Go's notation, or a number (also in a string) of seconds. @throws GoError */
function asDuration(value: GoValue): bigint {
  if (value === null || value === undefined) throw new GoError('invalid duration');
  if (typeof value === 'number') return fromFloatSeconds(value);
  if (typeof value === 'string') {
    const text = trimSpace(value);
    if (text === '') throw new GoError('empty duration');
    const parsed = orElse<bigint | undefined>(
      () => parseDuration(text),
      () => undefined,
    );
    if (parsed !== undefined) return parsed;
    const seconds = parseFloat64(text);
    if (typeof seconds === 'number') return fromFloatSeconds(seconds);
    throw new GoError(`could not parse duration ${quote(value)}`);
  }
  if (value instanceof GoInt) {
    if (value.type === DURATION) return value.value;
    if (isSigned(value.type.kind) || isUnsigned(value.type.kind)) return fromSeconds(value.value);
  }
  throw new GoError(`unsupported duration type ${typeOf(value)?.name ?? ''}`);
}

function measured(read: (nanos: bigint) => GoValue, otherwise: GoValue): FunctionGroup[string] {
  return fn([any], (value) =>
    orElse<GoValue>(
      () => read(asDuration(value)),
      () => otherwise,
    ),
  );
}

function toMultiple(change: (nanos: bigint, unit: bigint) => bigint): FunctionGroup[string] {
  return fn([any, any], (value, unit) => {
    const nanos = orElse<bigint | undefined>(
      () => asDuration(value),
      () => undefined,
    );
    if (nanos === undefined) return goDuration(0n);
    const size = orElse<bigint | undefined>(
      () => asDuration(unit),
      () => undefined,
    );
    return goDuration(size === undefined ? nanos : change(nanos, size));
  });
}

/** Helm's duration functions. */
export const DURATION_FUNCTIONS: FunctionGroup = {
  mustToDuration: fn([any], (value) => goDuration(asDuration(value))),
  durationSeconds: measured((nanos) => inUnits(nanos, SECOND), 0),
  durationMilliseconds: measured((nanos) => goInt64(nanos / 1_000_000n), goInt64(0)),
  durationMicroseconds: measured((nanos) => goInt64(nanos / 1_000n), goInt64(0)),
  durationNanoseconds: measured((nanos) => goInt64(nanos), goInt64(0)),
  durationMinutes: measured((nanos) => inUnits(nanos, MINUTE), 0),
  durationHours: measured((nanos) => inUnits(nanos, HOUR), 0),
  durationDays: measured((nanos) => inUnits(nanos, HOUR) / 24, 0),
  durationWeeks: measured((nanos) => inUnits(nanos, HOUR) / 24 / 7, 0),
  durationRoundTo: toMultiple(roundDuration),
  durationTruncateTo: toMultiple(truncateDuration),
};
