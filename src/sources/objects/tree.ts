import { corrupt } from './corrupt.ts';

export type TreeEntryKind = 'file' | 'directory' | 'link' | 'submodule';

export interface TreeEntry {
  readonly kind: TreeEntryKind;
  readonly id: string;
}

const SPACE = 0x20;
const KINDS: Readonly<Record<string, TreeEntryKind>> = {
  '40000': 'directory',
  '120000': 'link',
  '160000': 'submodule',
};

/**
 * The entries of a tree object by name. Names that could lead out of the tree or into Git's own folder make the whole tree corrupt, as in
 * `git fsck`; a name that is not UTF-8 is shown with replacement characters.
 * @throws EngineError SourceCorrupt
 */
export function parseTree(data: Buffer, id: string): ReadonlyMap<string, TreeEntry> {
  const subject = `tree ${id}`;
  const entries = new Map<string, TreeEntry>();
  let at = 0;
  while (at < data.byteLength) {
    const space = data.indexOf(SPACE, at);
    const end = space < 0 ? -1 : data.indexOf(0, space);
    if (end < 0 || end + 21 > data.byteLength) throw corrupt(subject, 'an entry is cut off');
    const mode = data.toString('latin1', at, space);
    const name = data.toString('utf8', space + 1, end);
    const kind = Object.hasOwn(KINDS, mode) ? KINDS[mode] : /^100[0-7]{3}$/.test(mode) ? 'file' : undefined;
    if (kind === undefined)
      throw corrupt(subject, `an entry has the unknown mode ${JSON.stringify(mode.slice(0, 12))}`);
    if (name === '' || name === '.' || name === '..' || name.includes('/') || name.toLowerCase() === '.git')
      throw corrupt(subject, `an entry has the forbidden name ${JSON.stringify(name)}`);
    if (entries.has(name)) throw corrupt(subject, `two entries have the name ${JSON.stringify(name.slice(0, 200))}`);
    entries.set(name, { kind, id: data.toString('hex', end + 1, end + 21) });
    at = end + 21;
  }
  return entries;
}
