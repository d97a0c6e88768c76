import { own, type Json } from '../../core/json.ts';
import type { BuildContext } from './context.ts';
import {
  AFFIX_RULES,
  bool,
  decode,
  embedded,
  int,
  list,
  object,
  PLUGIN_RULES,
  text,
  texts,
  type DecodeRules,
  type FieldShape,
} from './decode.ts';
import type { FolderFiles } from './files.ts';
import { decodeText } from './files.ts';
import { generateObject } from './generate/generated-object.ts';
import { generateChart } from './generate/chart-generator.ts';
import { generateIamPolicy } from './generate/iam-policy.ts';
import { appendHashes } from './hash.ts';
import {
  fieldSpecOf,
  flag,
  integerText,
  generatorOf,
  helmChartOf,
  imageOf,
  items,
  patchOf,
  replacementOf,
  selectorOf,
  textList,
  textMap,
  textOf,
} from './kustomization.ts';
import {
  CONFIG_MAP_SHAPE,
  FIELD_SPEC_SHAPE,
  HELM_CHART_FIELDS,
  HELM_GLOBALS_FIELDS,
  IMAGE_SHAPE,
  PATCH_FIELDS,
  REPLACEMENT_FIELDS,
  SECRET_SHAPE,
} from './kustomization-shape.ts';
import { decodeConfig, parseConfig } from './load-kustomization.ts';
import { nodeToJson } from './nodes/to-json.ts';
import { BuildError, type Place } from './problems.ts';
import { readResourceText } from './read-resources.ts';
import type { Resource } from './resource.ts';
import {
  jsonPatchTransformer,
  loadReplacements,
  patchTransformer,
  readStrategicPatches,
  textParser,
} from './transform/built-in.ts';
import { changeImages } from './transform/images.ts';
import { setEverywhere } from './transform/labels.ts';
import { affixNames } from './transform/name-affix.ts';
import { setNamespaces, type SubjectMode } from './transform/namespace.ts';
import { applyStrategicMerge } from './transform/patches.ts';
import { replaceFields } from './transform/replacements.ts';
import { setReplicas } from './transform/replicas.ts';
import { addValues } from './transform/value-add.ts';
import type { Transformer } from './transform/transformer.ts';

export interface PluginWorld {
  readonly files: FolderFiles;
  readonly context: BuildContext;
}

type Config = Readonly<Record<string, Json>>;
type MakeTransformer = (config: Config, place: Place, world: PluginWorld) => Transformer['run'];
type MakeGenerator = (config: Config, place: Place, world: PluginWorld) => () => Resource[];

interface Plugin<Make> {
  readonly shape: Readonly<Record<string, FieldShape>>;
  readonly make: Make;
  /** How the tool reads the configuration; {@link PLUGIN_RULES} unless given. */
  readonly rules?: DecodeRules;
}

const SPECS = { fieldSpecs: list(FIELD_SPEC_SHAPE) };

function specsOf(config: Config) {
  return items(config, 'fieldSpecs').map(fieldSpecOf);
}

function affix(where: 'prefix' | 'suffix'): MakeTransformer {
  return (config) => {
    if (own(config, 'fieldSpecs') === undefined) throw new BuildError('MissingField', 'fieldSpecs is needed');
    const specs = specsOf(config);
    return (set) => affixNames(set.list(), where, textOf(config, where), specs);
  };
}

