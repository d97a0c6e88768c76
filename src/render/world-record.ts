import type { Json } from '../core/json.ts';
import type {
  ClusterCapabilities,
  LookupRequest,
  RemoteAnswer,
  RemoteRequest,
  RenderAnswers,
  RenderQuestions,
} from '../core/render-world.ts';
import { derivedEntropy, type EntropySource, randomEntropy } from './helm/functions/entropy.ts';
import type { Lookup } from './helm/objects/lookup.ts';

/** More of these in one render is no chart that means well. */
const MAX_LOOKUPS = 256;
const MAX_REMOTES = 256;

/**
 * What one render knows of the world, and what it asks of it. A render that asks for something that it was not told goes on with
 * nothing in its place; whoever runs it answers and renders again.
 */
export class WorldRecord {
  readonly entropy: EntropySource;
  readonly #answers: RenderAnswers;
  readonly #known: ReadonlyMap<string, Json>;
  readonly #lookups = new Map<string, LookupRequest>();
  readonly #knownRemotes: ReadonlyMap<string, RemoteAnswer>;
  readonly #remotes = new Map<string, RemoteRequest>();
  readonly #made: Record<string, string> = Object.create(null) as Record<string, string>;
  #capabilities = false;
  #generated = false;
  #renewAtMs: number | undefined;

  /** @param now the clock of the render: the commit's time */
  constructor(answers: RenderAnswers, now: Date) {
    this.#answers = answers;
    this.#known = new Map(answers.lookups.map(({ request, answer }) => [lookupId(request), answer]));
    this.#knownRemotes = new Map((answers.remotes ?? []).map(({ request, answer }) => [remoteId(request), answer]));
    this.entropy = this.#recordingEntropy(answers, now);
  }

  readonly lookup: Lookup = (apiVersion, kind, namespace, name) => {
    const request = { apiVersion, kind, namespace, name };
    const id = lookupId(request);
    if (this.#lookups.size < MAX_LOOKUPS) this.#lookups.set(id, request);
    return this.#known.get(id) ?? (Object.create(null) as { [key: string]: Json });
  };

  readonly remote = (request: RemoteRequest): RemoteAnswer | undefined => {
    const id = remoteId(request);
    if (!this.#remotes.has(id) && this.#remotes.size >= MAX_REMOTES)
      return { kind: 'failed', message: `more than ${MAX_REMOTES} bases and files of other hosts` };
    this.#remotes.set(id, request);
    return this.#knownRemotes.get(id);
  };

  capabilities(): ClusterCapabilities | undefined {
    this.#capabilities = true;
    return this.#answers.capabilities ?? undefined;
  }

  questions(): RenderQuestions {
    return {
      lookups: [...this.#lookups.values()],
      remotes: [...this.#remotes.values()],
      capabilities: this.#capabilities,
      generated: this.#generated,
      made: this.#made,
      ...(this.#renewAtMs === undefined ? {} : { renewAtMs: this.#renewAtMs }),
    };
  }

  #recordingEntropy({ generated, nowMs }: RenderAnswers, now: Date): EntropySource {
    const source =
      generated === undefined
        ? randomEntropy(() => now)
        : derivedEntropy({
            seed: generated.seed,
            // The key is the application's own already.
            application: '',
            now,
            issueTime: new Date(nowMs),
            kept: new Map(Object.entries(generated.kept)),
            onMade: (key, value) => {
              this.#made[key] = value;
            },
            onRenewal: (at) => {
              this.#renewAtMs = Math.min(this.#renewAtMs ?? Number.POSITIVE_INFINITY, at.getTime());
            },
          });
    return {
      now: () => now,
      issueTime: () => source.issueTime(),
      randomBytes: (purpose, count) => {
        this.#generated = true;
        return source.randomBytes(purpose, count);
      },
      keep: (key, make, renewAt) => {
        this.#generated = true;
        return source.keep(key, make, renewAt);
      },
    };
  }
}

export function lookupId({ apiVersion, kind, namespace, name }: LookupRequest): string {
  return JSON.stringify([apiVersion, kind, namespace, name]);
}

export function remoteId(request: RemoteRequest): string {
  return JSON.stringify(request.kind === 'git' ? ['git', request.url, request.ref] : ['file', request.url]);
}
