import type { Json } from '../../../core/json.ts';

/**
 * Asks the cluster for an object, or with an empty name for a list. An empty map stands for "not found"; anything else that goes
 * wrong is thrown and ends the render.
 */
export type Lookup = (apiVersion: string, kind: string, namespace: string, name: string) => Json;

/** What a template asked for. */
export interface LookupRequest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  /** '' asks for a list. */
  readonly name: string;
}

/** Remembers what was looked up, and asks only once for the same thing: a render sees one state of the cluster. */
export class LookupRecorder {
  readonly #answers = new Map<string, { readonly request: LookupRequest; readonly answer: Json }>();
  readonly #ask: Lookup;

  constructor(lookup: Lookup | undefined) {
    this.#ask = lookup ?? (() => Object.create(null) as { [key: string]: Json });
  }

  readonly lookup: Lookup = (apiVersion, kind, namespace, name) => {
    const key = JSON.stringify([apiVersion, kind, namespace, name]);
    const known = this.#answers.get(key);
    if (known !== undefined) return known.answer;
    const answer = this.#ask(apiVersion, kind, namespace, name);
    this.#answers.set(key, { request: { apiVersion, kind, namespace, name }, answer });
    return answer;
  };

  requests(): LookupRequest[] {
    return [...this.#answers.values()].map(({ request }) => request);
  }
}
