import { createRequire } from 'node:module';

import type { Logger as Pino } from 'pino';

import type { LogFields, Logger } from '../core/ports.ts';
import { redact, redactText } from './redact.ts';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Facts on every line: the instance, the version. */
  readonly fields?: LogFields;
  /** Where lines go; absent: standard error, so that standard output stays what a command prints. */
  readonly write?: (line: string) => void;
}

const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => SILENT,
};

/** Structured logs as JSON lines (`level`, `time` in RFC 3339, `msg`, the fields), redacted before they are written anywhere. */
export function createLogger(options: LoggerOptions): Logger {
  if (options.level === 'silent') return SILENT;
  // Loaded when it is needed: most commands log nothing, and the library takes longer to load than they take to run.
  const { pino } = createRequire(import.meta.url)('pino') as typeof import('pino');
  const { write } = options;
  const destination = write === undefined ? pino.destination({ dest: 2, sync: true }) : { write };
  return new RedactingLogger(
    pino(
      {
        level: options.level,
        base: bindings(options.fields ?? {}),
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
      },
      destination,
    ),
  );
}

class RedactingLogger implements Logger {
  readonly #pino: Pino;

  constructor(pino: Pino) {
    this.#pino = pino;
  }

  debug(fields: LogFields, message: string): void {
    this.#write('debug', fields, message);
  }

  info(fields: LogFields, message: string): void {
    this.#write('info', fields, message);
  }

  warn(fields: LogFields, message: string): void {
    this.#write('warn', fields, message);
  }

  error(fields: LogFields, message: string): void {
    this.#write('error', fields, message);
  }

  child(fields: LogFields): Logger {
    return new RedactingLogger(this.#pino.child(bindings(fields)));
  }

  #write(level: 'debug' | 'info' | 'warn' | 'error', fields: LogFields, message: string): void {
    if (this.#pino.isLevelEnabled(level)) this.#pino[level](redact(fields), redactText(message));
  }
}

/** Fields that stay with a logger. The library calls their own `hasOwnProperty`, so they get an ordinary prototype and no key of that name. */
function bindings(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(redact(fields)).filter(([key]) => key !== 'hasOwnProperty'));
}
