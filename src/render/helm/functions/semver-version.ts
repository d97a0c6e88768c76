import { GoError } from '../gotemplate/errors.ts';
import { MAX_UINT64 } from '../gotemplate/number-text.ts';
import { quote } from '../gotemplate/quote.ts';

/** A version as Masterminds semver reads it: a `v` in front and missing parts are allowed. */
export interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
  /** As it was written. */
  readonly original: string;
}

const LONGEST_VERSION = 256;
const LOOSE =
  /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;

function segment(digits: string | undefined): bigint {
  const value = BigInt(digits ?? '0');
  if (value > MAX_UINT64)
    throw new GoError(
      `error parsing version segment: strconv.ParseUint: parsing ${quote(digits ?? '')}: value out of range`,
    );
  return value;
}

/** @throws GoError */
export function parseVersion(text: string): Version {
  if (text.length > LONGEST_VERSION) throw new GoError(`version string is too long (max ${LONGEST_VERSION} bytes)`);
  const match = LOOSE.exec(text);
  if (match === null) throw new GoError('invalid semantic version');
  const [, major, minor, patch, prerelease = '', metadata = ''] = match;
  const version: Version = {
    major: segment(major),
    minor: segment(minor),
    patch: segment(patch),
    prerelease,
    metadata,
    original: text,
  };
  checkPrerelease(prerelease);
  return version;
}

/** Numbers in a prerelease have no leading zeros. @throws GoError */
export function checkPrerelease(prerelease: string): void {
  if (prerelease === '') return;
  for (const part of prerelease.split('.')) {
    if (!/^[0-9A-Za-z-]+$/.test(part)) throw new GoError('invalid prerelease string');
    if (/^0[0-9]+$/.test(part)) throw new GoError('version segment starts with 0');
  }
}

/** @throws GoError */
export function checkMetadata(metadata: string): void {
  if (metadata !== '' && !metadata.split('.').every((part) => /^[0-9A-Za-z-]+$/.test(part)))
    throw new GoError('invalid metadata string');
}

/** `1.2.3-rc.1+build`, never with a `v`. */
export function versionText({ major, minor, patch, prerelease, metadata }: Version): string {
  return `${major}.${minor}.${patch}${prerelease === '' ? '' : `-${prerelease}`}${metadata === '' ? '' : `+${metadata}`}`;
}

function compareNumbers(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Precedence; metadata does not count. */
export function compareVersions(left: Version, right: Version): number {
  return (
    compareNumbers(left.major, right.major) ||
    compareNumbers(left.minor, right.minor) ||
    compareNumbers(left.patch, right.patch) ||
    comparePrereleases(left.prerelease, right.prerelease)
  );
}

/** A version without prerelease stands above every one with it. */
function comparePrereleases(left: string, right: string): number {
  if (left === right) return 0;
  if (left === '') return 1;
  if (right === '') return -1;
  return comparePrereleaseParts(left, right);
}

export function comparePrereleaseParts(left: string, right: string): number {
  const lefts = left.split('.');
  const rights = right.split('.');
  for (let i = 0; i < Math.max(lefts.length, rights.length); i++) {
    const order = comparePart(lefts[i] ?? '', rights[i] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function asNumber(part: string): bigint | undefined {
  const value = /^[0-9]+$/.test(part) ? BigInt(part) : undefined;
  return value !== undefined && value <= MAX_UINT64 ? value : undefined;
}

function comparePart(left: string, right: string): number {
  if (left === right) return 0;
  if (left === '') return -1;
  if (right === '') return 1;
  const leftNumber = asNumber(left);
  const rightNumber = asNumber(right);
  if (leftNumber === undefined && rightNumber === undefined) return left > right ? 1 : -1;
  if (rightNumber === undefined) return -1;
  if (leftNumber === undefined) return 1;
  return leftNumber > rightNumber ? 1 : -1;
}
