/** What zones are called at an offset in minutes, where the platform's locales do not say it as the tz database does. */
const NAMED: readonly (readonly [zones: string, names: Readonly<Record<number, string>>])[] = [
  ['Asia/Tokyo', { 540: 'JST' }],
  ['Asia/Seoul Asia/Pyongyang', { 540: 'KST' }],
  ['Asia/Shanghai Asia/Taipei Asia/Macau', { 480: 'CST' }],
  ['Asia/Hong_Kong', { 480: 'HKT' }],
  ['Asia/Manila', { 480: 'PST' }],
  ['Asia/Jakarta Asia/Pontianak', { 420: 'WIB' }],
  ['Asia/Makassar', { 480: 'WITA' }],
  ['Asia/Jayapura', { 540: 'WIT' }],
  ['Asia/Karachi', { 300: 'PKT' }],
  ['Asia/Kolkata Asia/Calcutta', { 330: 'IST' }],
  ['Asia/Jerusalem', { 120: 'IST', 180: 'IDT' }],
  ['Europe/London Europe/Guernsey Europe/Isle_of_Man Europe/Jersey', { 0: 'GMT', 60: 'BST' }],
  ['Europe/Dublin', { 0: 'GMT', 60: 'IST' }],
  ['Europe/Moscow Europe/Kirov Europe/Simferopol Europe/Volgograd', { 180: 'MSK' }],
  ['Africa/Lagos', { 60: 'WAT' }],
  ['Africa/Nairobi', { 180: 'EAT' }],
  ['Africa/Johannesburg', { 120: 'SAST' }],
  ['Africa/Cairo', { 120: 'EET', 180: 'EEST' }],
  ['America/Adak', { [-600]: 'HST', [-540]: 'HDT' }],
  ['America/Dawson America/Hermosillo America/Mazatlan America/Whitehorse', { [-420]: 'MST' }],
  ['America/Havana', { [-300]: 'CST', [-240]: 'CDT' }],
  ['Pacific/Guam Pacific/Saipan', { 600: 'ChST' }],
  ['Pacific/Midway Pacific/Pago_Pago', { [-660]: 'SST' }],
  ['Etc/UTC', { 0: 'UTC' }],
  ['Etc/GMT GMT', { 0: 'GMT' }],
];

/** Zones that the tz database gives no name but their offset. */
const NUMERIC =
  'Africa/Casablanca Africa/El_Aaiun America/Miquelon Antarctica/Casey Antarctica/Troll Asia/Colombo Asia/Dubai Asia/Muscat ' +
  'Australia/Eucla Australia/Lord_Howe Pacific/Chatham';

const names = new Map(NAMED.flatMap(([zones, known]) => zones.split(' ').map((zone) => [zone, known] as const)));
const numeric = new Set(NUMERIC.split(' '));

/** The abbreviation of a zone at an offset; undefined when the platform's locales know it. */
export function listedAbbreviation(zone: string, offsetSeconds: number): string | undefined {
  return numeric.has(zone) ? numericAbbreviation(offsetSeconds) : names.get(zone)?.[offsetSeconds / 60];
}

/** `+05`, `-0330` */
export function numericAbbreviation(offsetSeconds: number): string {
  const minutes = Math.abs(Math.trunc(offsetSeconds / 60));
  const two = (value: number): string => String(value).padStart(2, '0');
  const rest = minutes % 60;
  return `${offsetSeconds < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${rest === 0 ? '' : two(rest)}`;
}
