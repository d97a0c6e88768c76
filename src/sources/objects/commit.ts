import { printable } from '../printable.ts';
import { corrupt } from './corrupt.ts';

/** What we need of a commit object. */
export interface CommitObject {
  readonly tree: string;
  readonly parents: readonly string[];
  /** `Name <address>`. */
  readonly author: string;
  /** When it was committed, seconds since the epoch. */
  readonly timeSeconds: number;
  /** First line of the message, at most 200 characters, without control characters. */
  readonly subject: string;
}

const ID = /^[0-9a-f]{40}$/;
const MAX_HEADERS = 10_000;

/** @throws EngineError SourceCorrupt */
export function parseCommit(data: Buffer, id: string): CommitObject {
  const { headers, message } = splitHeaders(data);
  const tree = headers.find(([name]) => name === 'tree')?.[1] ?? '';
  if (!ID.test(tree)) throw corrupt(`commit ${id}`, 'it names no tree');
  const parents = headers.filter(([name, value]) => name === 'parent' && ID.test(value)).map(([, value]) => value);
  const author = headers.find(([name]) => name === 'author')?.[1] ?? '';
  const committer = headers.find(([name]) => name === 'committer')?.[1] ?? author;
  const time = / (-?[0-9]{1,15}) [+-][0-9]{4}$/.exec(committer)?.[1];
  const firstLine = message.trimStart().split('\n', 1)[0] ?? '';
  return {
    tree,
    parents,
    author: printable(author.replace(/ -?[0-9]{1,20} [+-][0-9]{4}$/, '')),
    timeSeconds: time === undefined ? 0 : Number(time),
    subject: printable(firstLine),
  };
}

/** The object that an annotated tag points to. @throws EngineError SourceCorrupt */
export function parseTag(data: Buffer, id: string): { readonly object: string; readonly type: string } {
  const { headers } = splitHeaders(data);
  const object = headers.find(([name]) => name === 'object')?.[1] ?? '';
  if (!ID.test(object)) throw corrupt(`tag ${id}`, 'it names no object');
  return { object, type: headers.find(([name]) => name === 'type')?.[1] ?? '' };
}

function splitHeaders(data: Buffer): {
  readonly headers: readonly (readonly [string, string])[];
  readonly message: string;
} {
  const end = data.indexOf('\n\n');
  const head = data.toString('utf8', 0, end < 0 ? data.byteLength : end);
  const headers: (readonly [string, string])[] = [];
  for (const line of head.split('\n', MAX_HEADERS)) {
    const space = line.indexOf(' ');
    // A line that begins with a space continues the header before it (signatures); none of those is read here.
    if (space > 0) headers.push([line.slice(0, space), line.slice(space + 1)]);
  }
  return { headers, message: end < 0 ? '' : data.toString('utf8', end + 2, Math.min(data.byteLength, end + 2 + 4096)) };
}
