/** What is wrong with a chart as it lies in the repository. */
export class ChartProblem extends Error {
  override readonly name = 'ChartProblem';
  /** Path in the repository, for the message. */
  readonly path: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly excerpt: string | undefined;

  constructor(
    path: string,
    message: string,
    where: { readonly line?: number; readonly column?: number; readonly excerpt?: string } = {},
  ) {
    super(message);
    this.path = path;
    this.line = where.line;
    this.column = where.column;
    this.excerpt = where.excerpt;
  }
}
