import type { RenderProblem } from '../../core/manifest.ts';

/** Where in the repository something is wrong. */
export interface Place {
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
}

/** A place, or how to find it: lines are looked up only for messages. */
export type Where = Place | (() => Place);

export function findPlace(where: Where): Place {
  return typeof where === 'function' ? where() : where;
}

/**
 * One thing wrong with the input. Steps throw it; whoever can go on with other work catches it and adds it to the {@link Problems}.
 * Messages never hold the data of an object, only its kind, name and the names of fields.
 */
export class BuildError extends Error {
  override readonly name = 'BuildError';
  readonly reason: string;
  readonly place: Place | undefined;
  readonly remedy: string | undefined;
  readonly excerpt: string | undefined;

  constructor(
    reason: string,
    message: string,
    options: { readonly place?: Place; readonly remedy?: string; readonly excerpt?: string } = {},
  ) {
    super(message);
    this.reason = reason;
    this.place = options.place;
    this.remedy = options.remedy;
    this.excerpt = options.excerpt;
  }
}

/** Something that no further work helps with: the build as a whole is too large. */
export class BuildAbort extends BuildError {}

const MOST_PROBLEMS = 500;

/** The error's own place; where it knows only the file, the line that the step knows. */
function bestPlace(own: Place | undefined, fallback: Where): Place {
  if (own?.line !== undefined) return own;
  const found = findPlace(fallback);
  return own === undefined || own.path === found.path ? found : own;
}

/** All that was found wrong so far, in order, each once. */
export class Problems {
  readonly #list: RenderProblem[] = [];
  readonly #seen = new Set<string>();

  get count(): number {
    return this.#list.length;
  }

  add(error: BuildError, fallback: Where): void {
    const place = bestPlace(error.place, fallback);
    if (this.#list.length >= MOST_PROBLEMS) throw new BuildAbort('TooManyProblems', 'too many problems');
    const key = `${place.path}\n${place.line ?? ''}\n${error.message}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#list.push({
      path: place.path,
      ...(place.line === undefined ? {} : { line: place.line }),
      ...(place.column === undefined ? {} : { column: place.column }),
      message: error.message,
      ...(error.excerpt === undefined ? {} : { excerpt: error.excerpt }),
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    });
  }

  /** Runs a step; a {@link BuildError} becomes a problem and the answer is undefined. An abort, and anything else, goes on up. */
  collect<T>(fallback: Where, step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      if (this.#list.length < MOST_PROBLEMS) this.add(error, fallback);
      if (error instanceof BuildAbort) throw error;
      return undefined;
    }
  }

  list(): readonly RenderProblem[] {
    return [...this.#list];
  }
}

export function quote(text: string): string {
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return JSON.stringify(shown);
}
