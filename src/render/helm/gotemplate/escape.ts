import { decodeRune } from './byte-string.ts';
import { isPrint } from './unicode.ts';

/** Text for HTML, JavaScript and URL queries, as text/template escapes it. All strings are byte strings. */

const HTML = new Map([
  ['\u0000', '\u00ef\u00bf\u00bd'],
  ['"', '&#34;'],
  ["'", '&#39;'],
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

export function escapeHtml(text: string): string {
  return text.replace(/["'&<>\u0000]/g, (char) => HTML.get(char) ?? char);
}

const JS = new Map([
  ['\\', '\\\\'],
  ["'", "\\'"],
  ['"', '\\"'],
  ['<', '\\u003C'],
  ['>', '\\u003E'],
  ['&', '\\u0026'],
  ['=', '\\u003D'],
]);

export function escapeJs(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; ) {
    const char = text.charAt(i);
    const code = text.charCodeAt(i);
    const special = JS.get(char);
    if (special !== undefined) {
      out += special;
      i++;
    } else if (code < 0x20) {
      out += `\\u00${code.toString(16).toUpperCase().padStart(2, '0')}`;
      i++;
    } else if (code < 0x80) {
      out += char;
      i++;
    } else {
      const { rune, size } = decodeRune(text, i);
      out += isPrint(rune) ? text.slice(i, i + size) : `\\u${rune.toString(16).toUpperCase().padStart(4, '0')}`;
      i += size;
    }
  }
  return out;
}

/** url.QueryEscape: a space is a plus, everything that is not unreserved is a percent code. */
export function escapeQuery(text: string): string {
  return text.replace(/[^A-Za-z0-9\-_.~]/g, (char) =>
    char === ' ' ? '+' : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
