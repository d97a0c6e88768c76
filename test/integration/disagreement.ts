import type { ObjectDiff } from '../../src/core/diff.ts';
import { at, isJsonObject, jsonEqual, type Json } from '../../src/core/json.ts';
import type { KubeObject } from '../../src/core/object-key.ts';

/*
 * Where our verdict and what a dry-run shows disagree. They may differ in this, and it is right that they do:
 * - a `release` and an apiVersion move change who owns what and no value;
 * - null and nothing, or null and an empty list or map, say the same, and which of them stands there is the server's choice;
 * - a field that Git drops may come back as its default: we say that it goes, the server shows the same value again;
 * - the server counts the generations of a DaemonSet's template in an annotation of its own;
 * - the server lets some fields of its own follow one that we name (FOLLOWERS).
 */

const COUNTED = 'annotations.deprecated.daemonset.template.generation';
/** Node ports come and go with the type of a Service, host ports with the host's network. */
const FOLLOWERS: readonly { readonly field: RegExp; readonly of: RegExp }[] = [
  { field: /^spec\.ports\[\]\.nodePort$/, of: /^spec\.type$/ },
  { field: /\.containers\[\]\.ports\[\]\.hostPort$/, of: /\.hostNetwork$/ },
];

interface Change {
  readonly path: string;
  /** Nothing and null, or null and empty. */
  readonly wordOnly: boolean;
}

/** What is wrong with our verdict, in words; empty when the server would do just what we say. */
export function disagreements(ours: ObjectDiff, live: KubeObject, predicted: KubeObject): string[] {
  const theirs = difference(bodyOf(live), bodyOf(predicted));
  const missed = theirs
    .filter(({ path, wordOnly }) => !wordOnly && path !== COUNTED)
    .filter(
      ({ path }) => !ours.changes.some((change) => overlaps(normal(change.path), path) || follows(path, change.path)),
    )
    .map(({ path }) => `the server also changes ${path}`);
  const unfounded = ours.changes
    .filter(({ op }) => op !== 'release' && op !== 'remove')
    .filter(({ path }) => !theirs.some((change) => overlaps(normal(path), change.path)))
    .map(({ op, path }) => `the server does not ${op} ${path}`);
  return [...missed, ...unfounded];
}

/** Whether the server would change a value. */
export function changesValues(live: KubeObject, predicted: KubeObject): boolean {
  return difference(bodyOf(live), bodyOf(predicted)).some(({ wordOnly }) => !wordOnly);
}

function bodyOf(object: KubeObject): Json {
  const { metadata, status: _status, apiVersion: _version, kind: _kind, ...body } = object;
  return { ...body, labels: at(metadata, 'labels') ?? {}, annotations: at(metadata, 'annotations') ?? {} } as Json;
}

function follows(path: string, changed: string): boolean {
  return FOLLOWERS.some(({ field, of }) => field.test(path) && of.test(changed));
}

function normal(path: string): string {
  return path
    .replace(/^metadata\.(labels|annotations)/, '$1')
    .replaceAll(/\["((?:[^"\\]|\\.)*)"\]/g, '.$1')
    .replaceAll(/\[[^\]]*\]/g, '[]');
}

/** Whether one path is the other, or stands above it. */
export function overlaps(left: string, right: string): boolean {
  return left.startsWith(right) || right.startsWith(left);
}

/** What differs, list positions left out. */
function difference(before: Json | undefined, after: Json | undefined, path = ''): Change[] {
  if (before === after || (before !== undefined && after !== undefined && jsonEqual(before, after))) return [];
  if (Array.isArray(before) && Array.isArray(after)) {
    if (before.length !== after.length) return [{ path: `${path}[]`, wordOnly: false }];
    return before.flatMap((item: Json, index) => difference(item, after[index] as Json, `${path}[]`));
  }
  if (isJsonObject(before) && isJsonObject(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      difference(before[key], after[key], path === '' ? key : `${path}.${key}`),
    );
  return [{ path, wordOnly: (before === null && saysNothing(after)) || (after === null && saysNothing(before)) }];
}

function saysNothing(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
