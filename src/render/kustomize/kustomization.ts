import { own, type Json, type JsonObject } from '../../core/json.ts';
import type { FieldSpec } from './config/field-spec.ts';
import type { Selector } from './select/target.ts';
import type { ImageChange } from './transform/images.ts';

/** The parts of a kustomization file, as the build uses them: nothing is null, '' stands for a text that is not given. */
export interface Kustomization {
  readonly kind: string;
  readonly openapi: { readonly path: string | undefined; readonly version: string | undefined };
  readonly namePrefix: string;
  readonly nameSuffix: string;
  readonly namespace: string;
  readonly commonLabels: Readonly<Record<string, string>>;
  readonly labels: readonly LabelEntry[];
  readonly commonAnnotations: Readonly<Record<string, string>>;
  readonly patchesStrategicMerge: readonly string[];
  readonly patchesJson6902: readonly PatchSource[];
  readonly patches: readonly PatchSource[];
  readonly images: readonly ImageChange[];
  readonly replacements: readonly ReplacementSource[];
  readonly replicas: readonly { readonly name: string; readonly count: string }[];
  readonly vars: readonly Variable[];
  readonly sortOptions: SortOptions | undefined;
  readonly resources: readonly string[];
  readonly components: readonly string[];
  readonly crds: readonly string[];
  readonly configurations: readonly string[];
  readonly configMapGenerator: readonly GeneratorSource[];
  readonly secretGenerator: readonly GeneratorSource[];
  readonly helmGlobals: HelmGlobals;
  readonly helmCharts: readonly HelmChart[];
  readonly generatorOptions: GeneratorOptions | undefined;
  readonly generators: readonly string[];
  readonly transformers: readonly string[];
  readonly validators: readonly string[];
  readonly buildMetadata: readonly string[];
}

export interface LabelEntry {
  readonly pairs: Readonly<Record<string, string>>;
  readonly includeSelectors: boolean;
  readonly includeTemplates: boolean;
  readonly fields: readonly FieldSpec[];
}

export interface PatchSource {
  readonly path: string;
  readonly patch: string;
  readonly target: Selector | undefined;
  readonly allowNameChange: boolean;
  readonly allowKindChange: boolean;
}

export interface FieldOptions {
  readonly delimiter: string;
  readonly index: number;
  readonly create: boolean;
}

export interface Replacement {
  readonly source:
    | { readonly selector: Selector; readonly fieldPath: string; readonly options: FieldOptions | undefined }
    | undefined;
  readonly sourceValue: string | undefined;
  readonly targets: readonly ReplacementTarget[] | undefined;
}

export interface ReplacementTarget {
  readonly select: Selector | undefined;
  readonly reject: readonly Selector[];
  readonly fieldPaths: readonly string[];
  readonly options: FieldOptions | undefined;
}

export interface ReplacementSource extends Replacement {
  readonly path: string;
}

export interface Variable {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly objectName: string;
  readonly objectNamespace: string;
  readonly fieldPath: string;
}

export interface SortOptions {
  readonly order: string;
  readonly legacySortOptions:
    | { readonly orderFirst: readonly string[]; readonly orderLast: readonly string[] }
    | undefined;
}

export interface GeneratorOptions {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly disableNameSuffixHash: boolean;
  readonly immutable: boolean;
}

export interface GeneratorSource {
  readonly name: string;
  readonly namespace: string;
  readonly behavior: string;
  readonly literals: readonly string[];
  readonly files: readonly string[];
  readonly envs: readonly string[];
  readonly type: string;
  readonly options: GeneratorOptions | undefined;
}

export interface HelmGlobals {
  readonly chartHome: string;
}

export interface HelmChart {
  readonly name: string;
  readonly version: string;
  readonly repo: string;
  readonly releaseName: string;
  readonly namespace: string;
  readonly additionalValuesFiles: readonly string[];
  readonly valuesFile: string;
  readonly valuesInline: JsonObject | undefined;
  readonly valuesMerge: string;
  readonly includeCrds: boolean;
  readonly skipHooks: boolean;
  readonly skipTests: boolean;
  readonly apiVersions: readonly string[];
  readonly kubeVersion: string;
  readonly nameTemplate: string;
}

/** What was decoded is of the right types already; these only fill in what is missing. */
export function textOf(value: Json | undefined, field: string): string {
  const found = own(value, field);
  return typeof found === 'string' ? found : '';
}

export function flag(value: Json | undefined, field: string): boolean {
  return own(value, field) === true;
}

/** A whole number as text; '0' when it is missing. */
export function integerText(value: Json | undefined, field: string): string {
  const found = own(value, field);
  return typeof found === 'number' || typeof found === 'bigint' ? found.toString() : '0';
}

