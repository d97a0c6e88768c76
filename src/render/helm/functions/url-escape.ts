import { GoError } from '../gotemplate/errors.ts';
import { quote } from '../gotemplate/quote.ts';

/** Percent codes by part of a URL, as Go's net/url has them. */
export type UrlPart = 'path' | 'user' | 'host' | 'zone' | 'fragment';

const UNRESERVED = 'A-Za-z0-9\\-_.~';
const PLAIN: Readonly<Record<UrlPart, RegExp>> = {
  path: new RegExp(`[${UNRESERVED}$&+,/:;=@]`),
  user: new RegExp(`[${UNRESERVED}$&+,;=]`),
  host: new RegExp(`[${UNRESERVED}!$&'()*+,;=:[\\]<>"]`),
  zone: new RegExp(`[${UNRESERVED}!$&'()*+,;=:[\\]<>"]`),
  fragment: new RegExp(`[${UNRESERVED}$&+,/:;=?@!()*]`),
};

export function needsEscape(byte: string, part: UrlPart): boolean {
  return !PLAIN[part].test(byte);
}

export function escapeUrl(text: string, part: UrlPart): string {
  return text.replace(/[^A-Za-z0-9]/g, (byte) =>
    needsEscape(byte, part) ? `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}` : byte,
  );
}

function escapeError(text: string): GoError {
  return new GoError(`invalid URL escape ${quote(text)}`);
}

/** @throws GoError */
export function unescapeUrl(text: string, part: UrlPart): string {
  return text.replace(/%(?:[0-9A-Fa-f]{2})?|[^%]/g, (piece, at: number) => {
    if (piece.length === 1 && piece !== '%') {
      if ((part === 'host' || part === 'zone') && piece < '\u0080' && needsEscape(piece, part))
        throw new GoError(`invalid character ${quote(piece)} in host name`);
      return piece;
    }
    if (piece === '%') throw escapeError(text.slice(at, at + 3));
    const byte = String.fromCharCode(Number.parseInt(piece.slice(1), 16));
    if (part === 'host' && byte < '\u0080' && piece !== '%25') throw escapeError(piece);
    if (part === 'zone' && piece !== '%25' && byte !== ' ' && needsEscape(byte, 'host')) throw escapeError(piece);
    return byte;
  });
}
