import { createHash } from 'node:crypto';
import type { Json } from '../../../core/json.ts';
import type { ChartDependency } from '../load/chart.ts';

/**
 * The digest that Chart.lock carries: SHA-256 over the JSON of what Chart.yaml asks for and what was chosen. When it differs, one of
 * the two files was changed without the other.
 */
export function lockDigest(wanted: readonly ChartDependency[], locked: readonly ChartDependency[]): string {
  return digestOfText(`[${[wanted, locked].map(listJson).join(',')}]`);
}

/** The digest in a requirements.lock that Helm 2 wrote: over what is asked for alone. */
export function lockDigestOfHelm2(wanted: readonly ChartDependency[]): string {
  return digestOfText(`{"dependencies":${listJson(wanted)}}`);
}

function digestOfText(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function listJson(list: readonly ChartDependency[]): string {
  return `[${list.map(dependencyJson).join(',')}]`;
}

/** Fields in the order of Helm; empty ones are left out, except name and repository. */
function dependencyJson(dependency: ChartDependency): string {
  const fields: [string, Json, boolean][] = [
    ['name', dependency.name, true],
    ['version', dependency.version, dependency.version !== ''],
    ['repository', dependency.repository, true],
    ['condition', dependency.condition, dependency.condition !== ''],
    ['tags', dependency.tags, dependency.tags.length > 0],
    ['enabled', dependency.enabled, dependency.enabled],
    ['import-values', dependency.importValues, dependency.importValues.length > 0],
    ['alias', dependency.alias, dependency.alias !== ''],
  ];
  const written = fields.filter(([, , isThere]) => isThere).map(([name, value]) => `"${name}":${goJson(value)}`);
  return `{${written.join(',')}}`;
}

/** JSON as Go writes it: sorted keys, and characters that mean something in HTML escaped. */
function goJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => goJson(item)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const object = value as { readonly [key: string]: Json };
    const pairs = Object.keys(object)
      .sort()
      .map((key) => `${goJson(key)}:${goJson(object[key] ?? null)}`);
    return `{${pairs.join(',')}}`;
  }
  if (typeof value === 'bigint') return value.toString();
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
