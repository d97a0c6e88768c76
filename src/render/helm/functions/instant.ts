import { civilFromDays, daysFromCivil, yearDay } from './calendar.ts';
import { MONTHS, WEEKDAYS } from '../../../core/calendar-names.ts';
import { nextChunk, type Piece } from './time-layout.ts';
import type { Zone } from './zones.ts';

/** A moment with the zone that it is shown in: time.Time. */
export interface Instant {
  /** Seconds since 1970, negative before. */
  readonly seconds: number;
  /** 0–999,999,999 */
  readonly nanos: number;
  readonly zone: Zone;
}

/** Year 1, the zero time. */
export const ZERO_SECONDS = -62_135_596_800;

/** The clock and calendar of an instant in its zone. */
export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly weekday: number;
  readonly yearDay: number;
  readonly offsetSeconds: number;
  readonly abbreviation: string;
}

export function civilOf({ seconds, zone }: Instant): Civil {
  const { offsetSeconds, abbreviation } = zone.at(seconds);
  const local = seconds + offsetSeconds;
  const days = Math.floor(local / 86_400);
  const ofDay = local - days * 86_400;
  const date = civilFromDays(days);
  return {
    ...date,
    hour: Math.floor(ofDay / 3_600),
    minute: Math.floor((ofDay % 3_600) / 60),
    second: ofDay % 60,
    weekday: (((days + 4) % 7) + 7) % 7,
    yearDay: yearDay(date),
    offsetSeconds,
    abbreviation,
  };
}

/** The instant of a date and clock in a zone; parts outside of their range carry over. */
export function instantOf(
  parts: {
    readonly year: number;
    readonly month: number;
    readonly day: number;
    readonly hour: number;
    readonly minute: number;
    readonly second: number;
    readonly nanos: number;
  },
  zone: Zone,
): Instant {
  const carry = Math.floor(parts.nanos / 1e9);
  const local =
    daysFromCivil(parts.year, parts.month, parts.day) * 86_400 +
    parts.hour * 3_600 +
    parts.minute * 60 +
    parts.second +
    carry;
  const nanos = parts.nanos - carry * 1e9;
  // The offset depends on the instant itself: two tries settle it, at a change of clocks the earlier rule wins.
  let { offsetSeconds } = zone.at(local);
  if (offsetSeconds !== 0) {
    const second = zone.at(local - offsetSeconds).offsetSeconds;
    if (second !== offsetSeconds && zone.at(local - second).offsetSeconds === second) offsetSeconds = second;
  }
  return { seconds: local - offsetSeconds, nanos, zone };
}

export function addNanos(instant: Instant, nanos: bigint): Instant {
  const total = BigInt(instant.seconds) * 1_000_000_000n + BigInt(instant.nanos) + nanos;
  return fromNanos(total, instant.zone);
}

export function fromNanos(total: bigint, zone: Zone): Instant {
  let seconds = total / 1_000_000_000n;
  let rest = total % 1_000_000_000n;
  if (rest < 0n) {
    rest += 1_000_000_000n;
    seconds -= 1n;
  }
  return { seconds: Number(seconds), nanos: Number(rest), zone };
}

export function toNanos({ seconds, nanos }: Instant): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
}

function pad(value: number, width: number, fill = '0'): string {
  const digits = String(Math.abs(value)).padStart(width, fill);
  return value < 0 ? `-${digits}` : digits;
}

function offsetText(piece: Piece, offsetSeconds: number): string {
  if (piece.startsWith('Z') && offsetSeconds === 0) return 'Z';
  const seconds = Math.abs(offsetSeconds);
  const colon = piece.includes(':') ? ':' : '';
  const hasMinutes = piece.length > 3;
  const hasSeconds = piece.length >= 7 && piece !== '-07:00' && piece !== 'Z07:00';
  let text = (offsetSeconds < 0 ? '-' : '+') + pad(Math.floor(seconds / 3_600), 2);
  if (hasMinutes) text += colon + pad(Math.floor((seconds % 3_600) / 60), 2);
  if (hasSeconds) text += colon + pad(seconds % 60, 2);
  return text;
}

/** Time.Format with a byte-string layout. */
export function formatInstant(instant: Instant, layout: string): string {
  const civil = civilOf(instant);
  let out = '';
  let rest = layout;
  while (rest !== '') {
    const chunk = nextChunk(rest);
    out += chunk.prefix;
    rest = chunk.rest;
    if (chunk.fraction !== undefined) out += fractionText(instant.nanos, chunk.fraction);
    else if (chunk.piece === undefined) break;
    else out += pieceText(chunk.piece, civil);
  }
  return out;
}

function fractionText(
  nanos: number,
  { digits, trims, separator }: { readonly digits: number; readonly trims: boolean; readonly separator: string },
): string {
  const all = pad(nanos, 9).slice(0, digits).padEnd(Math.min(digits, 9), '0');
  const shown = trims ? all.replace(/0+$/, '') : all.padEnd(digits, '0').slice(0, Math.max(9, 0));
  return shown === '' ? '' : separator + shown;
}

function pieceText(piece: Piece, civil: Civil): string {
  const month = MONTHS[civil.month - 1] ?? '';
  const weekday = WEEKDAYS[civil.weekday] ?? '';
  const hour12 = civil.hour % 12 || 12;
  switch (piece) {
    case '2006':
      return pad(civil.year, 4);
    case '06':
      return pad(((civil.year % 100) + 100) % 100, 2);
    case 'January':
      return month;
    case 'Jan':
      return month.slice(0, 3);
    case '1':
      return String(civil.month);
    case '01':
      return pad(civil.month, 2);
    case 'Monday':
      return weekday;
    case 'Mon':
      return weekday.slice(0, 3);
    case '2':
      return String(civil.day);
    case '_2':
      return pad(civil.day, 2, ' ');
    case '02':
      return pad(civil.day, 2);
    case '__2':
      return pad(civil.yearDay, 3, ' ');
    case '002':
      return pad(civil.yearDay, 3);
    case '15':
      return pad(civil.hour, 2);
    case '3':
      return String(hour12);
    case '03':
      return pad(hour12, 2);
    case '4':
      return String(civil.minute);
    case '04':
      return pad(civil.minute, 2);
    case '5':
      return String(civil.second);
    case '05':
      return pad(civil.second, 2);
    case 'PM':
      return civil.hour >= 12 ? 'PM' : 'AM';
    case 'pm':
      return civil.hour >= 12 ? 'pm' : 'am';
    case 'MST':
      return civil.abbreviation === '' ? offsetText('-0700', civil.offsetSeconds) : civil.abbreviation;
    default:
      return offsetText(piece, civil.offsetSeconds);
  }
}
