import type { KubeObject } from '../../../src/core/object-key.ts';
import { listAt, own, stringAt } from '../../../src/core/json.ts';
import type { World } from './world.ts';
import { DECLARATIONS } from './world.ts';
import { WORKLOADS } from './monorepo.ts';

const APPLICATIONS = { group: 'evenkeel.dev', version: 'v1alpha1', kind: 'Application' } as const;
const CONFIG_MAPS = { group: '', version: 'v1', kind: 'ConfigMap' } as const;

export interface Reached {
  readonly generation: number;
  readonly commit: string;
  readonly atMs: number;
}

/** What somebody outside sees, with the time at which it was seen (milliseconds, monotonic). */
export class Follower {
  /** Applied at this generation and commit, since. */
  readonly synced = new Map<string, Reached>();
  /** Applied and healthy. */
  readonly ready = new Map<string, Reached>();
  readonly notes = new Map<string, { readonly note: string; readonly atMs: number }>();
  readonly missing = new Map<string, number>();
  readonly returned = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  readonly #watches: { close(): void }[] = [];

  constructor(world: World) {
    this.#watches.push(
      world.cluster.watch(APPLICATIONS, { namespace: DECLARATIONS }, (event) => {
        if (event.type === 'added' || event.type === 'modified') this.#application(event.object);
        this.#tell();
      }),
      world.cluster.watch(CONFIG_MAPS, { namespace: WORKLOADS }, (event) => {
        if (event.type === 'added' || event.type === 'modified') this.#configMap(event.object);
        else if (event.type === 'deleted') this.missing.set(event.object.metadata.name, performance.now());
        this.#tell();
      }),
    );
  }

  /** Waits for a condition, which is looked at when something was seen. */
  async until(what: string, limitSeconds: number, condition: () => boolean): Promise<void> {
    if (condition()) return;
    await new Promise<void>((done, fail) => {
      const finish = (): void => {
        if (!condition()) return;
        this.#listeners.delete(finish);
        clearTimeout(timer);
        done();
      };
      const timer = setTimeout(() => {
        this.#listeners.delete(finish);
        fail(new Error(`gave up after ${limitSeconds} s waiting for ${what}`));
      }, limitSeconds * 1000);
      this.#listeners.add(finish);
    });
  }

  close(): void {
    for (const watch of this.#watches) watch.close();
  }

  #application(object: KubeObject): void {
    if (own(own(object, 'status'), 'observedGeneration') !== own(object.metadata, 'generation')) return;
    this.#reach(object, 'Synced', this.synced);
    this.#reach(object, 'Ready', this.ready);
  }

  #reach(object: KubeObject, type: string, reached: Map<string, Reached>): void {
    const conditions = listAt(object, 'status', 'conditions');
    const condition = conditions.find((entry) => stringAt(entry, 'type') === type);
    if (stringAt(condition, 'status') !== 'True') return;
    const { name, generation } = object.metadata;
    const commit = stringAt(object, 'status', 'commit') ?? '';
    const before = reached.get(name);
    if (before?.commit === commit && before.generation === generation) return;
    reached.set(name, { generation: Number(generation), commit, atMs: performance.now() });
  }

  #configMap(object: KubeObject): void {
    const { name } = object.metadata;
    const nowMs = performance.now();
    if (this.missing.has(name) && !this.returned.has(name)) this.returned.set(name, nowMs);
    const note = stringAt(object, 'data', 'note') ?? '';
    if (this.notes.get(name)?.note !== note) this.notes.set(name, { note, atMs: nowMs });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
