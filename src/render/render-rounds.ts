import { digestJson } from '../core/digest.ts';
import { EngineError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { RenderResult } from '../core/manifest.ts';
import type { RenderAnswers, RenderQuestions, RenderWorld } from '../core/render-world.ts';
import { lookupId } from './world-record.ts';

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
  readonly capabilities?: string;
  readonly generated?: string;
  readonly renewAtMs?: number;
}

/**
 * Renders until everything that the templates ask of the world is answered, and keeps what they generated.
 * @param run one render with what is known so far
 * @throws EngineError of the world; RenderLimit when the questions do not end
 */
export async function renderInRounds(
  run: (answers: RenderAnswers) => Promise<RenderResult>,
  world: RenderWorld,
  signal?: AbortSignal,
): Promise<AnsweredResult> {
  let answers: RenderAnswers = { lookups: [], nowMs: world.now() };
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const result = await run(answers);
    const { asked } = result;
    if (asked === undefined) return { result, facts: undefined };
    const more = await answer(asked, answers, world, signal);
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
    `render was stopped (RenderLimit): after ${MAX_ROUNDS} rounds its templates still look up something else`,
    { remedy: 'look for a lookup whose name comes from what another lookup found' },
  );
}

/** What is known when all questions are answered; undefined when all were answered before. */
async function answer(
  asked: RenderQuestions,
  known: RenderAnswers,
  world: RenderWorld,
  signal: AbortSignal | undefined,
): Promise<RenderAnswers | undefined> {
  const answered = new Set(known.lookups.map(({ request }) => lookupId(request)));
  const open = asked.lookups.filter((request) => !answered.has(lookupId(request)));
  const wantsCapabilities = asked.capabilities && known.capabilities === undefined;
  const wantsGenerated = asked.generated && known.generated === undefined;
  if (open.length === 0 && !wantsCapabilities && !wantsGenerated) return undefined;
  const found = await Promise.all(
    open.map(async (request) => ({ request, answer: await world.lookup(request, signal) })),
  );
  return {
    ...known,
    lookups: [...known.lookups, ...found],
    ...(wantsCapabilities ? { capabilities: await world.capabilities(signal) } : {}),
    ...(wantsGenerated ? { generated: await world.generated(signal) } : {}),
  };
}

function factsOf(asked: RenderQuestions, answers: RenderAnswers): WorldFacts {
  const wanted = new Set(asked.lookups.map(lookupId));
  return {
    lookups: answers.lookups
      .filter(({ request }) => wanted.has(lookupId(request)))
      .map((item) => ({ request: item.request, digest: digestJson(item.answer) })),
    ...(asked.capabilities ? { capabilities: digestJson(answers.capabilities as unknown as Json) } : {}),
    ...(asked.generated ? { generated: digestJson(answers.generated as unknown as Json) } : {}),
    ...(asked.renewAtMs === undefined ? {} : { renewAtMs: asked.renewAtMs }),
  };
}

/** Whether the world still answers as it did. @throws EngineError of the world */
export async function factsHold(facts: WorldFacts, world: RenderWorld, signal?: AbortSignal): Promise<boolean> {
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
  return same.every(Boolean);
}
