import { EngineError } from '../../core/errors.ts';
import type { Entry, EntryKind, Snapshot, Trace } from '../../core/snapshot.ts';
import { isWithin } from './files.ts';
import { type BuiltInUse, laterUse } from './merge/schema.ts';

/** What a step of a build depends on, and what it did to the build beside its result. */
export interface Recording {
  /** Operation and path → what the snapshot answered. */
  readonly reads: ReadonlyMap<string, string>;
  readonly bytes: number;
  /** Every folder that was entered, as often as it was. */
  readonly folders: readonly string[];
  readonly objects: number;
  readonly warnings: readonly string[];
  /** What became of the built-in schema before one was chosen. */
  readonly builtInSchema: BuiltInUse;
  /** False when the result depends on more than what was read. */
  readonly reusable: boolean;
}

interface Frame {
  readonly reads: Map<string, string>;
  bytes: number;
  readonly folders: string[];
  objects: number;
  readonly warnings: string[];
  builtInSchema: BuiltInUse;
  reusable: boolean;
}

const ABSENT = '';

/** A snapshot that notes, for each step of a build that is under way, what the step reads. */
export class Recorder implements Snapshot {
  readonly commitId: string;
  readonly timeSeconds: number;
  readonly #inner: Snapshot;
  readonly #frames: Frame[] = [];

  constructor(inner: Snapshot) {
    this.#inner = inner;
    this.commitId = inner.commitId;
    this.timeSeconds = inner.timeSeconds;
  }

  read(path: string): Uint8Array | undefined {
    const bytes = this.#inner.read(path);
    if (bytes === undefined) this.#note(`read ${path}`, ABSENT);
    else this.#note(`oid ${path}`, this.#inner.oid(path));
    const frame = this.#frames.at(-1);
    if (frame !== undefined) frame.bytes += bytes?.length ?? 0;
    return bytes;
  }

  list(path: string): readonly Entry[] | undefined {
    const entries = this.#inner.list(path);
    this.#note(`list ${path}`, listed(entries));
    return entries;
  }

  stat(path: string): EntryKind | undefined {
    const kind = this.#inner.stat(path);
    this.#note(`stat ${path}`, kind);
    return kind;
  }

  realPath(path: string): string | undefined {
    const real = this.#inner.realPath(path);
    this.#note(`real ${path}`, real === undefined ? ABSENT : `/${real}`);
    return real;
  }

  oid(path: string): string | undefined {
    const oid = this.#inner.oid(path);
    this.#note(`oid ${path}`, oid);
    return oid;
  }

  trace(): Trace {
    return this.#inner.trace();
  }

  /** Runs a step and answers what it depended on. The step around it depends on that too. */
  record<T>(step: () => T): { readonly value: T; readonly recording: Recording } {
    const frame: Frame = {
      reads: new Map(),
      bytes: 0,
      folders: [],
      objects: 0,
      warnings: [],
      builtInSchema: 'unread',
      reusable: true,
    };
    this.#frames.push(frame);
    let value: T;
    try {
      value = step();
    } finally {
      this.#frames.pop();
    }
    // A step that throws is a problem, and then nothing around it is kept either.
    this.absorb(frame);
    return { value, recording: frame };
  }

  /** The step that is under way does all that another one did. */
  absorb(done: Recording): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return;
    for (const [read, answer] of done.reads) frame.reads.set(read, answer);
    frame.bytes += done.bytes;
    for (const folder of done.folders) frame.folders.push(folder);
    frame.objects += done.objects;
    for (const warning of done.warnings) frame.warnings.push(warning);
    frame.builtInSchema = laterUse(frame.builtInSchema, done.builtInSchema);
    frame.reusable &&= done.reusable;
  }

  noteFolder(path: string): void {
    this.#frames.at(-1)?.folders.push(path);
  }

  noteObjects(count: number): void {
    const frame = this.#frames.at(-1);
    if (frame !== undefined) frame.objects += count;
  }

  noteWarning(message: string): void {
    this.#frames.at(-1)?.warnings.push(message);
  }

  noteBuiltInSchema(use: BuiltInUse): void {
    const frame = this.#frames.at(-1);
    if (frame !== undefined) frame.builtInSchema = laterUse(frame.builtInSchema, use);
  }

  /** The step that is under way depends on more than the snapshot. */
  forbidReuse(): void {
    const frame = this.#frames.at(-1);
    if (frame !== undefined) frame.reusable = false;
  }

  /**
   * Whether a recorded step would read the same now and close no cycle: none of its folders may be one that `chain` is built from.
   * What is asked for that becomes part of the snapshot's trace, as if the step had read it.
   */
  holds({ reads, folders }: Recording, chain: readonly string[]): boolean {
    if (folders.some((folder) => chain.some((outer) => isWithin(outer, folder)))) return false;
    try {
      for (const [read, answer] of reads) if (this.#ask(read) !== answer) return false;
      return true;
    } catch (error) {
      if (error instanceof EngineError) return false;
      throw error;
    }
  }

  #ask(read: string): string {
    const space = read.indexOf(' ');
    const path = read.slice(space + 1);
    switch (read.slice(0, space)) {
      case 'read':
        return this.#inner.read(path) === undefined ? ABSENT : 'present';
      case 'list':
        return listed(this.#inner.list(path));
      case 'stat':
        return this.#inner.stat(path) ?? ABSENT;
      case 'real': {
        const real = this.#inner.realPath(path);
        return real === undefined ? ABSENT : `/${real}`;
      }
      default:
        return this.#inner.oid(path) ?? ABSENT;
    }
  }

  #note(read: string, answer: string | undefined): void {
    this.#frames.at(-1)?.reads.set(read, answer ?? ABSENT);
  }
}

function listed(entries: readonly Entry[] | undefined): string {
  return entries === undefined ? ABSENT : entries.map(({ name, kind }) => `${kind} ${name}`).join('/');
}
