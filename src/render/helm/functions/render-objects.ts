import { bytesOfFile, fromBytes, toBytes } from '../gotemplate/byte-string.ts';
import type { GoFunction } from '../gotemplate/function.ts';
import { GoError } from '../gotemplate/errors.ts';
import { quote } from '../gotemplate/quote.ts';
import { Behaviour, type GoMethod } from '../gotemplate/behaviour.ts';
import { jsonOf } from '../gotemplate/plain-data.ts';
import { ANY, BYTES, type GoType, MAP, STRING } from '../gotemplate/types.ts';
import { GoBytes, GoMap, GoObject, GoSlice, type GoValue } from '../gotemplate/values.ts';
import { emitYaml } from '../../yaml/emit.ts';
import { matchGlob } from './glob.ts';
import { orElse } from './json.ts';
import { baseName } from './paths.ts';
import { stringList } from './strval.ts';

/** The objects of Helm that have methods: `.Files` and `.Capabilities`. */

function method(params: readonly GoType[], call: (receiver: GoValue, args: readonly GoValue[]) => GoValue): GoMethod {
  return (receiver): GoFunction => ({ params, variadic: false, call: (args) => call(receiver, args) });
}

function textOf(value: GoValue): string {
  return typeof value === 'string' ? value : '';
}

function dataAt(files: GoValue, path: string): string {
  const data = files instanceof GoMap ? files.entries.get(path) : undefined;
  return data instanceof GoBytes ? data.data : '';
}

/** A YAML map of file names without folders; of equal names the last path wins. */
function asYaml(files: GoValue, write: (data: string) => string): string {
  const named = new GoMap();
  if (files instanceof GoMap)
    for (const path of files.sortedKeys()) named.entries.set(baseName(path), write(dataAt(files, path)));
  return toBytes(emitYaml(jsonOf(named), 'sigs')).replace(/\n$/, '');
}

/**
 * The type of `.Values`, of the whole scope and of `.Template`: a map with a name of its own and methods. Functions that want a plain
 * map take it, `dig` does not.
 */
export const VALUES_TYPE: GoType = {
  name: 'common.Values',
  kind: 'map',
  named: true,
  key: STRING,
  elem: ANY,
  behaviour: new Behaviour({
    methods: new Map<string, GoMethod>([
      ['AsMap', method([], (values) => (values instanceof GoMap ? new GoMap(values.entries, MAP) : values))],
      ['YAML', method([], (values) => toBytes(emitYaml(jsonOf(values), 'sigs')))],
      ['Table', method([STRING], (values, [path]) => tableAt(values, textOf(path)))],
      ['PathValue', method([STRING], (values, [path]) => valueAt(values, textOf(path)))],
    ]),
  }),
};

function tableAt(values: GoValue, path: string): GoValue {
  let table = values;
  for (const key of path.split('.')) {
    const next: GoValue = table instanceof GoMap ? table.entries.get(key) : undefined;
    if (!(next instanceof GoMap)) throw new GoError(`${quote(key)} is not a table`);
    table = next;
  }
  return table instanceof GoMap ? new GoMap(table.entries, VALUES_TYPE) : table;
}

/** The value at a path of keys; tables are no values. */
function valueAt(values: GoValue, path: string): GoValue {
  if (path === '') throw new GoError('YAML path cannot be empty');
  const dot = path.lastIndexOf('.');
  const key = path.slice(dot + 1);
  const table = dot < 0 ? values : orElse(() => tableAt(values, path.slice(0, dot)), noValue(key));
  const value = table instanceof GoMap ? table.entries.get(key) : undefined;
  return value === undefined || value instanceof GoMap ? noValue(key)() : value;
}

function noValue(key: string): () => never {
  return () => {
    throw new GoError(`${quote(key)} is not a value`);
  };
}

function linesOf(data: string): string[] {
  if (data === '') return [];
  return (data.endsWith('\n') ? data.slice(0, -1) : data).split('\n');
}

const FILES: GoType = {
  name: 'engine.files',
  kind: 'map',
  named: true,
  key: STRING,
  elem: BYTES,
  behaviour: new Behaviour({
    methods: new Map<string, GoMethod>([
      ['Get', method([STRING], (files, [path]) => dataAt(files, textOf(path)))],
      ['GetBytes', method([STRING], (files, [path]) => new GoBytes(dataAt(files, textOf(path))))],
      [
        'Glob',
        method([STRING], (files, [pattern]) => {
          const entries = files instanceof GoMap ? [...files.entries] : [];
          return new GoMap(new Map(entries.filter(([path]) => matchGlob(textOf(pattern), path))), FILES);
        }),
      ],
      ['Lines', method([STRING], (files, [path]) => stringList(linesOf(dataAt(files, textOf(path)))))],
      ['AsConfig', method([], (files) => asYaml(files, (data) => data))],
      ['AsSecrets', method([], (files) => asYaml(files, (data) => Buffer.from(data, 'latin1').toString('base64')))],
    ]),
  }),
};

/** Files of a chart by path, as `.Files` gives them to templates. Values are raw bytes that never change. */
export function filesValue(files: ReadonlyMap<string, Uint8Array>): GoValue {
  return new GoMap(new Map([...files].map(([path, data]) => [toBytes(path), new GoBytes(bytesOfFile(data))])), FILES);
}

