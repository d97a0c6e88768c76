import type { RenderLimits } from '../../core/manifest.ts';
import { DEFAULT_YAML_LIMITS, type YamlLimits } from '../yaml/load.ts';
import type { BuildCache } from './cache.ts';
import type { ChartRenderer } from './generate/chart.ts';
import { BUILT_IN_SCHEMAS, type BuiltInUse, laterUse, type SchemaBook } from './merge/schema.ts';
import { BuildAbort, Problems } from './problems.ts';
import type { Recorder, Recording } from './recorder.ts';
import { type RemoteAccess, Remotes } from './remotes.ts';
import type { Scopes } from './resource-id.ts';
import { isBuiltInKind } from './scope.ts';

const MOST_FOLDERS = 5_000;

/** What all steps of one build share. */
export class BuildContext implements Scopes {
  readonly problems = new Problems();
  readonly limits: RenderLimits;
  /** The limits as a part of keys. */
  readonly limitsKey: string;
  readonly yamlLimits: YamlLimits;
  readonly cache: BuildCache;
  /** Notes what each step reads. */
  readonly recorder: Recorder;
  readonly #renderChart: ChartRenderer | undefined;
  readonly remotes: Remotes;
  readonly warnings: string[] = [];
  /** The first `openapi` that a build meets holds for all of it. */
  #schemas: SchemaBook | undefined;
  #generation = 0;
  #builtInUse: BuiltInUse = 'unread';
  #objects = 0;
  #folders = 0;

  constructor(
    limits: RenderLimits,
    cache: BuildCache,
    recorder: Recorder,
    renderChart: ChartRenderer | undefined,
    remotes: RemoteAccess | undefined,
  ) {
    this.limits = limits;
    this.limitsKey = JSON.stringify(limits);
    this.yamlLimits = {
      ...DEFAULT_YAML_LIMITS,
      depth: limits.depth,
      bytes: limits.fileBytes,
      documents: limits.documents,
    };
    this.cache = cache;
    this.recorder = recorder;
    this.#renderChart = renderChart;
    this.remotes = new Remotes(remotes, () => recorder.forbidReuse());
  }

  /** What a chart gives may depend on more than files: nobody keeps a step that asks for this. */
  get renderChart(): ChartRenderer | undefined {
    this.recorder.forbidReuse();
    return this.#renderChart;
  }

  /** Does to this build what a step did that is not run again. @throws BuildAbort */
  replay(done: Recording): void {
    this.count(done.objects);
    for (const folder of done.folders) this.enterFolder(folder);
    for (const warning of done.warnings) this.warn(warning);
    this.#builtInUse = laterUse(this.#builtInUse, done.builtInSchema);
    this.recorder.absorb({ ...done, objects: 0, folders: [], warnings: [] });
  }

  /** For a strategic merge: whoever merges reads the schema that holds now. */
  readonly schemasToMerge = (): SchemaBook => {
    if (this.#schemas === undefined) this.#noteBuiltInSchema('read');
    return this.#schemas ?? BUILT_IN_SCHEMAS;
  };

  setSchemas(schemas: SchemaBook): void {
    this.#schemas ??= schemas;
    this.#generation++;
  }

  get generation(): number {
    return this.#generation;
  }

  get hasSchemas(): boolean {
    return this.#schemas !== undefined;
  }

  /** What became of the built-in schema while no other one was chosen. */
  get builtInUse(): BuiltInUse {
    return this.#builtInUse;
  }

  isClusterScoped(apiVersion: string, kind: string): boolean {
    if (this.#schemas === undefined && !isBuiltInKind(apiVersion, kind)) this.#noteBuiltInSchema('wanted');
    return (this.#schemas ?? BUILT_IN_SCHEMAS).isClusterScoped(apiVersion, kind);
  }

  #noteBuiltInSchema(use: BuiltInUse): void {
    this.#builtInUse = laterUse(this.#builtInUse, use);
    this.recorder.noteBuiltInSchema(use);
  }

  warn(message: string): void {
    this.recorder.noteWarning(message);
    if (!this.warnings.includes(message)) this.warnings.push(message);
  }

  /** Counts objects that were read. @throws BuildAbort when there are too many */
  count(objects: number): void {
    this.recorder.noteObjects(objects);
    this.#objects += objects;
    if (this.#objects > this.limits.documents)
      throw new BuildAbort('TooManyObjects', `the build reads more than ${this.limits.documents} objects`);
  }

  /** Counts folders that were entered. @throws BuildAbort when there are too many */
  enterFolder(path: string): void {
    this.recorder.noteFolder(path);
    this.#folders++;
    if (this.#folders > MOST_FOLDERS)
      throw new BuildAbort('TooManyFolders', `the build enters more than ${MOST_FOLDERS} folders`);
  }
}
