import { LRUCache } from 'lru-cache';
import { formatApplicationName, type Application } from '../core/application.ts';
import { digestJson } from '../core/digest.ts';
import { EngineError } from '../core/errors.ts';
import type { UserRules } from '../health/assess.ts';
import type { Engine } from './engine.ts';

const compiled = new LRUCache<string, Promise<UserRules>>({ max: 500 });

/**
 * The rules of health that an application brings, before those of the whole installation. What turns them into functions is loaded with
 * the first of them.
 *
 * @throws EngineError ConfigInvalid with everything that is wrong with them
 */
export async function healthRulesOf(
  application: Application,
  { healthRules: shared }: Pick<Engine, 'healthRules'>,
): Promise<UserRules | undefined> {
  if (application.healthRules.length === 0) return shared;
  const digest = digestJson(application.healthRules);
  let reading = compiled.get(digest);
  if (reading === undefined) {
    reading = read(application);
    compiled.set(digest, reading);
    // Another application may hold the same, and wants its own name in the message.
    reading.catch(() => compiled.delete(digest));
  }
  const own = await reading;
  if (shared === undefined) return own;
  return { assess: (object, now) => own.assess(object, now) ?? shared.assess(object, now) };
}

async function read(application: Application): Promise<UserRules> {
  const { parseUserRules } = await import('../health/user-rules.ts');
  const parsed = parseUserRules({ rules: application.healthRules });
  if (parsed.kind === 'rules') return parsed.rules;
  const problems = parsed.problems.map(({ path, message }) => ({ path: `spec.health.${path}`, message }));
  const [first] = problems;
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : '';
  throw new EngineError(
    'ConfigInvalid',
    `application ${formatApplicationName(application.name)} has no valid health rules (Invalid): ${first?.path ?? ''} ${first?.message ?? ''}${more}`,
    { data: { problems }, remedy: 'try them with evenkeel health test FILE' },
  );
}
