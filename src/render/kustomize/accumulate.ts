import type { Json } from '../../core/json.ts';
import { Accumulator } from './accumulator.ts';
import { configFromCrds } from './config/crds.ts';
import { DEFAULT_CONFIG } from './config/defaults/default-config.ts';
import {
  mergeConfigs,
  sortConfig,
  EMPTY_CONFIG,
  FIELD_LISTS,
  type TransformerConfig,
} from './config/transformer-config.ts';
import type { FieldSpec } from './config/field-spec.ts';
import type { BuildContext } from './context.ts';
import { decodeText, type FolderFiles } from './files.ts';
import { generateChart } from './generate/chart-generator.ts';
import { generateObject, mergeOptions } from './generate/generated-object.ts';
import { fieldSpecOf, items, textOf } from './kustomization.ts';
import { CONFIGURATION_RULES } from './decode.ts';
import { CONFIGURATION_SHAPE } from './kustomization-shape.ts';
import { decodeConfig, loadKustomization, parseConfig, type LoadedKustomization } from './load-kustomization.ts';
import { BUILT_IN_SCHEMAS, schemasFromOpenApi } from './merge/schema.ts';
import {
  addOrigins,
  appendPath,
  builtInOrigin,
  formatOrigin,
  setNote,
  type OriginNote,
  type Whereabouts,
} from './origin.ts';
import { loadGenerator, loadTransformer } from './plugins.ts';
import { BuildError, type Place, type Where } from './problems.ts';
import { readResourceFile, readResourceText } from './read-resources.ts';
import { parseRemote } from './remote-address.ts';
import { NOTE } from './notes.ts';
import type { Resource } from './resource.ts';
import { runTransformers, runValidator } from './run-transformers.ts';
import { reuse, type Reusable } from './reuse.ts';
import { builtInTransformers } from './transform/built-in.ts';
import type { Transformer } from './transform/transformer.ts';

/** What a folder gets from the one that it is built for. */
export interface Inherited {
  /** Where the folder lies, for origin annotations; undefined when nobody asked for any. */
  readonly origin: Whereabouts | undefined;
  /** Namespace for charts that name none. */
  readonly chartNamespace: string;
}

/**
 * Builds one folder: resources, configurations, generators, components, transformers, validators, variables, in Kustomize's order.
 * What is wrong becomes a problem; later steps are left out once there is one.
 */
export function accumulateFolder(
  loaded: LoadedKustomization,
  start: Accumulator,
  inherited: Inherited,
  context: BuildContext,
): Accumulator {
  const { kustomization: k } = loaded;
  const { problems } = context;
  const step = (field: string, index: number | undefined, work: () => void): void => {
    problems.collect(() => loaded.placeOf(field, index), work);
  };
  let result = start;
  loadOpenApi(loaded, context);
  for (const [index, path] of k.resources.entries()) {
    step('resources', index, () => {
      result = accumulatePath(path, 'resources', result, loaded, inherited, context);
    });
  }
  step('configurations', undefined, () =>
    result.mergeConfig(mergeConfigs(DEFAULT_CONFIG, readConfigurations(loaded, context))),
  );
  for (const [index, path] of k.crds.entries())
    step('crds', index, () => result.mergeConfig(readCrds(path, loaded.files, context)));
  runGenerators(result, loaded, inherited, context);
  for (const [index, path] of k.components.entries()) {
    step('components', index, () => {
      result = accumulateComponent(path, result, loaded, inherited, context);
    });
  }
  const transformers = builtInTransformers(loaded, result.config, context);
  const external = loadTransformers(k.transformers, 'transformers', loaded, inherited, context);
  const validators = loadTransformers(k.validators, 'validators', loaded, inherited, context);
  if (problems.count > 0) return result;
  runTransformers(result, [...transformers.map((one) => withOrigin(one, loaded, inherited)), ...external], context);
  for (const validator of validators) step('validators', undefined, () => runValidator(result, validator));
  step('vars', undefined, () => result.mergeVariables(k.vars));
  return result;
}

function withOrigin(transformer: Transformer, loaded: LoadedKustomization, inherited: Inherited): Transformer {
  if (inherited.origin === undefined) return transformer;
  return { ...transformer, origin: builtInOrigin(inherited.origin, loaded.fileName, transformer.kind) };
}

