import type { Style } from './style.ts';

/** Columns as kubectl prints them: upper-case heads, three spaces between, no rules, no trailing space. */
export function formatTable(heads: readonly string[], rows: readonly (readonly string[])[], style?: Style): string {
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => widthOf(row[column] ?? ''))));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column === heads.length - 1 ? cell : cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))),
      )
      .join('   ')
      .trimEnd();
  const head = line(heads);
  return [style === undefined ? head : style.dim(head), ...rows.map(line)].join('\n');
}

// The length on screen: colour sequences take no room.
// eslint-disable-next-line no-control-regex
const COLOUR = /\u001B\[\d+m/g;
function widthOf(text: string): number {
  return Array.from(text.replaceAll(COLOUR, '')).length;
}

/** `3m ago`, `2h ago`: the largest unit that fits. */
export function formatAge(fromMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - fromMs) / 1000));
  if (seconds < 60) return `${seconds}s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h ago`;
  return `${Math.floor(seconds / 86_400)}d ago`;
}
