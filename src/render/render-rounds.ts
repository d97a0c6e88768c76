import { digestJson } from '../core/digest.ts';
import { EngineError, isEngineError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { RenderResult } from '../core/manifest.ts';
import type {
  RemoteAnswer,
  RemoteFetcher,
  RemoteRequest,
  RenderAnswers,
  RenderQuestions,
  RenderWorld,
} from '../core/render-world.ts';
import { lookupId, remoteId } from './world-record.ts';

/** A render asks for what it was not told, and is repeated with the answers; templates that look up what they found need one round each. */
const MAX_ROUNDS = 12;

/** A result, and what of the world it depends on. */
export interface AnsweredResult {
  readonly result: RenderResult;
  readonly facts: WorldFacts | undefined;
}

/** What of the world a result depends on: it holds as long as these answers do. */
export interface WorldFacts {
  readonly lookups: readonly { readonly request: RenderQuestions['lookups'][number]; readonly digest: string }[];
  readonly remotes: readonly { readonly request: RemoteRequest; readonly digest: string }[];
  readonly capabilities?: string;
  readonly generated?: string;
  readonly renewAtMs?: number;
}

/** Who answers a render. */
export interface Answering {
  readonly world: RenderWorld;
  /** Absent: nothing is fetched from other hosts. */
  readonly remotes?: RemoteFetcher | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Renders until everything that is asked of the world is answered, and keeps what templates generated.
 * @param run one render with what is known so far
 * @throws EngineError of the world; RenderLimit when the questions do not end
 */
export async function renderInRounds(
  run: (answers: RenderAnswers) => Promise<RenderResult>,
  answering: Answering,
): Promise<AnsweredResult> {
  const { world, signal } = answering;
  let answers: RenderAnswers = { lookups: [], nowMs: world.now() };
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const result = await run(answers);
    const { asked } = result;
    if (asked === undefined) return { result, facts: undefined };
    const more = await answer(asked, answers, answering);
    if (more !== undefined) {
      answers = more;
      continue;
    }
    if (Object.keys(asked.made).length > 0 && result.kind === 'rendered') {
      const generated = await world.keep(asked.made, signal);
      const isOurs = Object.entries(asked.made).every(([key, value]) => generated.kept[key] === value);
      answers = { ...answers, generated };
      // Another process was first: what it made counts.
      if (!isOurs) continue;
    }
    return { result, facts: factsOf(asked, answers) };
  }
  throw new EngineError(
    'RenderLimit',
    `render was stopped (RenderLimit): after ${MAX_ROUNDS} rounds its templates still ask for something else`,
    { remedy: 'look for a lookup whose name comes from what another lookup found, or bases that name other bases' },
  );
}

/** What is known when all questions are answered; undefined when all were answered before. */
async function answer(
  asked: RenderQuestions,
  known: RenderAnswers,
  { world, remotes, signal }: Answering,
): Promise<RenderAnswers | undefined> {
  const answered = new Set(known.lookups.map(({ request }) => lookupId(request)));
  const open = asked.lookups.filter((request) => !answered.has(lookupId(request)));
  const wantsCapabilities = asked.capabilities && known.capabilities === undefined;
  const wantsGenerated = asked.generated && known.generated === undefined;
  const missing = openRemotes(asked.remotes, known.remotes ?? []);
  if (open.length === 0 && missing.length === 0 && !wantsCapabilities && !wantsGenerated) return undefined;
  const found = await Promise.all(
    open.map(async (request) => ({ request, answer: await world.lookup(request, signal) })),
  );
  const fetched = await fetchAll(missing, remotes, signal);
  return {
    ...known,
    lookups: [...known.lookups, ...found],
    remotes: [...(known.remotes ?? []), ...fetched],
    ...(wantsCapabilities ? { capabilities: await world.capabilities(signal) } : {}),
    ...(wantsGenerated ? { generated: await world.generated(signal) } : {}),
  };
}

interface KnownRemote {
  readonly request: RemoteRequest;
  readonly answer: RemoteAnswer;
}

function openRemotes(asked: readonly RemoteRequest[], known: readonly KnownRemote[]): readonly RemoteRequest[] {
  const ids = new Set(known.map(({ request }) => remoteId(request)));
  return asked.filter((request) => !ids.has(remoteId(request)));
}

async function fetchAll(
  requests: readonly RemoteRequest[],
  remotes: RemoteFetcher | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly KnownRemote[]> {
  const refused: RemoteAnswer = { kind: 'failed', message: 'nothing is fetched from other hosts here' };
  return Promise.all(
    requests.map(async (request) => ({ request, answer: (await remotes?.fetch(request, signal)) ?? refused })),
  );
}

/** Renders a folder until all that it names on other hosts is fetched. @throws EngineError Source* that may pass, RenderLimit */
export async function renderWithRemotes<T extends { readonly asked: readonly RemoteRequest[] }>(
  render: (known: readonly KnownRemote[]) => T | Promise<T>,
  remotes: RemoteFetcher,
  signal: AbortSignal | undefined,
): Promise<T> {
  let known: readonly KnownRemote[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const result = await render(known);
    const missing = openRemotes(result.asked, known);
    if (missing.length === 0) return result;
    known = [...known, ...(await fetchAll(missing, remotes, signal))];
  }
  throw new EngineError(
    'RenderLimit',
    `render was stopped (RenderLimit): bases name other bases more than ${MAX_ROUNDS} levels deep`,
  );
}

function factsOf(asked: RenderQuestions, answers: RenderAnswers): WorldFacts {
  const wanted = new Set(asked.lookups.map(lookupId));
  return {
    lookups: answers.lookups
      .filter(({ request }) => wanted.has(lookupId(request)))
      .map((item) => ({ request: item.request, digest: digestJson(item.answer) })),
    remotes: (answers.remotes ?? [])
      .filter(({ request }) => asked.remotes.some((one) => remoteId(one) === remoteId(request)))
      .map(({ request, answer: found }) => ({ request, digest: digestJson(found as unknown as Json) })),
    ...(asked.capabilities ? { capabilities: digestJson(answers.capabilities as unknown as Json) } : {}),
    ...(asked.generated ? { generated: digestJson(answers.generated as unknown as Json) } : {}),
    ...(asked.renewAtMs === undefined ? {} : { renewAtMs: asked.renewAtMs }),
  };
}

/** Whether the world still answers as it did. @throws EngineError of the world */
export async function factsHold(facts: WorldFacts, { world, remotes, signal }: Answering): Promise<boolean> {
  if (facts.renewAtMs !== undefined && facts.renewAtMs <= world.now()) return false;
  if (facts.capabilities !== undefined) {
    if (digestJson((await world.capabilities(signal)) as unknown as Json) !== facts.capabilities) return false;
  }
  if (facts.generated !== undefined) {
    if (digestJson((await world.generated(signal)) as unknown as Json) !== facts.generated) return false;
  }
  const same = await Promise.all(
    facts.lookups.map(async ({ request, digest }) => digestJson(await world.lookup(request, signal)) === digest),
  );
  const stillThere = await Promise.all(
    facts.remotes.map(async ({ request, digest }) => isUnchanged(request, digest, remotes, signal)),
  );
  return same.every(Boolean) && stillThere.every(Boolean);
}

/** A host that cannot be reached says nothing: what it said last counts. */
async function isUnchanged(
  request: RemoteRequest,
  digest: string,
  remotes: RemoteFetcher | undefined,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    return digestJson((await remotes?.fetch(request, signal)) as unknown as Json) === digest;
  } catch (thrown) {
    if (isEngineError(thrown, 'SourceUnreachable')) return true;
    throw thrown;
  }
}
