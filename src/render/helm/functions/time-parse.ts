import { GoError } from '../gotemplate/errors.ts';
import { daysIn, isLeap } from './calendar.ts';
import { type Instant, instantOf } from './instant.ts';
import { MONTHS, WEEKDAYS } from '../../../core/calendar-names.ts';
import { nextChunk, type Piece } from './time-layout.ts';
import { fixedZone, UTC, type Zone } from './zones.ts';

/** Reading a time by a layout: time.ParseInLocation with UTC as the local zone. */

/** How package time quotes: bytes outside of printable ASCII as \x. */
function timeQuote(text: string): string {
  const escaped = text.replace(/[^ -~]|["\\]/g, (char) => {
    const code = char.charCodeAt(0);
    return code < 0x20 || code >= 0x80
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : char === '\u007f'
        ? char
        : `\\${char}`;
  });
  return `"${escaped}"`;
}

class Bad extends Error {}

interface Fields {
  year: number;
  month: number;
  day: number;
  yearDay: number;
  hour: number;
  minute: number;
  second: number;
  nanos: number;
  half: 'am' | 'pm' | undefined;
  zone: Zone | undefined;
  offset: number | undefined;
  zoneName: string;
}

class Reader {
  value: string;
  /** What is out of range, when something is. */
  range = '';
  readonly fields: Fields = {
    year: 0,
    month: -1,
    day: -1,
    yearDay: -1,
    hour: 0,
    minute: 0,
    second: 0,
    nanos: 0,
    half: undefined,
    zone: undefined,
    offset: undefined,
    zoneName: '',
  };

  constructor(value: string) {
    this.value = value;
  }

  private take(pattern: RegExp): string {
    const match = pattern.exec(this.value);
    if (match === null) throw new Bad();
    this.value = this.value.slice(match[0].length);
    return match[0];
  }

  private number(fixed: boolean): number {
    return Number(this.take(fixed ? /^[0-9]{2}/ : /^[0-9]{1,2}/));
  }

  private name(names: readonly string[], length?: number): number {
    const short = names.map((name) => name.slice(0, length));
    const at = short.findIndex((name) => this.value.slice(0, name.length).toLowerCase() === name.toLowerCase());
    if (at < 0) throw new Bad();
    this.value = this.value.slice(short[at]?.length ?? 0);
    return at;
  }

  private within(value: number, low: number, high: number, what: string): number {
    if (value < low || value > high) this.range = what;
    return value;
  }

  /** A fraction of a second: separator and digits. */
  private readNanos(text: string): number {
    if (!/^[.,][0-9]+$/.test(text)) throw new Bad();
    return Number(text.slice(1, 10).padEnd(9, '0'));
  }

  fraction(digits: number, trims: boolean): void {
    if (trims) {
      const found = /^[.,][0-9]+/.exec(this.value)?.[0];
      if (found === undefined) return;
      this.value = this.value.slice(found.length);
      this.fields.nanos = this.readNanos(found);
      return;
    }
    if (this.value.length < digits + 1) throw new Bad();
    const text = this.value.slice(0, digits + 1);
    this.fields.nanos = this.readNanos(text);
    this.value = this.value.slice(digits + 1);
  }

