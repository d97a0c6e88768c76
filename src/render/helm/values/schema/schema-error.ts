/** Something in the values that a schema does not allow, with what led to it. */
export interface SchemaError {
  /** JSON pointer into the values. */
  readonly at: string;
  readonly message: string;
  readonly causes: readonly SchemaError[];
}

/** More lines than this help nobody. */
const MAX_LINES = 200;

/** One line an error, causes indented below it. */
export function printSchemaErrors(errors: readonly SchemaError[]): string {
  const lines: string[] = [];
  const print = (error: SchemaError, depth: number): void => {
    lines.push(`${'  '.repeat(depth)}- at ${quote(error.at)}: ${error.message}`);
    for (const cause of error.causes) if (lines.length < MAX_LINES) print(cause, depth + 1);
  };
  for (const error of errors) if (lines.length < MAX_LINES) print(error, 0);
  if (lines.length >= MAX_LINES) lines.push('… and more');
  return `${lines.join('\n')}\n`;
}

/** In single quotes, as the message form has it. */
export function quote(text: string): string {
  const cut = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  const escaped = JSON.stringify(cut).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped}'`;
}

export function pointerStep(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
