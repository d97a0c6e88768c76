import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../../core/errors.ts';
import { isJsonObject, own, type Json } from '../../core/json.ts';
import type { Clock } from '../clock.ts';
import { items, type Stored } from '../object.ts';
import type { RegistryState } from '../registry/state.ts';
import { resourceOfDefinition } from '../schema/definitions.ts';
import type { Store } from './store.ts';

const FILE = 'sandbox.json';
const WRITE_DELAY_MS = 1000;

/** Fills an empty store from a folder; false when there is nothing. @throws EngineError StateCorrupt for a file that cannot be read */
export async function loadSnapshot(folder: string, state: RegistryState): Promise<boolean> {
  const path = join(folder, FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return false;
  }
  let snapshot: Json;
  try {
    snapshot = JSON.parse(text) as Json;
  } catch (error) {
    throw new EngineError('StateCorrupt', `embedded cluster ${path} cannot be read (BrokenSnapshot): it is no JSON`, {
      cause: error,
      remedy: 'remove the file to begin with an empty cluster',
    });
  }
  const objects: (readonly [string, Stored])[] = [];
  const list = own(snapshot, 'objects');
  for (const entry of Array.isArray(list) ? (list as readonly Json[]) : [])
    if (Array.isArray(entry) && typeof entry[0] === 'string' && isJsonObject(entry[1]))
      objects.push([entry[0], entry[1]]);
  state.store.load(Number(own(snapshot, 'revision') ?? 1), objects);
  for (const definition of state.store.list('apiextensions.k8s.io/customresourcedefinitions'))
    if (
      items(own(definition, 'status'), 'conditions').some(
        (entry) => entry['type'] === 'Established' && entry['status'] === 'True',
      )
    )
      state.catalog.add(resourceOfDefinition(definition));
  return true;
}

/** Keeps a snapshot of the store in a folder: a second after a change, and at the end. */
export class SnapshotWriter {
  readonly #path: string;
  readonly #store: Store;
  readonly #unsubscribe: () => void;
  #cancel: (() => void) | undefined;
  #written = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string, store: Store, clock: Clock) {
    this.#path = join(folder, FILE);
    this.#store = store;
    this.#unsubscribe = store.subscribe(() => {
      this.#cancel ??= clock.after(WRITE_DELAY_MS, () => {
        this.#cancel = undefined;
        this.#writing = this.#writing.then(() => this.#write()).catch(() => undefined);
      });
    });
  }

  async #write(): Promise<void> {
    if (this.#written === this.#store.revision) return;
    const snapshot = this.#store.dump();
    await mkdir(join(this.#path, '..'), { recursive: true });
    const temporary = `${this.#path}.new`;
    await writeFile(temporary, JSON.stringify(snapshot), { mode: 0o600 });
    await rename(temporary, this.#path);
    this.#written = snapshot.revision;
  }

  /** Writes what is not written yet. */
  async close(): Promise<void> {
    this.#unsubscribe();
    this.#cancel?.();
    await this.#writing;
    await this.#write();
  }
}
