import { isIP, isIPv4, isIPv6 } from 'node:net';

/** Formats that are checked (by drafts before 2019; newer ones take `format` as a remark). A name that is not here is not checked. */
const FORMATS = new Map<string, (text: string) => boolean>([
  ['ipv4', (text) => isIPv4(text)],
  ['ipv6', (text) => isIPv6(text) && !text.includes('%')],
  ['hostname', isHostname],
  ['email', isEmail],
  ['uri', (text) => isUri(text, true)],
  ['iri', (text) => isUri(text, true)],
  ['uri-reference', (text) => isUri(text, false)],
  ['iri-reference', (text) => isUri(text, false)],
  ['date', isDate],
  ['time', isTime],
  ['date-time', isDateTime],
  ['uuid', (text) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)],
  ['json-pointer', (text) => /^(?:\/(?:[^~/]|~[01])*)*$/.test(text)],
  ['relative-json-pointer', (text) => /^(?:0|[1-9]\d*)(?:#|(?:\/(?:[^~/]|~[01])*)*)$/.test(text)],
  ['duration', isDuration],
  ['semver', isSemver],
]);

/** Whether a text has a format; true for formats that are not known. `regex` is checked where patterns are compiled. */
export function hasFormat(format: string, text: string): boolean {
  return FORMATS.get(format)?.(text) ?? true;
}

function isHostname(text: string): boolean {
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  if (name.length > 253) return false;
  return name.split('.').every((label) => /^[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/.test(label));
}

function isEmail(text: string): boolean {
  const split = text.lastIndexOf('@');
  if (split < 1 || text.length > 254 || split > 64) return false;
  const local = text.slice(0, split);
  const domain = text.slice(split + 1);
  const isQuoted =
    local.length > 2 && local.startsWith('"') && local.endsWith('"') && !/["\\]/.test(local.slice(1, -1));
  if (!isQuoted && !/^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+$/.test(local)) return false;
  if (!isQuoted && (local.startsWith('.') || local.endsWith('.') || local.includes('..'))) return false;
  if (domain.startsWith('[') && domain.endsWith(']')) return isIP(domain.slice(1, -1).replace(/^IPv6:/, '')) !== 0;
  return isHostname(domain);
}

function isUri(text: string, absolute: boolean): boolean {
  if (text.includes('\\') || /[\u0000-\u001f\u007f]/.test(text)) return false;
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return false;
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text)?.[1];
  if (scheme === undefined) return !absolute && !/^[^/?#]*:/.test(text);
  const authority = /^[^:]*:\/\/([^/?#]*)/.exec(text)?.[1] ?? '';
  const port = /:([^:\]@]*)$/.exec(authority)?.[1];
  return !/\s/.test(authority) && (port === undefined || /^\d*$/.test(port));
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day >= 1 && day <= (days[month - 1] ?? 0);
}

function isTime(text: string): boolean {
  const match = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[zZ]|([+-])(\d\d):(\d\d))$/.exec(text);
  if (match === null) return false;
  const [hour = 0, minute = 0, second = 0] = match.slice(1, 4).map(Number);
  const zoneHour = Number(match[5] ?? 0);
  const zoneMinute = Number(match[6] ?? 0);
  if (hour > 23 || minute > 59 || zoneHour > 23 || zoneMinute > 59) return false;
  if (second < 60) return true;
  const offset = (match[4] === '-' ? 1 : -1) * (zoneHour * 60 + zoneMinute);
  return second === 60 && (hour * 60 + minute + offset + 2880) % 1440 === 1439;
}

function isDateTime(text: string): boolean {
  return /^.{10}[tT]/.test(text) && isDate(text.slice(0, 10)) && isTime(text.slice(11));
}

function isDuration(text: string): boolean {
  if (/^P\d+W$/.test(text)) return true;
  return /^P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?$/.test(text);
}

function isSemver(text: string): boolean {
  const number = '(?:0|[1-9]\\d*)';
  const pre = '(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)';
  return new RegExp(
    `^${number}(?:\\.${number}){2}(?:-${pre}(?:\\.${pre})*)?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$`,
  ).test(text);
}
