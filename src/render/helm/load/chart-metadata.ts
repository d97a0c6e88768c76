import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { isVersion } from './versions.ts';
import type { ChartDependency, ChartLock, ChartMaintainer, ChartMetadata } from './chart.ts';
import { sanitizeText } from './go-text.ts';
import { booleanField, FieldProblem, listField, textField, textListField, textMapField } from './typed-fields.ts';

const ALIAS = /^[a-zA-Z0-9_-]+$/;

/**
 * Chart.yaml, with the fields of requirements.yaml (charts of version v1) laid over it.
 * @throws FieldProblem on a field of a wrong type or a value that Helm refuses
 */
export function readMetadata(chartYaml: Json, requirements: Json | undefined): ChartMetadata {
  if (!isJsonObject(chartYaml)) throw new FieldProblem('it must be a map');
  if (requirements !== undefined && requirements !== null && !isJsonObject(requirements)) {
    throw new FieldProblem('requirements.yaml must be a map');
  }
  const raw: JsonObject = Object.assign(Object.create(null) as JsonObject, chartYaml, requirements ?? {});
  const text = (name: string): string => sanitizeText(textField(raw, name));
  const metadata: ChartMetadata = {
    name: text('name'),
    home: text('home'),
    sources: textListField(raw, 'sources').map(sanitizeText),
    version: textField(raw, 'version'),
    description: text('description'),
    keywords: textListField(raw, 'keywords').map(sanitizeText),
    maintainers: (listField(raw, 'maintainers') ?? []).map(readMaintainer),
    icon: text('icon'),
    apiVersion: textField(raw, 'apiVersion') || 'v1',
    condition: text('condition'),
    tags: text('tags'),
    appVersion: text('appVersion'),
    deprecated: booleanField(raw, 'deprecated'),
    annotations: textMapField(raw, 'annotations'),
    kubeVersion: text('kubeVersion'),
    dependencies: listField(raw, 'dependencies')?.map(readDependency),
    type: textField(raw, 'type'),
  };
  validate(metadata);
  return metadata;
}

/** Chart.lock or requirements.lock. @throws FieldProblem */
export function readLock(json: Json): ChartLock | undefined {
  if (json === null) return undefined;
  if (!isJsonObject(json)) throw new FieldProblem('it must be a map');
  return {
    digest: textField(json, 'digest'),
    dependencies: (listField(json, 'dependencies') ?? []).map(readDependency),
  };
}

function readMaintainer(json: Json): ChartMaintainer {
  if (!isJsonObject(json)) throw new FieldProblem('maintainers must not contain empty or null nodes');
  const text = (name: string): string => sanitizeText(textField(json, name));
  return { name: text('name'), email: text('email'), url: text('url') };
}

function readDependency(json: Json): ChartDependency {
  if (!isJsonObject(json)) throw new FieldProblem('dependencies must not contain empty or null nodes');
  const text = (name: string): string => sanitizeText(textField(json, name));
  const dependency: ChartDependency = {
    name: text('name'),
    version: text('version'),
    repository: text('repository'),
    condition: text('condition'),
    tags: textListField(json, 'tags').map(sanitizeText),
    enabled: booleanField(json, 'enabled'),
    importValues: listField(json, 'import-values') ?? [],
    alias: textField(json, 'alias'),
  };
  if (dependency.alias !== '' && !ALIAS.test(dependency.alias)) {
    throw new FieldProblem(`dependency ${JSON.stringify(dependency.name)} has disallowed characters in the alias`);
  }
  return dependency;
}

function validate(metadata: ChartMetadata): void {
  const { name, version, type, apiVersion } = metadata;
  if (apiVersion !== 'v1' && apiVersion !== 'v2')
    throw new FieldProblem(`apiVersion ${JSON.stringify(apiVersion)} is not supported: v1 and v2 are`);
  if (name === '') throw new FieldProblem('chart.metadata.name is required');
  if (name === '.' || name === '..')
    throw new FieldProblem(`chart.metadata.name ${JSON.stringify(name)} is not allowed`);
  if (name.includes('/') || name.includes('\\'))
    throw new FieldProblem(`chart.metadata.name ${JSON.stringify(name)} is invalid`);
  if (version === '') throw new FieldProblem('chart.metadata.version is required');
  if (!isVersion(version)) throw new FieldProblem(`chart.metadata.version ${JSON.stringify(version)} is invalid`);
  if (type !== '' && type !== 'application' && type !== 'library') {
    throw new FieldProblem('chart.metadata.type must be application or library');
  }
  const seen = new Set<string>();
  for (const dependency of metadata.dependencies ?? []) {
    const key = dependency.alias === '' ? dependency.name : dependency.alias;
    if (seen.has(key)) throw new FieldProblem(`more than one dependency with name or alias ${JSON.stringify(key)}`);
    seen.add(key);
  }
}
