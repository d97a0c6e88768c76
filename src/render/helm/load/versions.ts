import { parseConstraints, satisfies as satisfiesSet } from '../functions/semver-constraint.ts';
import { compareVersions as compare, parseVersion, type Version } from '../functions/semver-version.ts';
import { GoError } from '../gotemplate/errors.ts';

/** Whether a text is a version as charts write them: a `v` in front and missing parts are allowed. */
export function isVersion(text: string): boolean {
  return versionOf(text) !== undefined;
}

/** Whether a text is a range of versions. */
export function isRange(text: string): boolean {
  return attempt(() => parseConstraints(text)) !== undefined;
}

/** Whether a version lies in a range; false when one of them cannot be read. */
export function satisfies(version: string, range: string): boolean {
  const parsed = versionOf(version);
  const set = attempt(() => parseConstraints(range));
  return parsed !== undefined && set !== undefined && satisfiesSet(set, parsed);
}

/** Orders versions; what is none comes first. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [versionOf(left), versionOf(right)];
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return compare(a, b);
}

function versionOf(text: string): Version | undefined {
  return attempt(() => parseVersion(text));
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof GoError) return undefined;
    throw thrown;
  }
}
