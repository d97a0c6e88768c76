/** Token types of the scanner. */
export const STREAM_END = 1;
export const VERSION_DIRECTIVE = 2;
export const TAG_DIRECTIVE = 3;
export const DOCUMENT_START = 4;
export const DOCUMENT_END = 5;
export const LIST_START = 6;
export const MAP_START = 7;
export const BLOCK_END = 8;
export const FLOW_LIST_START = 9;
export const FLOW_LIST_END = 10;
export const FLOW_MAP_START = 11;
export const FLOW_MAP_END = 12;
export const ENTRY = 13;
export const FLOW_ENTRY = 14;
export const KEY = 15;
export const VALUE = 16;
export const ALIAS = 17;
export const ANCHOR = 18;
export const TAG = 19;
export const SCALAR = 20;

/** How a scalar was written; the names are the indicators. */
export const PLAIN = 0;
export const SINGLE_QUOTED = 1;
export const DOUBLE_QUOTED = 2;
export const LITERAL = 3;
export const FOLDED = 4;

export interface Token {
  readonly type: number;
  /** Where it starts in the text. */
  readonly position: number;
  /** A scalar's value, an anchor's name, a tag's handle, a directive's first word. */
  readonly value: string;
  /** A tag's suffix, a directive's second word. */
  readonly suffix: string;
  /** Of a scalar. */
  readonly style: number;
  /** Where a scalar ends; 0 for other tokens. */
  readonly end: number;
}