const TRANSFORMERS: Readonly<Record<string, Plugin<MakeTransformer>>> = {
  AnnotationsTransformer: {
    shape: { annotations: texts, ...SPECS },
    make: (config) => (set) => setEverywhere(set.list(), textMap(config, 'annotations'), specsOf(config)),
  },
  HashTransformer: { shape: {}, make: () => (set) => appendHashes(set.list()) },
  ImageTagTransformer: {
    shape: { imageTag: IMAGE_SHAPE, ...SPECS },
    make: (config) => (set) => changeImages(set.list(), imageOf(own(config, 'imageTag') ?? null), specsOf(config)),
  },
  LabelTransformer: {
    shape: { labels: texts, ...SPECS },
    make: (config) => (set) => setEverywhere(set.list(), textMap(config, 'labels'), specsOf(config)),
  },
  NamespaceTransformer: {
    shape: {
      metadata: object({ name: text, namespace: text, labels: texts, annotations: texts }),
      ...SPECS,
      unsetOnly: bool,
      setRoleBindingSubjects: text,
    },
    make: (config) => {
      const subjects = textOf(config, 'setRoleBindingSubjects') || 'defaultOnly';
      if (!['defaultOnly', 'allServiceAccounts', 'none'].includes(subjects))
        throw new BuildError('InvalidField', 'setRoleBindingSubjects is defaultOnly, allServiceAccounts or none');
      const settings = {
        namespace: textOf(own(config, 'metadata'), 'namespace'),
        specs: specsOf(config),
        unsetOnly: flag(config, 'unsetOnly'),
        subjects: subjects as SubjectMode,
      };
      return (set) => setNamespaces(set.list(), settings);
    },
  },
  PatchJson6902Transformer: {
    shape: { target: PATCH_FIELDS.target, path: text, jsonOp: text },
    make: (config, place, { files, context }) =>
      jsonPatchTransformer({ ...patchOf(config), patch: textOf(config, 'jsonOp') }, files, place, context),
  },
  PatchStrategicMergeTransformer: {
    shape: { paths: list(text), patches: text },
    make: (config, place, { files, context }) => {
      const inline = textOf(config, 'patches');
      const paths = textList(config, 'paths');
      const fromPaths = paths.length === 0 ? [] : readStrategicPatches(paths, files, place, context);
      const patches = [...fromPaths, ...(inline === '' ? [] : readResourceText(inline, place, context))];
      if (patches.length === 0) throw new BuildError('EmptyPatch', 'the patches are empty');
      return (set) => applyStrategicMerge(set, patches, context.schemasToMerge);
    },
  },
  PatchTransformer: {
    shape: PATCH_FIELDS,
    make: (config, place, { files, context }) => patchTransformer(patchOf(config), files, place, context),
  },
  PrefixTransformer: { shape: { prefix: text, ...SPECS }, make: affix('prefix'), rules: AFFIX_RULES },
  SuffixTransformer: { shape: { suffix: text, ...SPECS }, make: affix('suffix'), rules: AFFIX_RULES },
  PrefixSuffixTransformer: {
    shape: { prefix: text, suffix: text, ...SPECS },
    rules: AFFIX_RULES,
    make: (config, place, world) => {
      const steps = [affix('prefix')(config, place, world), affix('suffix')(config, place, world)];
      return (set) => {
        for (const step of steps) step(set);
      };
    },
  },
  ReplacementTransformer: {
    shape: { replacements: list(object({ ...embedded(REPLACEMENT_FIELDS), path: text })) },
    make: (config, place, { files, context }) => {
      const replacements = loadReplacements(items(config, 'replacements').map(replacementOf), files, place, context);
      return (set) => replaceFields(set.list(), replacements, place, textParser(context));
    },
  },
  ReplicaCountTransformer: {
    shape: { replica: object({ name: text, count: int }), ...SPECS },
    make: (config) => {
      const replica = own(config, 'replica');
      const wanted = { name: textOf(replica, 'name'), count: integerText(replica, 'count') };
      return (set) => setReplicas(set.list(), wanted, specsOf(config));
    },
  },
  ValueAddTransformer: {
    shape: {
      value: text,
      targets: list(object({ selector: PATCH_FIELDS.target, fieldPath: text, filePathPosition: int })),
      targetFilePath: text,
    },
    make: (config, place, { files, context }) => {
      const value = textOf(config, 'value').trim() || (files.root.split('/').at(-1) ?? '');
      const targets = [...items(config, 'targets')];
      const targetFile = textOf(config, 'targetFilePath');
      if (targetFile !== '') {
        const { bytes, path } = files.read(targetFile, 'targetFilePath');
        const shape = object({ targets: TRANSFORMERS.ValueAddTransformer?.shape.targets ?? list(text) });
        targets.push(
          ...items(
            decodeConfig(parseConfig(decodeText(bytes, { path }), { path }, context), shape, PLUGIN_RULES, { path }),
            'targets',
          ),
        );
      }
      if (targets.length === 0) throw new BuildError('MissingField', 'at least one target is needed', { place });
      const wanted = targets.map((target) => ({
        selector: own(target, 'selector') === undefined ? undefined : selectorOf(own(target, 'selector') ?? null),
        fieldPath: textOf(target, 'fieldPath'),
        filePathPosition: Number(integerText(target, 'filePathPosition')),
      }));
      return (set) => addValues(set.list(), value, wanted);
    },
  },
};

