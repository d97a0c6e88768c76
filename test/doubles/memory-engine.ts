import type { Application } from '../../src/core/application.ts';
import { digestJson, digestText } from '../../src/core/digest.ts';
import { isKubeObject, keyOf, type KubeObject } from '../../src/core/object-key.ts';
import type { Clock, Cluster, FetchedCommit, Logger, Renderer, SourceReader } from '../../src/core/ports.ts';
import { EngineError } from '../../src/core/errors.ts';
import { VerdictCache } from '../../src/controller/compare-manifests.ts';
import type { Engine } from '../../src/controller/engine.ts';
import { directReader } from '../../src/controller/live-reader.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import { loadYaml } from '../../src/render/yaml/load.ts';
import { MemoryHistory } from './memory-history.ts';

export const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => SILENT,
};

/** A source whose commits are lists of YAML texts, and the renderer that goes with it. */
export class MemoryRepository {
  readonly #commits = new Map<string, string>();
  #head = '';
  /** Set to make the host fail. */
  failure: EngineError | undefined;

  commit(yaml: string): string {
    const id = digestText(`${this.#commits.size} ${yaml}`).slice('sha256:'.length, 'sha256:'.length + 40);
    this.#commits.set(id, yaml);
    this.#head = id;
    return id;
  }

  readonly sources: SourceReader = {
    resolve: () => {
      if (this.failure !== undefined) return Promise.reject(this.failure);
      return Promise.resolve(this.#fetched(this.#head));
    },
    open: (_source, id) => Promise.resolve(this.#commits.has(id) ? this.#fetched(id) : undefined),
    close: () => Promise.resolve(),
  };

  readonly renderer: Renderer = {
    render: (fetched) => {
      const text = this.#commits.get(fetched.commit.id) ?? '';
      const { documents, problems } = loadYaml(text, 'kubernetes');
      if (problems.length > 0)
        return Promise.resolve({
          kind: 'failed',
          problems: problems.map((problem) => ({ ...problem, path: 'all.yaml' })),
          trace: {},
        });
      const objects = documents.map(({ value }) => value).filter((value): value is KubeObject => isKubeObject(value));
      return Promise.resolve({
        kind: 'rendered',
        set: {
          manifests: objects.map((object) => ({ key: keyOf(object), object, origin: { path: 'all.yaml' } })),
          digest: digestJson(objects),
        },
        trace: {},
        warnings: [],
      });
    },
    close: () => Promise.resolve(),
  };

  #fetched(id: string): FetchedCommit {
    return {
      commit: { id, author: 'Test', timeSeconds: 1_700_000_000, subject: `commit ${id.slice(0, 6)}`, ref: 'HEAD' },
      gitDir: '/nowhere',
    };
  }
}

/** An engine on a given cluster with sources, renderer and history in memory. */
export function memoryEngine(cluster: Cluster, repository: MemoryRepository, clock: Clock = systemClock): Engine {
  const clusterOf = (application: Application): Cluster =>
    application.destination.serviceAccountName === undefined
      ? cluster
      : cluster.impersonate({
          namespace: application.name.namespace,
          serviceAccountName: application.destination.serviceAccountName,
        });
  return {
    sources: repository.sources,
    renderer: repository.renderer,
    history: new MemoryHistory(),
    clock,
    logger: SILENT,
    home: cluster,
    clusterOf,
    liveReaderOf: (application) => directReader(clusterOf(application)),
    credentialsOf: () => Promise.resolve(undefined),
    verdicts: new VerdictCache(),
  };
}
