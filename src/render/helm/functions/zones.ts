import { listedAbbreviation, numericAbbreviation } from './zone-abbreviations.ts';

/** Time zones: UTC, fixed offsets, and the named zones that the platform knows. */
export interface Zone {
  /** time.Location's name: `UTC`, `Europe/Berlin`; '' for a bare offset. */
  readonly name: string;
  /** Offset from UTC and abbreviation at a moment. */
  at(epochSeconds: number): { readonly offsetSeconds: number; readonly abbreviation: string };
}

/** Local time, too: the machine's zone must not change a render. */
export const UTC: Zone = { name: 'UTC', at: () => ({ offsetSeconds: 0, abbreviation: 'UTC' }) };

const wholeHours = new Map<number, Zone>();

/** time.FixedZone: without a name and of whole hours it is the same zone each time, otherwise a new one. */
export function fixedZone(abbreviation: string, offsetSeconds: number): Zone {
  const isShared = abbreviation === '' && offsetSeconds % 3600 === 0 && Math.abs(offsetSeconds) <= 14 * 3600;
  const known = isShared ? wholeHours.get(offsetSeconds) : undefined;
  if (known !== undefined) return known;
  const zone: Zone = { name: abbreviation, at: () => ({ offsetSeconds, abbreviation }) };
  if (isShared) wholeHours.set(offsetSeconds, zone);
  return zone;
}

/** Zones that are an offset and nothing else; newer data let them follow a city, whose local mean time of old they never had. */
const WITHOUT_SEASONS: ReadonlyMap<string, Zone> = new Map(
  [['EST', -5] as const, ['MST', -7] as const, ['HST', -10] as const].map(([name, hours]) => [
    name,
    { name, at: () => ({ offsetSeconds: hours * 3600, abbreviation: name }) },
  ]),
);

const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+){0,2}$/;
const known = new Map<string, Zone | undefined>();
const MOST_ZONES = 1_000;
const MOST_ANSWERS = 10_000;
/** The year 1800. */
const BEFORE_ZONES = -5_364_662_400;

/** time.LoadLocation; undefined when there is no such zone. */
export function loadZone(name: string): Zone | undefined {
  if (name === '' || name === 'UTC' || name === 'Local') return UTC;
  if (known.has(name)) return known.get(name);
  const zone = ZONE_NAME.test(name) ? (WITHOUT_SEASONS.get(name) ?? namedZone(name)) : undefined;
  if (known.size < MOST_ZONES) known.set(name, zone);
  return zone;
}

/** Locales that know the abbreviations of their part of the world. */
const LOCALES = ['en-US', 'en-GB', 'en-AU', 'en-NZ', 'en-ZA', 'en-IN', 'en-CA'];

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
      // Before there were zones a place had its own mean time, from the beginning on.
      const moment = Math.max(epochSeconds, BEFORE_ZONES);
      const offsetSeconds = offsetAt(moment);
      const abbreviation = offsetSeconds % 900 !== 0 ? 'LMT' : abbreviationOf(name, moment, offsetSeconds, offsetAt);
      const answer = { offsetSeconds, abbreviation };
      if (answers.size >= MOST_ANSWERS) answers.clear();
      answers.set(quarter, answer);
      return answer;
    },
  };
}

/** A winter and a summer of our time: what an offset is called there it was called before, too. */
const RECENT = [Date.UTC(2024, 0, 15) / 1000, Date.UTC(2024, 6, 15) / 1000];

function abbreviationOf(
  name: string,
  epochSeconds: number,
  offset: number,
  offsetAt: (epochSeconds: number) => number,
): string {
  const listed = listedAbbreviation(name, offset);
  if (listed !== undefined) return listed;
  const moments = [epochSeconds, ...RECENT.filter((moment) => offsetAt(moment) === offset)];
  for (const moment of moments)
    for (const locale of LOCALES) {
      const format = new Intl.DateTimeFormat(locale, { timeZone: name, timeZoneName: 'short' });
      const found = format.formatToParts(moment * 1000).find(({ type }) => type === 'timeZoneName')?.value ?? '';
      if (/^[A-Z]{2,5}$/.test(found)) return found;
    }
  return numericAbbreviation(offset);
}