const GENERATORS: Readonly<Record<string, Plugin<MakeGenerator>>> = {
  ConfigMapGenerator: {
    shape: { ...embedded(fieldsOf(CONFIG_MAP_SHAPE)), metadata: object({ name: text, namespace: text }) },
    make: (config, place, { files, context }) => {
      const source = generatedBy(config);
      return () => [generateObject('ConfigMap', source, files, place, context)];
    },
  },
  SecretGenerator: {
    shape: { ...embedded(fieldsOf(SECRET_SHAPE)), metadata: object({ name: text, namespace: text }) },
    make: (config, place, { files, context }) => {
      const source = generatedBy(config);
      return () => [generateObject('Secret', source, files, place, context)];
    },
  },
  HelmChartInflationGenerator: {
    shape: embedded({ ...HELM_CHART_FIELDS, ...HELM_GLOBALS_FIELDS }),
    make: (config, place, { files, context }) => {
      const chart = helmChartOf(config);
      const chartHome = textOf(config, 'chartHome');
      return () => generateChart(chart, chartHome, files, place, context);
    },
  },
  IAMPolicyGenerator: {
    shape: embedded({
      cloud: text,
      kubernetesService: object({ name: text, namespace: text }),
      serviceAccount: object({ name: text, projectId: text }),
    }),
    make:
      (config, place, { context }) =>
      () =>
        generateIamPolicy(config, place, context),
  },
};

function fieldsOf(shape: FieldShape): Readonly<Record<string, FieldShape>> {
  return shape.kind === 'object' ? shape.fields : {};
}

/** Generators as objects may say their name in `metadata`. */
function generatedBy(config: Config) {
  const metadata = own(config, 'metadata');
  const source = generatorOf(config);
  return {
    ...source,
    name: source.name || textOf(metadata, 'name'),
    namespace: source.namespace || textOf(metadata, 'namespace'),
  };
}

/** Configures the transformer that an object of `transformers` or `validators` describes. @throws BuildError when it is not built in */
export function loadTransformer(resource: Resource, world: PluginWorld): Transformer {
  const { kind } = resource;
  const plugin = builtIn(resource, TRANSFORMERS);
  const config = readConfig(resource, plugin);
  const run = inPlugin(resource, () => plugin.make(config, resource.place, world));
  return { kind, place: resource.place, run };
}

/** Configures the generator that an object of `generators` describes. @throws BuildError when it is not built in */
export function loadGenerator(resource: Resource, world: PluginWorld): () => Resource[] {
  const plugin = builtIn(resource, GENERATORS);
  const config = readConfig(resource, plugin);
  return inPlugin(resource, () => plugin.make(config, resource.place, world));
}

function builtIn<Make>(resource: Resource, plugins: Readonly<Record<string, Plugin<Make>>>): Plugin<Make> {
  const { kind, apiVersion } = resource;
  const place = resource.place;
  if (apiVersion !== 'builtin' && apiVersion !== '/builtin')
    throw new BuildError(
      'PluginRefused',
      `plugin ${kind} (${apiVersion || 'no apiVersion'}) is not built in: functions and plugins that run programs are refused`,
      { place },
    );
  const plugin = Object.hasOwn(plugins, kind) ? plugins[kind] : undefined;
  if (plugin === undefined)
    throw new BuildError('PluginRefused', `there is no built-in plugin ${kind} for this field`, { place });
  return plugin;
}

function readConfig(resource: Resource, { shape, rules = PLUGIN_RULES }: Plugin<unknown>): Config {
  const { value, faults } = decode(nodeToJson(resource.view) as Json, object(shape), rules);
  const [fault] = faults;
  if (fault !== undefined)
    throw new BuildError(
      'InvalidField',
      `${resource.kind} ${resource.name}: ${fault.path.join('.')}: ${fault.message}`,
      { place: resource.place },
    );
  return value as Config;
}

function inPlugin<T>(resource: Resource, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    throw new BuildError(error.reason, `${resource.kind} ${resource.name}: ${error.message}`, {
      place: error.place ?? resource.place,
      ...(error.excerpt === undefined ? {} : { excerpt: error.excerpt }),
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    });
  }
}