export interface CapabilitiesInput {
  /** `v1.30.0`, with everything behind it that was given: `v1.33.4-gke.1245000`. */
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
  readonly unreadGroups?: readonly string[];
  /** `v4.3.1`; empty parts are empty strings in templates. */
  readonly helmVersion?: string;
}

/** `v1.33.4-gke.1` → `v1.33.4`: what constraints are checked against. */
function plainVersion(version: string): string {
  return /^v?\d+(?:\.\d+)*/.exec(version)?.[0] ?? version;
}

const KUBE_VERSION: GoType = {
  name: 'common.KubeVersion',
  kind: 'struct',
  named: true,
  fields: ['Version', 'normalizedVersion', 'Major', 'Minor'].map((name) => ({ name, type: STRING })),
  behaviour: new Behaviour({
    methods: new Map<string, GoMethod>([
      ['String', method([], (version) => fieldOf(version, 'normalizedVersion'))],
      ['GitVersion', method([], (version) => fieldOf(version, 'Version'))],
    ]),
    printed: (version) => fieldOf(version, 'normalizedVersion'),
    json: (version) => ({ as: without(version, 'normalizedVersion') }),
  }),
};

function fieldOf(object: GoValue, name: string): string {
  return object instanceof GoObject ? textOf(object.fields.get(name)) : '';
}

function without(object: GoValue, name: string): GoValue {
  if (!(object instanceof GoObject)) return null;
  const fields = (object.type.fields ?? []).filter((field) => field.name !== name);
  return new GoObject({ name: object.type.name, kind: 'struct', named: true, fields }, object.fields);
}

/** The type of `.Capabilities.APIVersions`; what a group that could not be read serves is unknown. */
function versionSet(unreadGroups: readonly string[]): GoType {
  const has = (set: GoValue, version: GoValue): boolean => {
    if (set instanceof GoSlice && set.items.includes(version)) return true;
    const [group = ''] = textOf(version).split('/');
    if (!unreadGroups.includes(fromBytes(group))) return false;
    throw new GoError(`it is not known what the cluster serves of ${group}: its API cannot be read now`);
  };
  return {
    name: 'common.VersionSet',
    kind: 'slice',
    named: true,
    elem: STRING,
    behaviour: new Behaviour({
      methods: new Map<string, GoMethod>([['Has', method([STRING], (set, [version]) => has(set, version))]]),
    }),
  };
}

const VERSION_SET = versionSet([]);

/** The fields of BuildInfo and their names in JSON, where empty ones are left out. */
const BUILD_FIELDS = new Map([
  ['Version', 'version'],
  ['GitCommit', 'git_commit'],
  ['GitTreeState', 'git_tree_state'],
  ['GoVersion', 'go_version'],
  ['KubeClientVersion', 'kube_client_version'],
]);

const BUILD_INFO: GoType = {
  name: 'version.BuildInfo',
  kind: 'struct',
  named: true,
  fields: [...BUILD_FIELDS.keys()].map((name) => ({ name, type: STRING })),
  behaviour: new Behaviour({
    json: (info) => {
      const entries = [...BUILD_FIELDS].map(([name, key]) => [key, fieldOf(info, name)] as const);
      const shown = entries.filter(([, text]) => text !== '');
      const fields = shown.map(([name]) => ({ name, type: STRING }));
      return { as: new GoObject({ name: 'version.BuildInfo', kind: 'struct', named: true, fields }, new Map(shown)) };
    },
  }),
};

const CAPABILITIES: GoType = {
  name: '*common.Capabilities',
  kind: 'ptr',
  named: true,
  fields: [
    { name: 'KubeVersion', type: KUBE_VERSION },
    { name: 'APIVersions', type: VERSION_SET },
    { name: 'HelmVersion', type: BUILD_INFO },
  ],
};

/** `.Capabilities` */
export function capabilitiesValue(input: CapabilitiesInput): GoValue {
  const [major = '', minor = ''] = plainVersion(input.kubeVersion).replace(/^v/, '').split('.');
  const kubeVersion = new GoObject(
    KUBE_VERSION,
    new Map([
      ['Version', toBytes(input.kubeVersion)],
      ['normalizedVersion', toBytes(plainVersion(input.kubeVersion))],
      ['Major', major],
      ['Minor', minor],
    ]),
  );
  const helmVersion = new GoObject(
    BUILD_INFO,
    new Map([
      ['Version', toBytes(input.helmVersion ?? '')],
      ['GitCommit', ''],
      ['GitTreeState', 'clean'],
      ['GoVersion', 'go1.26.8'],
      ['KubeClientVersion', 'v1.37'],
    ]),
  );
  const unread = input.unreadGroups ?? [];
  const versions = unread.length === 0 ? VERSION_SET : versionSet(unread);
  return new GoObject(
    CAPABILITIES,
    new Map<string, GoValue>([
      ['KubeVersion', kubeVersion],
      ['APIVersions', new GoSlice(input.apiVersions.map(toBytes), versions)],
      ['HelmVersion', helmVersion],
    ]),
  );
}