/** The schema of `openapi`: the first folder that names one decides for the whole build. */
function loadOpenApi(loaded: LoadedKustomization, context: BuildContext): void {
  const { openapi } = loaded.kustomization;
  if (openapi.path === undefined && openapi.version === undefined) return;
  context.problems.collect(
    () => loaded.placeOf('openapi'),
    () => {
      const file = openapi.path === undefined ? undefined : loaded.files.read(openapi.path, 'openapi.path');
      if (context.hasSchemas) return;
      if (file === undefined) {
        if (openapi.version === '') return;
        if (openapi.version !== 'v1.21.2')
          throw new BuildError(
            'InvalidField',
            `openapi.version ${JSON.stringify(openapi.version)} is not built in, v1.21.2 is`,
          );
        context.setSchemas(BUILT_IN_SCHEMAS);
        return;
      }
      if (openapi.version !== undefined)
        throw new BuildError('InvalidField', 'openapi.path and openapi.version cannot be given together');
      const { path } = file;
      const read = (): Json => parseConfig(decodeText(file.bytes, { path }), { path }, context);
      context.setSchemas(schemasFromOpenApi(read, context.builtInUse));
    },
  );
}

/** Reads a file of objects, or builds a folder, into the accumulator. @throws BuildError */
function accumulatePath(
  path: string,
  field: string,
  into: Accumulator,
  loaded: LoadedKustomization,
  inherited: Inherited,
  context: BuildContext,
): Accumulator {
  const { files } = loaded;
  if (isFile(path, field, files)) {
    into.set.appendAll(readFile(path, field, files, inherited, context));
    return into;
  }
  const folder = files.enter(path, field);
  const inside = childOf(path, loaded, inherited);
  const how: Reusable<Accumulator | undefined> = {
    name: 'folder',
    key: [folder.root, JSON.stringify(inside.origin ?? null), inside.chartNamespace],
    chain: folder.chain,
    copy: (built) => built?.copy(context),
  };
  const build = (): Accumulator | undefined => {
    const base = loadKustomization(folder, context);
    if (base?.kustomization.kind === 'Component')
      throw new BuildError('WrongKind', `${field}: ${path} is a Component`, { remedy: 'name it under components' });
    return base === undefined ? undefined : accumulateFolder(base, new Accumulator(), inside, context);
  };
  // What is kept is told by what was read of the repository that is built.
  const built = folder.isRemote ? build() : reuse(how, context, build);
  if (built !== undefined) into.mergeFrom(built);
  return into;
}

function isFile(path: string, field: string, files: FolderFiles): boolean {
  const remote = parseRemote(path);
  if (remote !== undefined) return remote.kind === 'file';
  return !path.startsWith('/') && files.kindOf(path, field) === 'file';
}

function readFile(
  path: string,
  field: string,
  files: FolderFiles,
  inherited: Inherited,
  context: BuildContext,
): Resource[] {
  const { bytes, path: full, oid } = files.read(path, field);
  const resources = readResourceFile(bytes, full, oid, context);
  if (inherited.origin !== undefined) {
    const origin = formatOrigin(appendPath(inherited.origin, path));
    for (const resource of resources) resource.annotate(NOTE.origin, origin);
  }
  return resources;
}

/** A component works on what the folder that names it has so far. @throws BuildError */
function accumulateComponent(
  path: string,
  into: Accumulator,
  loaded: LoadedKustomization,
  inherited: Inherited,
  context: BuildContext,
): Accumulator {
  const component = loadKustomization(loaded.files.enter(path, 'components'), context);
  if (component === undefined) return into;
  if (component.kustomization.kind !== 'Component')
    throw new BuildError('WrongKind', `components: ${path} is a ${component.kustomization.kind}, not a Component`);
  const result = new Accumulator();
  result.mergeFrom(accumulateFolder(component, into, childOf(path, loaded, inherited), context));
  return result;
}

function childOf(path: string, loaded: LoadedKustomization, inherited: Inherited): Inherited {
  return {
    origin: inherited.origin === undefined ? undefined : appendPath(inherited.origin, path),
    chartNamespace: loaded.kustomization.namespace || inherited.chartNamespace,
  };
}

function readConfigurations(loaded: LoadedKustomization, context: BuildContext): TransformerConfig {
  let result = EMPTY_CONFIG;
  for (const name of loaded.kustomization.configurations) {
    const { bytes, path } = loaded.files.read(name, 'configurations');
    const at: Place = { path };
    const value = parseConfig(decodeText(bytes, at), at, context, true);
    result = mergeConfigs(result, configOf(decodeConfig(value, CONFIGURATION_SHAPE, CONFIGURATION_RULES, at)));
  }
  return result;
}

function configOf(value: Readonly<Record<string, Json>>): TransformerConfig {
  const lists: Record<string, readonly FieldSpec[]> = {};
  for (const field of FIELD_LISTS) lists[field] = items(value, field).map(fieldSpecOf);
  return sortConfig({
    ...(lists as unknown as Omit<TransformerConfig, 'nameReference'>),
    nameReference: items(value, 'nameReference').map((reference) => ({
      target: {
        group: textOf(reference, 'group'),
        version: textOf(reference, 'version'),
        kind: textOf(reference, 'kind'),
      },
      referrers: items(reference, 'fieldSpecs').map(fieldSpecOf),
    })),
  });
}

