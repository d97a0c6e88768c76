/** Colours and signs, only where a person reads: never in a pipe, and not when NO_COLOR is set (no-color.org). */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

const plain = (text: string): string => text;
const code =
  (open: number, close: number) =>
  (text: string): string =>
    `\u001B[${open}m${text}\u001B[${close}m`;

const PLAIN: Style = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain, cyan: plain };
const COLOURED: Style = {
  bold: code(1, 22),
  dim: code(2, 22),
  red: code(31, 39),
  green: code(32, 39),
  yellow: code(33, 39),
  cyan: code(36, 39),
};

export function chooseStyle(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Style {
  if ((env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return PLAIN;
  return isTerminal || (env['FORCE_COLOR'] ?? '') !== '' ? COLOURED : PLAIN;
}

// C0 and C1 controls, bidirectional marks and the line and paragraph separators: text from a repository must not steer a terminal.
const UNSAFE = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g;

/** Text from outside, made harmless for a terminal and cut. Newlines stay, other controls become visible. */
export function safeText(text: string, longest = 2000): string {
  const visible = text.replaceAll(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return visible.length > longest
    ? `${visible.slice(0, longest)}… (${visible.length - longest} more characters)`
    : visible;
}

/** One line of text from outside. */
export function safeLine(text: string, longest = 400): string {
  return safeText(text.replaceAll(/\s*\n\s*/g, ' '), longest);
}
