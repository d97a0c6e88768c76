import { GoError } from '../gotemplate/errors.ts';
import { quote } from '../gotemplate/quote.ts';
import { comparePrereleaseParts, compareVersions, parseVersion, type Version } from './semver-version.ts';

/** Version constraints of Masterminds semver 3.5: `>=1.19-0`, `^1.2 || ~2.0.x`, `1.0 - 2.0`. */

const LONGEST_CONSTRAINT = 512;
const MOST_GROUPS = 32;

const VERSION = String.raw`v?([0-9|x|X|*]+)(\.[0-9|x|X|*]+)?(\.[0-9|x|X|*]+)?(-([0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*))?(\+([0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*))?`;
const OPERATOR = String.raw`=>|=<|=|!=|>=|<=|>|<|~>|~|\^|`;
// Constants of ours, and linear on the 512 bytes that are let in.
const SINGLE = new RegExp(`^\\s*(${OPERATOR})\\s*(${VERSION})\\s*$`);
const RANGE = new RegExp(`\\s*(${VERSION})\\s+-\\s+(${VERSION})\\s*`, 'g');
const STICKY = new RegExp(`\\s*(${OPERATOR})\\s*(${VERSION})`, 'y');

interface Constraint {
  readonly operator: string;
  readonly version: Version;
  /** Which parts were left open: `1.x` or just `1`. */
  readonly isDirty: boolean;
  readonly minorIsDirty: boolean;
  readonly patchIsDirty: boolean;
}

export interface ConstraintSet {
  /** Alternatives of constraints that must all hold. */
  readonly groups: readonly { readonly all: readonly Constraint[]; readonly allowsPrerelease: boolean }[];
}

/** @throws GoError */
export function parseConstraints(text: string): ConstraintSet {
  if (text.length > LONGEST_CONSTRAINT)
    throw new GoError(`constraint string is too long (max ${LONGEST_CONSTRAINT} bytes)`);
  const rewritten = text.replace(RANGE, (...match) => `>= ${String(match[1])}, <= ${String(match[11])} `);
  const groups = rewritten.split('||');
  if (groups.length > MOST_GROUPS) throw new GoError(`too many constraint groups (max ${MOST_GROUPS})`);
  return {
    groups: groups.map((group) => {
      const all = splitGroup(group).map(parseConstraint);
      return { all, allowsPrerelease: all.some(({ version }) => version.prerelease !== '') };
    }),
  };
}

/** The constraints of one group: separated by commas or spaces. @throws GoError */
function splitGroup(group: string): string[] {
  const found: string[] = [];
  let at = 0;
  for (;;) {
    STICKY.lastIndex = at;
    const match = STICKY.exec(group);
    if (match === null) break;
    found.push(match[0].trim());
    at = STICKY.lastIndex;
    const separator = /^(?:\s*,\s*|\s+)/.exec(group.slice(at))?.[0] ?? '';
    at += separator.length;
    if (at >= group.length) {
      if (separator.includes(',')) break;
      return found;
    }
    if (separator === '') break;
  }
  throw new GoError(`improper constraint: ${quote(group)}`);
}

function isOpen(part: string | undefined): boolean {
  return part === undefined || part === '' || /^\.?[xX*]$/.test(part);
}

function parseConstraint(text: string): Constraint {
  const match = SINGLE.exec(text);
  if (match === null) throw new GoError(`improper constraint: ${quote(text)}`);
  const [, operator = '', written = '', major, minor, patch, prerelease = ''] = match;
  let version = written;
  let minorIsDirty = false;
  let patchIsDirty = false;
  let isDirty = true;
  if (isOpen(major)) version = `0.0.0${prerelease}`;
  else if (isOpen(minor)) {
    minorIsDirty = true;
    version = `${major ?? ''}.0.0${prerelease}`;
  } else if (isOpen(patch)) {
    patchIsDirty = true;
    version = `${major ?? ''}${minor ?? ''}.0${prerelease}`;
  } else isDirty = false;
  try {
    return { operator, version: parseVersion(version), isDirty, minorIsDirty, patchIsDirty };
  } catch (thrown) {
    if (thrown instanceof GoError) throw new GoError('constraint parser error', thrown);
    throw thrown;
  }
}

/** Whether a version satisfies one of the alternatives. */
export function satisfies(set: ConstraintSet, version: Version): boolean {
  return set.groups.some(({ all, allowsPrerelease }) =>
    all.every((constraint) => (version.prerelease === '' || allowsPrerelease) && holds(constraint, version)),
  );
}

function holds(constraint: Constraint, version: Version): boolean {
  const order = compareVersions(version, constraint.version);
  switch (constraint.operator) {
    case '':
    case '=':
      return constraint.isDirty ? holdsTilde(constraint, version) : order === 0;
    case '!=':
      return holdsNotEqual(constraint, version);
    case '>':
      return holdsGreater(constraint, version);
    case '<':
      return order < 0;
    case '>=':
    case '=>':
      return order >= 0;
    case '<=':
    case '=<':
      return holdsLessOrEqual(constraint, version);
    case '~':
    case '~>':
      return holdsTilde(constraint, version);
    default:
      return holdsCaret(constraint, version);
  }
}

function holdsNotEqual(
  { version: wanted, isDirty, minorIsDirty, patchIsDirty }: Constraint,
  version: Version,
): boolean {
  if (isDirty) {
    if (wanted.major !== version.major) return true;
    if (minorIsDirty) return false;
    if (wanted.minor !== version.minor) return true;
    if (patchIsDirty) {
      if (version.prerelease === '' && wanted.prerelease === '') return false;
      return (
        version.prerelease !== wanted.prerelease && comparePrereleaseParts(version.prerelease, wanted.prerelease) !== 0
      );
    }
  }
  return compareVersions(version, wanted) !== 0;
}

function holdsGreater({ version: wanted, isDirty, minorIsDirty, patchIsDirty }: Constraint, version: Version): boolean {
  if (!isDirty) return compareVersions(version, wanted) > 0;
  if (version.major !== wanted.major) return version.major > wanted.major;
  if (minorIsDirty) return false;
  if (patchIsDirty) return version.minor > wanted.minor;
  return compareVersions(version, wanted) > 0;
}

function holdsLessOrEqual({ version: wanted, isDirty, minorIsDirty }: Constraint, version: Version): boolean {
  if (!isDirty) return compareVersions(version, wanted) <= 0;
  if (version.major > wanted.major) return false;
  return !(version.major === wanted.major && version.minor > wanted.minor && !minorIsDirty);
}

function holdsTilde({ version: wanted, minorIsDirty, patchIsDirty }: Constraint, version: Version): boolean {
  if (compareVersions(version, wanted) < 0) return false;
  const isZero = wanted.major === 0n && wanted.minor === 0n && wanted.patch === 0n;
  if (isZero && !minorIsDirty && !patchIsDirty) return true;
  if (version.major !== wanted.major) return false;
  return version.minor === wanted.minor || minorIsDirty;
}

function holdsCaret({ version: wanted, minorIsDirty, patchIsDirty }: Constraint, version: Version): boolean {
  if (compareVersions(version, wanted) < 0) return false;
  if (wanted.major > 0n || minorIsDirty) return version.major === wanted.major;
  if (version.major > 0n) return false;
  if (wanted.minor > 0n || patchIsDirty) return version.minor === wanted.minor;
  if (version.minor > 0n) return false;
  return version.patch === wanted.patch;
}
