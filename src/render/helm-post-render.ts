import { createHash } from 'node:crypto';
import type { HelmPostRender, RenderLimits } from '../core/manifest.ts';
import type { KubeObject } from '../core/object-key.ts';
import type { Entry, EntryKind, Snapshot, Trace } from '../core/snapshot.ts';
import { ChartProblem } from './helm/load/chart-problem.ts';
import { buildKustomization } from './kustomize/build.ts';
import { emitYaml } from './yaml/emit.ts';

const SETTINGS = 'spec.render.helm.postRender';
const RENDERED = 'rendered.yaml';

/**
 * What a chart rendered, changed as a kustomization of its own would change it: patches, images, replicas, labels, annotations. Nothing of
 * the repository is read.
 * @throws ChartProblem at `spec.render.helm.postRender` with all that is wrong
 */
export function postRenderer(
  settings: HelmPostRender,
  limits: RenderLimits,
): (objects: readonly KubeObject[]) => readonly KubeObject[] {
  return (objects) => {
    if (objects.length === 0) return objects;
    const kustomization = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: [RENDERED],
      ...settings,
    };
    const files = {
      'kustomization.yaml': JSON.stringify(kustomization),
      [RENDERED]: objects.map((object) => emitYaml(object, 'kustomize')).join('---\n'),
    };
    const built = buildKustomization(new TextSnapshot(files), '', { limits, reorder: 'none' });
    if (built.problems.length > 0)
      throw new ChartProblem(SETTINGS, built.problems.map(({ message }) => message).join('; '));
    return built.objects.map(({ object }) => object);
  };
}

/** A folder of a few texts. */
class TextSnapshot implements Snapshot {
  readonly commitId = '0'.repeat(40);
  readonly timeSeconds = 0;
  readonly #files: ReadonlyMap<string, Uint8Array>;

  constructor(files: Readonly<Record<string, string>>) {
    this.#files = new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]));
  }

  read(path: string): Uint8Array | undefined {
    return this.#files.get(path);
  }

  list(path: string): readonly Entry[] | undefined {
    if (path !== '') return undefined;
    return [...this.#files.keys()].sort().map((name) => ({ name, kind: 'file' }));
  }

  stat(path: string): EntryKind | undefined {
    if (path === '') return 'directory';
    return this.#files.has(path) ? 'file' : undefined;
  }

  realPath(path: string): string | undefined {
    return this.stat(path) === undefined ? undefined : path;
  }

  oid(path: string): string | undefined {
    const bytes = this.#files.get(path);
    return bytes === undefined ? undefined : createHash('sha1').update(bytes).digest('hex');
  }

  trace(): Trace {
    return {};
  }
}