  piece(piece: Piece, layoutAfter: string): void {
    const { fields } = this;
    switch (piece) {
      case '06': {
        const year = Number(this.take(/^(?:[0-9]{2}|[-+][0-9])/));
        fields.year = year + (year >= 69 ? 1900 : 2000);
        return;
      }
      case '2006':
        fields.year = Number(this.take(/^[0-9]{4}/));
        return;
      case 'Jan':
        fields.month = this.name(MONTHS, 3) + 1;
        return;
      case 'January':
        fields.month = this.name(MONTHS) + 1;
        return;
      case '1':
      case '01':
        fields.month = this.within(this.number(piece === '01'), 1, 12, 'month');
        return;
      case 'Mon':
        this.name(WEEKDAYS, 3);
        return;
      case 'Monday':
        this.name(WEEKDAYS);
        return;
      case '2':
      case '_2':
      case '02':
        if (piece === '_2' && this.value.startsWith(' ')) this.value = this.value.slice(1);
        fields.day = this.number(piece === '02');
        return;
      case '__2':
        this.value = this.value.replace(/^ {1,2}/, '');
        fields.yearDay = Number(this.take(/^[0-9]{1,3}/));
        return;
      case '002':
        fields.yearDay = Number(this.take(/^[0-9]{3}/));
        return;
      case '15':
        fields.hour = this.within(this.number(false), 0, 23, 'hour');
        return;
      case '3':
      case '03':
        fields.hour = this.within(this.number(piece === '03'), 0, 12, 'hour');
        return;
      case '4':
      case '04':
        fields.minute = this.within(this.number(piece === '04'), 0, 59, 'minute');
        return;
      case '5':
      case '05':
        fields.second = this.within(this.number(piece === '05'), 0, 59, 'second');
        // Digits after the second are taken even when the layout has none.
        if (this.range === '' && nextChunk(layoutAfter).fraction === undefined) this.fraction(0, true);
        return;
      case 'PM':
      case 'pm': {
        const half = this.take(/^.{2}/s);
        const [am, pm] = piece === 'PM' ? ['AM', 'PM'] : ['am', 'pm'];
        if (half !== am && half !== pm) throw new Bad();
        fields.half = half === pm ? 'pm' : 'am';
        return;
      }
      case 'MST':
        this.zoneName();
        return;
      default:
        this.zoneOffset(piece);
    }
  }

  private zoneName(): void {
    if (this.value.startsWith('UTC')) {
      this.fields.zone = UTC;
      this.value = this.value.slice(3);
      return;
    }
    const length = zoneNameLength(this.value);
    if (length === 0) throw new Bad();
    this.fields.zoneName = this.value.slice(0, length);
    this.value = this.value.slice(length);
  }

  private zoneOffset(piece: Piece): void {
    if (piece.startsWith('Z') && this.value.startsWith('Z')) {
      this.fields.zone = UTC;
      this.value = this.value.slice(1);
      return;
    }
    // Sign, hours, then minutes and seconds with or without colons; what is too large counts before what is no number.
    const parts = piece.replace(/^[-Z]|:/g, '').length / 2;
    const colon = piece.includes(':') ? 1 : 0;
    const length = 1 + 2 * parts + colon * (parts - 1);
    const text = this.value.slice(0, length);
    if (text.length < length || (colon === 1 && !/^.{3}:.{2}(:|$)/s.test(text))) throw new Bad();
    this.value = this.value.slice(length);
    const numbers: number[] = [];
    for (let part = 0; part < parts; part++) {
      const digits = text.slice(1 + part * (2 + colon), 3 + part * (2 + colon));
      if (!/^[0-9]{2}$/.test(digits)) break;
      numbers.push(Number(digits));
    }
    const [hours = 0, minutes = 0, seconds = 0] = numbers;
    if (hours > 24) this.range = 'time zone offset hour';
    if (minutes > 60) this.range = 'time zone offset minute';
    if (seconds > 60) this.range = 'time zone offset second';
    const sign = text.charAt(0);
    if (this.range === '' && (numbers.length < parts || (sign !== '+' && sign !== '-'))) throw new Bad();
    const total = (hours * 60 + minutes) * 60 + seconds;
    this.fields.offset = sign === '-' ? -total : total;
  }
}

/** How much of a text looks like the name of a zone; 0 when nothing does. */
function zoneNameLength(value: string): number {
  if (/^(ChST|MeST)/.test(value)) return 4;
  if (value.startsWith('GMT')) return 3 + signedOffsetLength(value.slice(3));
  if (/^[-+]/.test(value)) return value.length < 3 ? 0 : signedOffsetLength(value);
  const upper = /^[A-Z]{0,6}/.exec(value)?.[0] ?? '';
  if (upper.length === 3) return 3;
  if (upper.length === 4) return upper.endsWith('T') || upper === 'WITA' ? 4 : 0;
  return upper.length === 5 && upper.endsWith('T') ? 5 : 0;
}

function signedOffsetLength(value: string): number {
  const match = /^[-+]([0-9]+)/.exec(value);
  return match === null || Number(match[1]) > 23 ? 0 : match[0].length;
}

