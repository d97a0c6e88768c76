import { fromBytes } from './byte-string.ts';

/**
 * An error value of Go inside the engine: thrown by functions, wrapped by whoever called them. `bytes` is the message as a byte
 * string (it may quote input); `cause` is what errors.Unwrap would give.
 */
export class GoError extends Error {
  override readonly name: string = 'GoError';
  readonly bytes: string;

  constructor(bytes: string, cause?: GoError) {
    super(fromBytes(bytes), cause === undefined ? undefined : { cause });
    this.bytes = bytes;
  }

  unwrap(): GoError | undefined {
    return this.cause instanceof GoError ? this.cause : undefined;
  }
}

/** A template that failed to parse or to run. The message is Go's, word for word. */
export abstract class TemplateError extends GoError {
  /** File (or name) of the template text. */
  readonly template: string;
  /** 1-based. */
  readonly line: number;
  /** 0-based byte in the line, as Go counts; undefined where Go names none. */
  readonly column: number | undefined;

  constructor(
    bytes: string,
    where: { readonly template: string; readonly line: number; readonly column?: number },
    cause?: GoError,
  ) {
    super(bytes, cause);
    this.template = where.template;
    this.line = where.line;
    this.column = where.column;
  }
}

/** text/template's parse error: `template: NAME:LINE: …`. */
export class ParseError extends TemplateError {
  override readonly name = 'ParseError';
}

/** text/template's ExecError: `template: NAME:LINE:COLUMN: executing "NAME" at <…>: …`. */
export class ExecError extends TemplateError {
  override readonly name = 'ExecError';
}
