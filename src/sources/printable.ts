/**
 * Text from outside on one line: control and bidirectional characters, which could rewrite what a terminal shows, become spaces; at
 * most 200 characters.
 */
export function printable(text: string): string {
  const clean = text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ' ').trim();
  return Array.from(clean).slice(0, 200).join('');
}