export function items(value: Json | undefined, field: string): readonly Json[] {
  const found = own(value, field);
  return Array.isArray(found) ? found : [];
}

export function textList(value: Json | undefined, field: string): readonly string[] {
  return items(value, field).filter((item): item is string => typeof item === 'string');
}

export function textMap(value: Json | undefined, field: string): Readonly<Record<string, string>> {
  return (own(value, field) ?? Object.create(null)) as Readonly<Record<string, string>>;
}

function optional<T>(value: Json | undefined, make: (value: Json) => T): T | undefined {
  return value === undefined ? undefined : make(value);
}

export function selectorOf(value: Json): Selector {
  return {
    group: textOf(value, 'group'),
    version: textOf(value, 'version'),
    kind: textOf(value, 'kind'),
    name: textOf(value, 'name'),
    namespace: textOf(value, 'namespace'),
    labelSelector: textOf(value, 'labelSelector'),
    annotationSelector: textOf(value, 'annotationSelector'),
  };
}

export function fieldSpecOf(value: Json): FieldSpec {
  return {
    group: textOf(value, 'group'),
    version: textOf(value, 'version'),
    kind: textOf(value, 'kind'),
    path: textOf(value, 'path'),
    create: flag(value, 'create'),
  };
}

export function patchOf(value: Json): PatchSource {
  const options = own(value, 'options');
  return {
    path: textOf(value, 'path'),
    patch: textOf(value, 'patch'),
    target: optional(own(value, 'target'), selectorOf),
    allowNameChange: flag(options, 'allowNameChange'),
    allowKindChange: flag(options, 'allowKindChange'),
  };
}

export function imageOf(value: Json): ImageChange {
  return {
    name: textOf(value, 'name'),
    newName: textOf(value, 'newName'),
    newTag: textOf(value, 'newTag'),
    tagSuffix: textOf(value, 'tagSuffix'),
    digest: textOf(value, 'digest'),
  };
}

function fieldOptionsOf(value: Json): FieldOptions {
  return {
    delimiter: textOf(value, 'delimiter'),
    index: Number(integerText(value, 'index')),
    create: flag(value, 'create'),
  };
}

export function replacementOf(value: Json): ReplacementSource {
  const source = own(value, 'source');
  const sourceValue = own(value, 'sourceValue');
  const targets = own(value, 'targets');
  return {
    path: textOf(value, 'path'),
    source: optional(source, (found) => ({
      selector: selectorOf(found),
      fieldPath: textOf(found, 'fieldPath'),
      options: optional(own(found, 'options'), fieldOptionsOf),
    })),
    sourceValue: typeof sourceValue === 'string' ? sourceValue : undefined,
    targets: Array.isArray(targets)
      ? targets.map((target: Json) => ({
          select: optional(own(target, 'select'), selectorOf),
          reject: items(target, 'reject').map(selectorOf),
          fieldPaths: textList(target, 'fieldPaths'),
          options: optional(own(target, 'options'), fieldOptionsOf),
        }))
      : undefined,
  };
}

function variableOf(value: Json): Variable {
  const object = own(value, 'objref');
  const version = textOf(object, 'apiVersion').split('/');
  const hasApiVersion = textOf(object, 'apiVersion') !== '';
  return {
    name: textOf(value, 'name'),
    group: hasApiVersion && version.length === 2 ? (version[0] ?? '') : textOf(object, 'group'),
    version: hasApiVersion && version.length <= 2 ? (version.at(-1) ?? '') : textOf(object, 'version'),
    kind: textOf(object, 'kind'),
    objectName: textOf(object, 'name'),
    objectNamespace: textOf(object, 'namespace'),
    fieldPath: textOf(own(value, 'fieldref'), 'fieldPath') || 'metadata.name',
  };
}

function generatorOptionsOf(value: Json): GeneratorOptions {
  return {
    labels: textMap(value, 'labels'),
    annotations: textMap(value, 'annotations'),
    disableNameSuffixHash: flag(value, 'disableNameSuffixHash'),
    immutable: flag(value, 'immutable'),
  };
}

export function generatorOf(value: Json): GeneratorSource {
  const env = textOf(value, 'env');
  return {
    name: textOf(value, 'name'),
    namespace: textOf(value, 'namespace'),
    behavior: textOf(value, 'behavior'),
    literals: textList(value, 'literals'),
    files: textList(value, 'files'),
    envs: env === '' ? textList(value, 'envs') : [...textList(value, 'envs'), env],
    type: textOf(value, 'type'),
    options: optional(own(value, 'options'), generatorOptionsOf),
  };
}

