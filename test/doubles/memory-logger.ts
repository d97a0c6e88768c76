import type { LogFields, Logger } from '../../src/core/ports.ts';

/** Keeps the lines that are logged. */
export class MemoryLogger implements Logger {
  readonly lines: { readonly level: string; readonly message: string; readonly fields: LogFields }[] = [];
  debug = (fields: LogFields, message: string): void => this.#add('debug', fields, message);
  info = (fields: LogFields, message: string): void => this.#add('info', fields, message);
  warn = (fields: LogFields, message: string): void => this.#add('warn', fields, message);
  error = (fields: LogFields, message: string): void => this.#add('error', fields, message);
  child = (): Logger => this;

  #add(level: string, fields: LogFields, message: string): void {
    this.lines.push({ level, message, fields });
  }
}
