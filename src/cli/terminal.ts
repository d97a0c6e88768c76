import type { Style } from './output/style.ts';

export type OutputFormat = 'text' | 'json' | 'yaml';

/** What a command writes to: results go to `out`, everything else (progress, hints, errors) to `err`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** For `out`. */
  readonly style: Style;
  /** For `err`. */
  readonly errStyle: Style;
  readonly interactive: boolean;
}