export function helmChartOf(value: Json): HelmChart {
  const inline = own(value, 'valuesInline');
  return {
    name: textOf(value, 'name'),
    version: textOf(value, 'version'),
    repo: textOf(value, 'repo'),
    releaseName: textOf(value, 'releaseName'),
    namespace: textOf(value, 'namespace'),
    additionalValuesFiles: textList(value, 'additionalValuesFiles'),
    valuesFile: textOf(value, 'valuesFile'),
    valuesInline: inline === undefined ? undefined : (inline as JsonObject),
    valuesMerge: textOf(value, 'valuesMerge'),
    includeCrds: flag(value, 'includeCRDs'),
    skipHooks: flag(value, 'skipHooks'),
    skipTests: flag(value, 'skipTests'),
    apiVersions: textList(value, 'apiVersions'),
    kubeVersion: textOf(value, 'kubeVersion'),
    nameTemplate: textOf(value, 'nameTemplate'),
  };
}

/** The older form of a chart. */
function oldHelmChartOf(value: Json): HelmChart {
  const inline = own(value, 'valuesLocal');
  return {
    ...helmChartOf(Object.create(null) as JsonObject),
    name: textOf(value, 'chartName'),
    version: textOf(value, 'chartVersion'),
    repo: textOf(value, 'chartRepoUrl'),
    valuesFile: textOf(value, 'values'),
    valuesInline: inline === undefined ? undefined : (inline as JsonObject),
    valuesMerge: textOf(value, 'valuesMerge'),
    releaseName: textOf(value, 'releaseName'),
  };
}

function helmGlobalsOf(value: Json | undefined, old: readonly Json[]): HelmGlobals {
  if (value !== undefined) return { chartHome: textOf(value, 'chartHome') };
  const homes = old.map((chart) => textOf(chart, 'chartHome')).filter((home) => home !== '');
  return { chartHome: homes.at(-1) ?? '' };
}

/** A decoded file with the deprecated fields folded into the ones that replaced them. */
export function kustomizationOf(value: Json): Kustomization {
  const openapi = textMap(value, 'openapi');
  const oldCharts = items(value, 'helmChartInflationGenerator');
  return {
    kind: textOf(value, 'kind') || 'Kustomization',
    openapi: {
      path: Object.hasOwn(openapi, 'path') ? openapi.path : undefined,
      version: Object.hasOwn(openapi, 'version') ? openapi.version : undefined,
    },
    namePrefix: textOf(value, 'namePrefix'),
    nameSuffix: textOf(value, 'nameSuffix'),
    namespace: textOf(value, 'namespace'),
    commonLabels: textMap(value, 'commonLabels'),
    labels: items(value, 'labels').map((label) => ({
      pairs: textMap(label, 'pairs'),
      includeSelectors: flag(label, 'includeSelectors'),
      includeTemplates: flag(label, 'includeTemplates'),
      fields: items(label, 'fields').map(fieldSpecOf),
    })),
    commonAnnotations: textMap(value, 'commonAnnotations'),
    patchesStrategicMerge: textList(value, 'patchesStrategicMerge'),
    patchesJson6902: items(value, 'patchesJson6902').map(patchOf),
    patches: items(value, 'patches').map(patchOf),
    images: [...items(value, 'images'), ...items(value, 'imageTags')].map(imageOf),
    replacements: items(value, 'replacements').map(replacementOf),
    replicas: items(value, 'replicas').map((replica) => ({
      name: textOf(replica, 'name'),
      count: integerText(replica, 'count'),
    })),
    vars: items(value, 'vars').map(variableOf),
    sortOptions: optional(own(value, 'sortOptions'), (options) => ({
      order: textOf(options, 'order'),
      legacySortOptions: optional(own(options, 'legacySortOptions'), (legacy) => ({
        orderFirst: textList(legacy, 'orderFirst'),
        orderLast: textList(legacy, 'orderLast'),
      })),
    })),
    resources: [...textList(value, 'resources'), ...textList(value, 'bases')],
    components: textList(value, 'components'),
    crds: textList(value, 'crds'),
    configurations: textList(value, 'configurations'),
    configMapGenerator: items(value, 'configMapGenerator').map(generatorOf),
    secretGenerator: items(value, 'secretGenerator').map(generatorOf),
    helmGlobals: helmGlobalsOf(own(value, 'helmGlobals'), oldCharts),
    helmCharts: [...items(value, 'helmCharts').map(helmChartOf), ...oldCharts.map(oldHelmChartOf)],
    generatorOptions: optional(own(value, 'generatorOptions'), generatorOptionsOf),
    generators: textList(value, 'generators'),
    transformers: textList(value, 'transformers'),
    validators: textList(value, 'validators'),
    buildMetadata: textList(value, 'buildMetadata'),
  };
}
