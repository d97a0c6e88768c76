/** A semantic version (semver 2.0.0); build metadata is kept for order only. */
export interface Version {
  readonly numbers: readonly [number, number, number];
  readonly prerelease: readonly (string | number)[];
}

type Operator = '<' | '<=' | '>' | '>=' | '=';
interface Comparator {
  readonly operator: Operator;
  readonly version: Version;
  /** The upper end of `^`, `~` or `x`: its pre-release mark is ours, not the writer's. */
  readonly implied?: true;
}
/** Alternatives (`||`) of comparators that must all hold. */
export type Range = readonly (readonly Comparator[])[];

const MAX_LENGTH = 256;
const NUMBER = '(0|[1-9][0-9]{0,14})';
const IDENTIFIERS = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const VERSION = new RegExp(`^v?${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-(${IDENTIFIERS}))?(?:\\+${IDENTIFIERS})?$`);
const PARTIAL = new RegExp(
  `^(\\^|~>?|<=|>=|<|>|=|!=)?\\s*v?(?:${NUMBER}|([xX*]))(?:\\.(?:${NUMBER}|([xX*])))?(?:\\.(?:${NUMBER}|([xX*])))?(?:-(${IDENTIFIERS}))?(?:\\+${IDENTIFIERS})?$`,
);

/** `1.2.3`, `v1.2.3-rc.1+build`; undefined for everything else. */
export function parseVersion(text: string): Version | undefined {
  const match = text.length > MAX_LENGTH ? null : VERSION.exec(text);
  if (match === null) return undefined;
  return {
    numbers: [Number(match[1]), Number(match[2]), Number(match[3])],
    prerelease: parsePrerelease(match[4]),
  };
}

function parsePrerelease(text: string | undefined): readonly (string | number)[] {
  return (text ?? '')
    .split('.')
    .flatMap((part) => (part === '' ? [] : [/^[0-9]{1,15}$/.test(part) ? Number(part) : part]));
}

/** Negative, zero or positive, by semver precedence. */
export function compareVersions(left: Version, right: Version): number {
  for (const index of [0, 1, 2] as const) {
    const difference = left.numbers[index] - right.numbers[index];
    if (difference !== 0) return difference;
  }
  if (left.prerelease.length === 0 || right.prerelease.length === 0)
    return right.prerelease.length - left.prerelease.length;
  for (let index = 0; index < Math.max(left.prerelease.length, right.prerelease.length); index++) {
    const [one, other] = [left.prerelease[index], right.prerelease[index]];
    if (one === undefined) return -1;
    if (other === undefined) return 1;
    if (one === other) continue;
    if (typeof one === 'number' && typeof other === 'number') return one - other;
    if (typeof one === 'number') return -1;
    if (typeof other === 'number') return 1;
    return one < other ? -1 : 1;
  }
  return 0;
}

/**
 * A range as npm and Helm write it: comparators (`>=1.2.0`, `<2`), `^1.2`, `~1.2.3`, `1.2.x`, `*`, `1.0 - 2.0`, joined by spaces or
 * commas (and) and `||` (or). Undefined when it is none.
 */
export function parseRange(text: string): Range | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const range: Comparator[][] = [];
  for (const alternative of text.split('||')) {
    const hyphen = /^\s*(\S+)\s+-\s+(\S+)\s*$/.exec(alternative);
    const terms =
      hyphen === null
        ? alternative.replaceAll(/(\^|~>?|<=|>=|<|>|!=|=)\s+/g, '$1').split(/[\s,]+/)
        : [`>=${hyphen[1] ?? ''}`, `<=${hyphen[2] ?? ''}`];
    const comparators: Comparator[] = [];
    for (const term of terms) {
      if (term === '') continue;
      const parsed = parseTerm(term);
      if (parsed === undefined) return undefined;
      comparators.push(...parsed);
    }
    if (comparators.length === 0) {
      if (alternative.trim() !== '' || text.trim() === '') return undefined;
    }
    range.push(comparators);
  }
  return range;
}

function parseTerm(term: string): readonly Comparator[] | undefined {
  const match = PARTIAL.exec(term);
  if (match === null || match[1] === '!=') return undefined;
  const operator = match[1] ?? '=';
  const given = [match[2], match[4], match[6]].map((part) => (part === undefined ? undefined : Number(part)));
  const wild = given.indexOf(undefined);
  const known = wild < 0 ? 3 : wild;
  if (given.slice(known).some((part) => part !== undefined) || (match[8] !== undefined && known < 3)) return undefined;
  const low: Version = {
    numbers: [given[0] ?? 0, given[1] ?? 0, given[2] ?? 0],
    prerelease: parsePrerelease(match[8]),
  };
  // The first version after everything that the given parts name, with its pre-releases left out: 1.2 → 1.3.0-0.
  const after = (position: number): Version => {
    const numbers: [number, number, number] = [0, 0, 0];
    for (const index of [0, 1, 2] as const)
      if (index < position) numbers[index] = low.numbers[index];
      else if (index === position) numbers[index] = low.numbers[index] + 1;
    return { numbers, prerelease: [0] };
  };
  const between = (position: number): readonly Comparator[] => [
    { operator: '>=', version: low },
    { operator: '<', version: after(position), implied: true },
  ];
  const always: readonly Comparator[] = [{ operator: '>=', version: { numbers: [0, 0, 0], prerelease: [] } }];
  if (known === 0) return operator === '<' || operator === '>' ? undefined : always;
  switch (operator) {
    case '=':
      return known === 3 ? [{ operator: '=', version: low }] : between(known - 1);
    case '~':
    case '~>':
      return between(Math.min(known - 1, 1));
    case '^': {
      const first = low.numbers.findIndex((part, index) => part !== 0 && index < known);
      return between(first < 0 ? known - 1 : first);
    }
    case '>':
      return known === 3
        ? [{ operator: '>', version: low }]
        : [{ operator: '>=', version: { ...after(known - 1), prerelease: [] } }];
    case '<=':
      return known === 3
        ? [{ operator: '<=', version: low }]
        : [{ operator: '<', version: after(known - 1), implied: true }];
    case '>=':
    case '<':
      return [{ operator, version: low }];
    default:
      return undefined;
  }
}

/** A pre-release satisfies a range only when the range names a pre-release of the same version. */
export function satisfies(version: Version, range: Range): boolean {
  return range.some((comparators) => {
    if (!comparators.every((comparator) => holds(version, comparator))) return false;
    if (version.prerelease.length === 0) return true;
    return comparators.some(
      ({ version: named, implied }) =>
        implied === undefined &&
        named.prerelease.length > 0 &&
        named.numbers.every((part, index) => part === version.numbers[index]),
    );
  });
}

function holds(version: Version, { operator, version: bound }: Comparator): boolean {
  const order = compareVersions(version, bound);
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '=':
      return order === 0;
  }
}
