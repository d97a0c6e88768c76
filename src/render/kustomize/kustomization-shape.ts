import { any, bool, embedded, int, list, object, text, texts, type FieldShape } from './decode.ts';

const GVK = { group: text, version: text, kind: text };
const ID = embedded({ ...GVK, name: text, namespace: text });
const SELECTOR = { ...ID, annotationSelector: text, labelSelector: text };
const FIELD_SPEC = { ...embedded(GVK), path: text, create: bool };

const GENERATOR_OPTIONS = object({ labels: texts, annotations: texts, disableNameSuffixHash: bool, immutable: bool });

const GENERATOR = {
  namespace: text,
  name: text,
  behavior: text,
  literals: list(text),
  files: list(text),
  envs: list(text),
  env: text,
  options: GENERATOR_OPTIONS,
};

export const CONFIG_MAP_SHAPE = object(GENERATOR);
export const SECRET_SHAPE = object({ ...GENERATOR, type: text });

export const PATCH_FIELDS = {
  path: text,
  patch: text,
  target: object(SELECTOR),
  options: object({ allowNameChange: bool, allowKindChange: bool }),
};

export const IMAGE_SHAPE = object({ name: text, newName: text, tagSuffix: text, newTag: text, digest: text });

const REPLACEMENT_OPTIONS = object({ delimiter: text, index: int, encoding: text, create: bool });

export const REPLACEMENT_FIELDS = {
  source: object({ ...ID, fieldPath: text, options: REPLACEMENT_OPTIONS }),
  sourceValue: text,
  targets: list(
    object({
      select: object(SELECTOR),
      reject: list(object(SELECTOR)),
      fieldPaths: list(text),
      options: REPLACEMENT_OPTIONS,
    }),
  ),
};

export const HELM_GLOBALS_FIELDS = { chartHome: text, configHome: text };

export const HELM_CHART_FIELDS = {
  name: text,
  version: text,
  repo: text,
  releaseName: text,
  namespace: text,
  additionalValuesFiles: list(text),
  valuesFile: text,
  valuesInline: any,
  valuesMerge: text,
  includeCRDs: bool,
  skipHooks: bool,
  apiVersions: list(text),
  kubeVersion: text,
  nameTemplate: text,
  skipTests: bool,
  debug: bool,
  devel: bool,
};

const HELM_CHART_ARGS = object({
  chartName: text,
  chartVersion: text,
  chartRepoUrl: text,
  chartHome: text,
  chartRepoName: text,
  helmBin: text,
  helmHome: text,
  values: text,
  valuesLocal: any,
  valuesMerge: text,
  releaseName: text,
  releaseNamespace: text,
  extraArgs: list(text),
});

export const FIELD_SPEC_SHAPE = object(FIELD_SPEC);

/** Every field of a kustomization file. */
export const KUSTOMIZATION_SHAPE: FieldShape = object({
  kind: text,
  apiVersion: text,
  metadata: object({ name: text, namespace: text, labels: texts, annotations: texts }),
  openapi: texts,
  namePrefix: text,
  nameSuffix: text,
  namespace: text,
  commonLabels: texts,
  labels: list(
    object({ pairs: texts, includeSelectors: bool, includeTemplates: bool, fields: list(FIELD_SPEC_SHAPE) }),
  ),
  commonAnnotations: texts,
  patchesStrategicMerge: list(text),
  patchesJson6902: list(object(PATCH_FIELDS)),
  patches: list(object(PATCH_FIELDS)),
  images: list(IMAGE_SHAPE),
  imageTags: list(IMAGE_SHAPE),
  replacements: list(object({ ...REPLACEMENT_FIELDS, path: text })),
  replicas: list(object({ name: text, count: int })),
  vars: list(
    object({
      name: text,
      objref: object({ apiVersion: text, ...GVK, name: text, namespace: text }),
      fieldref: object({ fieldPath: text }),
    }),
  ),
  sortOptions: object({
    order: text,
    legacySortOptions: object({ orderFirst: list(text), orderLast: list(text) }),
  }),
  resources: list(text),
  components: list(text),
  crds: list(text),
  bases: list(text),
  configMapGenerator: list(CONFIG_MAP_SHAPE),
  secretGenerator: list(SECRET_SHAPE),
  helmGlobals: object(HELM_GLOBALS_FIELDS),
  helmCharts: list(object(HELM_CHART_FIELDS)),
  helmChartInflationGenerator: list(HELM_CHART_ARGS),
  generatorOptions: GENERATOR_OPTIONS,
  configurations: list(text),
  generators: list(text),
  transformers: list(text),
  validators: list(text),
  buildMetadata: list(text),
});

const SPECS = list(FIELD_SPEC_SHAPE);

/** A file of `configurations`. */
export const CONFIGURATION_SHAPE: FieldShape = object({
  namePrefix: SPECS,
  nameSuffix: SPECS,
  namespace: SPECS,
  commonLabels: SPECS,
  labels: SPECS,
  templateLabels: SPECS,
  commonAnnotations: SPECS,
  nameReference: list(object({ ...embedded(GVK), fieldSpecs: SPECS })),
  varReference: SPECS,
  images: SPECS,
  replicas: SPECS,
});
