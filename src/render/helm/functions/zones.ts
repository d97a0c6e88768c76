/** Time zones: UTC, fixed offsets, and the named zones that the platform knows. */
export interface Zone {
  /** time.Location's name: `UTC`, `Local`, `Europe/Berlin`; '' for a bare offset. */
  readonly name: string;
  /** Offset from UTC and abbreviation at a moment. */
  at(epochSeconds: number): { readonly offsetSeconds: number; readonly abbreviation: string };
}

export const UTC: Zone = { name: 'UTC', at: () => ({ offsetSeconds: 0, abbreviation: 'UTC' }) };

/** The machine's zone must not change a render: local time is UTC. */
export const LOCAL: Zone = { name: 'Local', at: (epochSeconds) => UTC.at(epochSeconds) };

export function fixedZone(abbreviation: string, offsetSeconds: number): Zone {
  return { name: abbreviation, at: () => ({ offsetSeconds, abbreviation }) };
}

const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+){0,2}$/;
const known = new Map<string, Zone | undefined>();
const MOST_ZONES = 1_000;
const MOST_ANSWERS = 10_000;

/** time.LoadLocation; undefined when there is no such zone. */
export function loadZone(name: string): Zone | undefined {
  if (name === '' || name === 'UTC') return UTC;
  if (name === 'Local') return LOCAL;
  if (known.has(name)) return known.get(name);
  const zone = ZONE_NAME.test(name) ? namedZone(name) : undefined;
  if (known.size < MOST_ZONES) known.set(name, zone);
  return zone;
}

/** Locales that know the abbreviations of their part of the world. */
const LOCALES = ['en-US', 'en-GB', 'en-AU', 'en-NZ', 'en-ZA', 'en-IN', 'en-CA'];

/** Abbreviations that no locale gives, by zone; standard time, and summer time where there is one. */
const ABBREVIATIONS = new Map<string, readonly [string, string?]>([
  ['Asia/Tokyo', ['JST']],
  ['Asia/Seoul', ['KST']],
  ['Asia/Shanghai', ['CST']],
  ['Asia/Taipei', ['CST']],
  ['Asia/Macau', ['CST']],
  ['Asia/Hong_Kong', ['HKT']],
  ['Asia/Manila', ['PST']],
  ['Asia/Jakarta', ['WIB']],
  ['Asia/Karachi', ['PKT']],
  ['Asia/Kolkata', ['IST']],
  ['Asia/Calcutta', ['IST']],
  ['Asia/Jerusalem', ['IST', 'IDT']],
  ['Europe/Moscow', ['MSK']],
  ['Africa/Lagos', ['WAT']],
  ['Africa/Nairobi', ['EAT']],
  ['Africa/Johannesburg', ['SAST']],
  ['Africa/Cairo', ['EET', 'EEST']],
  ['Etc/UTC', ['UTC']],
  ['Etc/GMT', ['GMT']],
  ['GMT', ['GMT']],
]);

function namedZone(name: string): Zone | undefined {
  let clock: Intl.DateTimeFormat;
  try {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
  const offsetAt = (epochSeconds: number): number => {
    const parts = new Map(clock.formatToParts(epochSeconds * 1000).map(({ type, value }) => [type, value]));
    const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type) ?? '0');
    const year = parts.get('era') === 'BC' ? 1 - number('year') : number('year');
    const local = new Date(0);
    local.setUTCFullYear(year, number('month') - 1, number('day'));
    local.setUTCHours(number('hour'), number('minute'), number('second'));
    return Math.round(local.getTime() / 1000 - epochSeconds);
  };
  // Rules change on the quarter hour at the finest, so one answer serves that long.
  const answers = new Map<number, { readonly offsetSeconds: number; readonly abbreviation: string }>();
  return {
    name,
    at(epochSeconds) {
      const quarter = Math.floor(epochSeconds / 900);
      const known = answers.get(quarter);
      if (known !== undefined) return known;
      const offsetSeconds = offsetAt(epochSeconds);
      const answer = { offsetSeconds, abbreviation: abbreviationOf(name, epochSeconds, offsetSeconds, offsetAt) };
      if (answers.size >= MOST_ANSWERS) answers.clear();
      answers.set(quarter, answer);
      return answer;
    },
  };
}

function abbreviationOf(
  name: string,
  epochSeconds: number,
  offset: number,
  offsetAt: (epochSeconds: number) => number,
): string {
  const listed = ABBREVIATIONS.get(name);
  if (listed !== undefined) {
    const [standard, summer] = listed;
    if (summer === undefined) return standard;
    const halfYear = 182 * 86_400;
    return offset > Math.min(offsetAt(epochSeconds - halfYear), offsetAt(epochSeconds + halfYear)) ? summer : standard;
  }
  for (const locale of LOCALES) {
    const format = new Intl.DateTimeFormat(locale, { timeZone: name, timeZoneName: 'short' });
    const found = format.formatToParts(epochSeconds * 1000).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    if (found === 'GMT' || found === 'UTC' || (/^[A-Z]{2,5}$/.test(found) && found !== 'GMT')) return found;
  }
  // Zones without a name of their own are called by their offset.
  const minutes = Math.abs(offset) / 60;
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0');
  const rest = minutes % 60 === 0 ? '' : String(Math.floor(minutes % 60)).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${hours}${rest}`;
}
