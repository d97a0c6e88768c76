/** How large a chart may be, with all its subcharts. */
export interface LoadLimits {
  /** Bytes of all files together. */
  readonly chartBytes: number;
  readonly fileBytes: number;
  readonly files: number;
  /** Charts inside charts. */
  readonly depth: number;
}

export const DEFAULT_LOAD_LIMITS: LoadLimits = {
  chartBytes: 100 * 1024 * 1024,
  fileBytes: 16 * 1024 * 1024,
  files: 20_000,
  depth: 32,
};
