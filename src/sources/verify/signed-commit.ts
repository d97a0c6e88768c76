/** A commit as its signer saw it. */
export interface SignedCommit {
  /** The commit object without its signature: what was signed. */
  readonly payload: Buffer;
  /** Armoured text. */
  readonly signature: string;
  /** When it was committed, by the committer's own clock; seconds since the epoch. */
  readonly committedSeconds: number;
}

/** Longer than any signature of a key that is read here. */
const MAX_SIGNATURE_BYTES = 64 * 1024;
const NEWLINE = 0x0a;
const SPACE = 0x20;

/**
 * Cuts the `gpgsig` header out of a commit object, as Git does before it signs and before it verifies. A reason in words when there is none,
 * or when there is more than one: which of them counts would be a matter of opinion.
 *
 * @param data the content of the object, without its type and size
 */
export function splitSignedCommit(data: Buffer): SignedCommit | string {
  const payload: Buffer[] = [];
  const signature: Buffer[] = [];
  let committer: string | undefined;
  let signatures = 0;
  let inSignature = false;
  let at = 0;
  while (at < data.byteLength) {
    const end = data.indexOf(NEWLINE, at);
    const next = end < 0 ? data.byteLength : end + 1;
    const line = data.subarray(at, next);
    if (line[0] === NEWLINE) break;
    if (inSignature && line[0] === SPACE) signature.push(line.subarray(1));
    else {
      const name = line.toString('latin1', 0, 16);
      inSignature = name.startsWith('gpgsig ');
      if (inSignature) signature.push(line.subarray('gpgsig '.length));
      else payload.push(line);
      if (/^gpgsig[ -]/.test(name)) signatures++;
      if (name.startsWith('committer ')) committer ??= line.toString('utf8').trimEnd();
    }
    at = next;
  }
  payload.push(data.subarray(at));
  if (signatures === 0) return 'it is not signed';
  if (signatures > 1) return 'it carries more than one signature';
  const text = Buffer.concat(signature);
  if (text.byteLength === 0) return 'it is not signed: gpgsig is not of this kind of repository';
  if (text.byteLength > MAX_SIGNATURE_BYTES) return `its signature is longer than ${MAX_SIGNATURE_BYTES} bytes`;
  const seconds = / ([0-9]{1,12}) [+-][0-9]{4}$/.exec(committer ?? '')?.[1];
  if (seconds === undefined) return 'it does not say when it was committed';
  return { payload: Buffer.concat(payload), signature: text.toString('latin1'), committedSeconds: Number(seconds) };
}
