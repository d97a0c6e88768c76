const DATE = /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})$/;
// Go takes one or two digits for the date and the clock, and a fraction after '.' or ','.
const STAMP =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})([.,][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})| ([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})([.,][0-9]+)?)$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A timestamp as Go's YAML libraries recognise it, in the form of RFC 3339 (as Go's JSON writes it); undefined for any other text. */
export function parseGoTimestamp(text: string): string | undefined {
  if (text.charCodeAt(4) !== 45) return undefined;
  const date = DATE.exec(text);
  if (date !== null) return format(date[1], date[2], date[3], '0', '0', '0', undefined, 'Z');
  const stamp = STAMP.exec(text);
  if (stamp === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone, hour2, minute2, second2, fraction2] = stamp;
  if (hour !== undefined) return format(year, month, day, hour, minute, second, fraction, zone ?? 'Z');
  return format(year, month, day, hour2, minute2, second2, fraction2, 'Z');
}

function format(
  year = '',
  month = '',
  day = '',
  hour = '',
  minute = '',
  second = '',
  fraction = '',
  zone = '',
): string | undefined {
  const leap = Number(year) % 4 === 0 && (Number(year) % 100 !== 0 || Number(year) % 400 === 0);
  const days = (DAYS[Number(month) - 1] ?? 0) + (leap && Number(month) === 2 ? 1 : 0);
  if (Number(day) < 1 || Number(day) > days || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) {
    return undefined;
  }
  const nanoseconds = fraction.slice(1, 10).replace(/0+$/, '');
  const two = (part: string): string => part.padStart(2, '0');
  const written = writeZone(zone);
  if (written === undefined) return undefined;
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${nanoseconds === '' ? '' : `.${nanoseconds}`}${written}`;
}

/** Go lets 24 hours and 60 minutes pass as an offset. */
function writeZone(zone: string): string | undefined {
  if (zone === 'Z') return zone;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4));
  if (hours > 24 || minutes > 60) return undefined;
  const total = hours * 60 + minutes;
  if (total === 0) return 'Z';
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${zone.charAt(0)}${two(Math.floor(total / 60))}:${two(total % 60)}`;
}