function readCrds(name: string, files: FolderFiles, context: BuildContext): TransformerConfig {
  const { bytes, path } = files.read(name, 'crds');
  return configFromCrds(parseConfig(decodeText(bytes, { path }), { path }, context));
}

function runGenerators(
  into: Accumulator,
  loaded: LoadedKustomization,
  inherited: Inherited,
  context: BuildContext,
): void {
  const { kustomization: k, files, place } = loaded;
  const { problems } = context;
  const absorb = (kind: string, where: Where, generate: () => Resource[], origin?: OriginNote): void => {
    problems.collect(where, () => {
      const generated = generate();
      const note =
        origin ?? (inherited.origin === undefined ? undefined : builtInOrigin(inherited.origin, loaded.fileName, kind));
      if (note !== undefined) addOrigins(generated, note);
      // What it is laid over may be what could not be read.
      if (problems.count > 0 && generated.some(({ behavior }) => behavior === 'merge' || behavior === 'replace'))
        return;
      for (const resource of generated) into.set.absorb(resource);
    });
  };
  for (const [index, source] of k.configMapGenerator.entries()) {
    const entry = { ...source, options: mergeOptions(source.options, k.generatorOptions) };
    absorb(
      'ConfigMapGenerator',
      () => loaded.placeOf('configMapGenerator', index),
      () => [generateObject('ConfigMap', entry, files, place, context)],
    );
  }
  for (const [index, source] of k.secretGenerator.entries()) {
    const entry = { ...source, options: mergeOptions(source.options, k.generatorOptions) };
    absorb(
      'SecretGenerator',
      () => loaded.placeOf('secretGenerator', index),
      () => [generateObject('Secret', entry, files, place, context)],
    );
  }
  for (const [index, chart] of k.helmCharts.entries()) {
    const namespace = chart.namespace || k.namespace || inherited.chartNamespace;
    absorb(
      'HelmChartInflationGenerator',
      () => loaded.placeOf('helmCharts', index),
      () => generateChart({ ...chart, namespace }, k.helmGlobals.chartHome, files, place, context),
    );
  }
  for (const config of readPluginObjects(k.generators, 'generators', loaded, inherited, context)) {
    const origin = pluginOrigin(config);
    problems.collect(config.place, () => {
      const generate = loadGenerator(config, { files, context });
      absorb(config.kind, config.place, generate, origin);
    });
  }
}

/** The objects that `generators`, `transformers` or `validators` name: written there, or in files and folders. */
function readPluginObjects(
  entries: readonly string[],
  field: string,
  loaded: LoadedKustomization,
  inherited: Inherited,
  context: BuildContext,
): readonly Resource[] {
  let found = new Accumulator();
  const paths: (readonly [string, number])[] = [];
  for (const [index, entry] of entries.entries()) {
    const inline = readInline(entry, loaded.place, context);
    if (inline === undefined) {
      paths.push([entry, index]);
      continue;
    }
    if (inherited.origin !== undefined) {
      const origin = formatOrigin(appendPath(inherited.origin, loaded.fileName));
      for (const resource of inline) setNote(resource, NOTE.origin, origin);
    }
    context.problems.collect(loaded.place, () => found.set.appendAll(inline));
  }
  for (const [path, index] of paths) {
    context.problems.collect(
      () => loaded.placeOf(field, index),
      () => {
        found = accumulatePath(path, field, found, loaded, inherited, context);
      },
    );
  }
  return found.set.list();
}

function readInline(entry: string, place: Place, context: BuildContext): Resource[] | undefined {
  try {
    return readResourceText(entry, place, context);
  } catch (error) {
    if (error instanceof BuildError) return undefined;
    throw error;
  }
}

function loadTransformers(
  entries: readonly string[],
  field: string,
  loaded: LoadedKustomization,
  inherited: Inherited,
  context: BuildContext,
): Transformer[] {
  const result: Transformer[] = [];
  for (const config of readPluginObjects(entries, field, loaded, inherited, context)) {
    context.problems.collect(config.place, () => {
      const origin = pluginOrigin(config);
      result.push({ ...loadTransformer(config, { files: loaded.files, context }), origin });
    });
  }
  return result;
}

/** Where an object that configures a plugin says it comes from. */
function pluginOrigin(config: Resource): OriginNote | undefined {
  const note = config.annotation(NOTE.origin);
  if (note === undefined) return undefined;
  return {
    repo: /^repo: (.*)$/m.exec(note)?.[1] ?? '',
    ref: /^ref: (.*)$/m.exec(note)?.[1] ?? '',
    configuredIn: /^path: (.*)$/m.exec(note)?.[1] ?? '',
    configuredBy: { apiVersion: config.apiVersion, kind: config.kind, name: config.name, namespace: config.namespace },
  };
}