/** Text of the layout between pieces must stand in the value, spaces loosely. Gives the rest, or undefined with what was left. */
function skipText(value: string, prefix: string): { readonly rest: string; readonly ok: boolean } {
  let rest = value;
  let wanted = prefix;
  while (wanted !== '') {
    if (wanted.startsWith(' ')) {
      if (rest !== '' && !rest.startsWith(' ')) return { rest, ok: false };
      wanted = wanted.replace(/^ +/, '');
      rest = rest.replace(/^ +/, '');
      continue;
    }
    if (rest.charAt(0) !== wanted.charAt(0)) return { rest, ok: false };
    wanted = wanted.slice(1);
    rest = rest.slice(1);
  }
  return { rest, ok: true };
}

/** @throws GoError in Go's words */
export function parseTime(layout: string, value: string): Instant {
  const complain = (message: string): GoError => new GoError(`parsing time ${timeQuote(value)}${message}`);
  const cannot = (valuePart: string, layoutPart: string): GoError =>
    complain(` as ${timeQuote(layout)}: cannot parse ${timeQuote(valuePart)} as ${timeQuote(layoutPart)}`);
  const reader = new Reader(value);
  let rest = layout;
  for (;;) {
    const chunk = nextChunk(rest);
    const skipped = skipText(reader.value, chunk.prefix);
    if (!skipped.ok) throw cannot(skipped.rest, chunk.prefix);
    reader.value = skipped.rest;
    if (chunk.piece === undefined && chunk.fraction === undefined) {
      if (reader.value !== '') throw complain(`: extra text: ${timeQuote(reader.value)}`);
      break;
    }
    rest = chunk.rest;
    const hold = reader.value;
    try {
      if (chunk.fraction !== undefined) reader.fraction(chunk.fraction.digits, chunk.fraction.trims);
      else if (chunk.piece !== undefined) reader.piece(chunk.piece, rest);
    } catch (thrown) {
      if (thrown instanceof Bad) throw cannot(hold, chunk.text);
      throw thrown;
    }
    if (reader.range !== '') throw complain(`: ${reader.range} out of range`);
  }
  return assemble(reader.fields, complain);
}

const BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

function assemble(fields: Fields, complain: (message: string) => GoError): Instant {
  let { hour, month, day } = fields;
  if (fields.half === 'pm' && hour < 12) hour += 12;
  else if (fields.half === 'am' && hour === 12) hour = 0;
  if (fields.yearDay >= 0) {
    const found = fromYearDay(fields.yearDay, fields.year);
    if (found === undefined) throw complain(': day-of-year out of range');
    if (month >= 0 && month !== found.month) throw complain(': day-of-year does not match month');
    if (day >= 0 && day !== found.day) throw complain(': day-of-year does not match day');
    ({ month, day } = found);
  } else {
    if (month < 0) month = 1;
    if (day < 0) day = 1;
  }
  if (day < 1 || day > daysIn(month, fields.year)) throw complain(': day out of range');
  const { year, minute, second, nanos, zone, offset, zoneName } = fields;
  const parts = { year, month, day, hour, minute, second, nanos };
  if (zone !== undefined) return instantOf(parts, zone);
  if (offset !== undefined) {
    const isLocal = offset === 0 && (zoneName === '' || zoneName === 'UTC');
    const { seconds } = instantOf(parts, UTC);
    return { seconds: seconds - offset, nanos, zone: isLocal ? UTC : fixedZone(zoneName, offset) };
  }
  if (zoneName === '') return instantOf(parts, UTC);
  // A name alone says nothing about the offset, except after GMT.
  const hours = zoneName.startsWith('GMT') && zoneName.length > 3 ? Number(zoneName.slice(3)) : 0;
  return { ...instantOf(parts, UTC), zone: fixedZone(zoneName, hours * 3_600) };
}

function fromYearDay(yearDay: number, year: number): { readonly month: number; readonly day: number } | undefined {
  let inYear = yearDay;
  if (isLeap(year)) {
    if (inYear === 60) return { month: 2, day: 29 };
    if (inYear > 60) inYear--;
  }
  if (inYear < 1 || inYear > 365) return undefined;
  const month = BEFORE_MONTH.findIndex((days, i) => i > 0 && inYear <= days);
  return { month, day: inYear - (BEFORE_MONTH[month - 1] ?? 0) };
}
