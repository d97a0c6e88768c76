import type { GoFunction } from '../gotemplate/function.ts';
import { Behaviour, type GoMethod } from '../gotemplate/behaviour.ts';
import { type GoType, STRING, UINT64 } from '../gotemplate/types.ts';
import { goInt, GoInt, GoObject, type GoValue } from '../gotemplate/values.ts';
import { fn, type FunctionGroup, nilDereference, str } from './define.ts';
import { parseConstraints, satisfies } from './semver-constraint.ts';
import {
  checkMetadata,
  checkPrerelease,
  compareVersions,
  parseVersion,
  type Version,
  versionText,
} from './semver-version.ts';

const methods = new Map<string, GoMethod>();

function versionOf(value: GoValue): Version {
  return value instanceof GoObject && (value.type === POINTER || value.type === STRUCT)
    ? (value.hidden as Version)
    : nilDereference();
}

/** The fields of the struct: no template reads them, but `%d` prints them. */
const FIELDS = [
  { name: 'major', type: UINT64 },
  { name: 'minor', type: UINT64 },
  { name: 'patch', type: UINT64 },
  { name: 'pre', type: STRING },
  { name: 'metadata', type: STRING },
  { name: 'original', type: STRING },
];

const common = {
  named: true,
  fields: FIELDS,
  behaviour: new Behaviour({
    methods,
    stringer: (value) => versionText(versionOf(value)),
    json: (value) => versionText(versionOf(value)),
  }),
};

/** What `semver` gives. */
const POINTER: GoType = { name: '*semver.Version', kind: 'ptr', ...common };
/** What the Inc and Set methods give. */
const STRUCT: GoType = { name: 'semver.Version', kind: 'struct', ...common };

function goVersion(version: Version, type: GoType = STRUCT): GoObject {
  const fields = new Map<string, GoValue>([
    ['major', new GoInt(version.major, UINT64)],
    ['minor', new GoInt(version.minor, UINT64)],
    ['patch', new GoInt(version.patch, UINT64)],
    ['pre', version.prerelease],
    ['metadata', version.metadata],
    ['original', version.original],
  ]);
  return new GoObject(type, fields, version);
}

/** A deep copy of a version loses what it says: its fields cannot be seen from outside. */
export function copyOfVersion(value: GoObject): GoObject | undefined {
  if (value.type !== POINTER && value.type !== STRUCT) return undefined;
  return goVersion({ major: 0n, minor: 0n, patch: 0n, prerelease: '', metadata: '', original: '' }, value.type);
}

function define(
  name: string,
  params: readonly GoType[],
  call: (version: Version, args: readonly GoValue[]) => GoValue,
): void {
  methods.set(
    name,
    (receiver): GoFunction => ({ params, variadic: false, call: (args) => call(versionOf(receiver), args) }),
  );
}

function next(version: Version, change: Partial<Version>): GoObject {
  const changed = { ...version, prerelease: '', metadata: '', ...change };
  const prefix = version.original.startsWith('v') ? 'v' : '';
  return goVersion({ ...changed, original: prefix + versionText(changed) });
}

function comparison(test: (order: number) => GoValue): (version: Version, args: readonly GoValue[]) => GoValue {
  return (version, [other]) => test(compareVersions(version, versionOf(other)));
}

function textOf(value: GoValue): string {
  return typeof value === 'string' ? value : '';
}

define('Major', [], ({ major }) => new GoInt(major, UINT64));
define('Minor', [], ({ minor }) => new GoInt(minor, UINT64));
define('Patch', [], ({ patch }) => new GoInt(patch, UINT64));
define('Prerelease', [], ({ prerelease }) => prerelease);
define('Metadata', [], ({ metadata }) => metadata);
define('Original', [], ({ original }) => original);
define('String', [], versionText);
define('Compare', [POINTER], comparison((order) => goInt(order)));
define('Equal', [POINTER], comparison((order) => order === 0));
define('LessThan', [POINTER], comparison((order) => order < 0));
define('LessThanEqual', [POINTER], comparison((order) => order <= 0));
define('GreaterThan', [POINTER], comparison((order) => order > 0));
define('GreaterThanEqual', [POINTER], comparison((order) => order >= 0));
define('IncMajor', [], (version) => next(version, { major: version.major + 1n, minor: 0n, patch: 0n }));
define('IncMinor', [], (version) => next(version, { minor: version.minor + 1n, patch: 0n }));
define('IncPatch', [], (version) => next(version, version.prerelease === '' ? { patch: version.patch + 1n } : {}));
define('SetPrerelease', [STRING], (version, [value]) => {
  checkPrerelease(textOf(value));
  return next(version, { prerelease: textOf(value), metadata: version.metadata });
});
define('SetMetadata', [STRING], (version, [value]) => {
  checkMetadata(textOf(value));
  return next(version, { prerelease: version.prerelease, metadata: textOf(value) });
});

export const SEMVER_FUNCTIONS: FunctionGroup = {
  semver: fn([str], (text) => goVersion(parseVersion(text), POINTER)),
  semverCompare: fn([str, str], (constraint, text) => {
    const set = parseConstraints(constraint);
    return satisfies(set, parseVersion(text));
  }),
};
