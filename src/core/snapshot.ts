/** Who signed a commit, by a key that the application trusts. */
export interface Verification {
  /** Principal, user id or comment of the key; '' when it has none. */
  readonly signer: string;
  /** `SHA256:…` of an SSH key, or the fingerprint of an OpenPGP key. */
  readonly key: string;
}

/** For people: `, signed by ada@example.com (SHA256:…)`; nothing when nobody looked. */
export function signedBy(verification: Verification | undefined): string {
  if (verification === undefined) return '';
  const { signer, key } = verification;
  return signer === '' ? `, signed by ${key}` : `, signed by ${signer} (${key})`;
}

/** The chosen revision of a source. */
export interface Commit {
  /** Full hexadecimal object id. */
  readonly id: string;
  readonly author: string;
  /** Seconds since the epoch, as the commit says. */
  readonly timeSeconds: number;
  /** First line of the message, cut at 200 characters. */
  readonly subject: string;
  /** What was asked for (`branch main`, `tag v1`, `HEAD`…), for people. */
  readonly ref: string;
  /** Only when signatures are checked. */
  readonly verification?: Verification;
}

export type EntryKind = 'file' | 'directory';

export interface Entry {
  readonly name: string;
  readonly kind: EntryKind;
}

/**
 * What a render read and what it looked for in vain: path → object id (`file:<oid>`, `directory:<oid>`, `absent`). A directory's
 * id is taken only when it was listed. The render of another commit is the same when every path has the same id there.
 */
export type Trace = Readonly<Record<string, string>>;

/**
 * The read-only tree of one commit. Paths are relative to the repository root, with `/`, normalised (`a/b`, '' is the root).
 * Symbolic links are followed inside the tree only (at most ten hops); one that leaves it, a submodule, and a path that
 * climbs out throw `SourceRefused`. Reads are synchronous: a snapshot is opened inside a render process.
 */
export interface Snapshot {
  readonly commitId: string;
  /** The commit's time in seconds: the clock of a render. */
  readonly timeSeconds: number;
  /** The bytes of a file; undefined when nothing is there. @throws EngineError SourceRefused, RenderLimit (too large) */
  read(path: string): Uint8Array | undefined;
  /** Entries sorted by name (byte order), links resolved; undefined when the path is not a directory. */
  list(path: string): readonly Entry[] | undefined;
  /** What stands at a path, without reading it. */
  stat(path: string): EntryKind | undefined;
  /** Where a path leads after links, as a path without any; undefined when nothing is there. */
  realPath(path: string): string | undefined;
  /** The object id at a path (after links), for caches keyed by content; undefined when nothing is there. */
  oid(path: string): string | undefined;
  /** What was read so far. */
  trace(): Trace;
}
