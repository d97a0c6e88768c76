import type { Clock } from '../clock.ts';
import type { RegistryState } from '../registry/state.ts';
import type { Change } from '../store/store.ts';

/** What a controller works with. */
export interface ControllerContext {
  readonly state: RegistryState;
  readonly clock: Clock;
}

/** Keeps one kind of thing as it should be: told of changes, asked to look at keys. */
export interface Controller {
  readonly name: string;
  /** The keys to look at after a change; nothing when it is no concern of this controller. */
  keysOf(change: Change): readonly string[];
  /** Brings what a key stands for closer to what it should be. A number asks to be called again after so many milliseconds. */
  reconcile(key: string, context: ControllerContext): number | undefined;
}

/** Reports a failure of a simulated controller; the sandbox goes on. */
export type FailureListener = (controller: string, key: string, error: unknown) => void;

interface Queue {
  readonly controller: Controller;
  readonly waiting: Set<string>;
  readonly timers: Map<string, { readonly dueMs: number; readonly cancel: () => void }>;
}

const RETRY_MS = 200;
/** How many keys of each controller one turn of the event loop may take, so that requests are answered in between. */
const KEYS_PER_TURN = 8;

/** Runs controllers in this process: one queue each, every key at most once in it. */
export class ControllerLoop {
  readonly #context: ControllerContext;
  readonly #queues: Queue[] = [];
  readonly #onFailure: FailureListener;
  readonly #unsubscribe: () => void;
  #scheduled = false;
  #closed = false;

  constructor(context: ControllerContext, controllers: readonly Controller[], onFailure: FailureListener) {
    this.#context = context;
    this.#onFailure = onFailure;
    for (const controller of controllers) this.#queues.push({ controller, waiting: new Set(), timers: new Map() });
    this.#unsubscribe = context.state.store.subscribe((change) => this.#onChange(change));
  }

  /** Looks at everything that is there already. */
  resync(): void {
    for (const resource of this.#context.state.store.resources())
      for (const object of this.#context.state.store.list(resource))
        this.#onChange({ revision: 0, type: 'ADDED', resource, object, before: undefined });
  }

  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    for (const queue of this.#queues) for (const timer of queue.timers.values()) timer.cancel();
  }

  #onChange(change: Change): void {
    for (const queue of this.#queues) for (const key of queue.controller.keysOf(change)) this.#enqueue(queue, key);
  }

  #enqueue(queue: Queue, key: string): void {
    queue.waiting.add(key);
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    setImmediate(() => this.#turn());
  }

  #later(queue: Queue, key: string, delayMs: number): void {
    const dueMs = this.#context.clock.now() + delayMs;
    const known = queue.timers.get(key);
    if (known !== undefined) {
      if (known.dueMs <= dueMs && known.dueMs > this.#context.clock.now()) return;
      known.cancel();
    }
    const cancel = this.#context.clock.after(delayMs, () => {
      queue.timers.delete(key);
      this.#enqueue(queue, key);
    });
    queue.timers.set(key, { dueMs, cancel });
  }

  #turn(): void {
    this.#scheduled = false;
    if (this.#closed) return;
    for (const queue of this.#queues) {
      let left = KEYS_PER_TURN;
      for (const key of queue.waiting) {
        if (left-- <= 0) break;
        queue.waiting.delete(key);
        this.#reconcile(queue, key);
      }
    }
    if (!this.#scheduled && this.#queues.some((queue) => queue.waiting.size > 0)) {
      this.#scheduled = true;
      setImmediate(() => this.#turn());
    }
  }

  #reconcile(queue: Queue, key: string): void {
    try {
      const again = queue.controller.reconcile(key, this.#context);
      if (again !== undefined) this.#later(queue, key, again);
    } catch (error) {
      this.#onFailure(queue.controller.name, key, error);
      this.#later(queue, key, RETRY_MS);
    }
  }
}

/** A key of an object: its namespace and name. */
export function keyOfObject(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
