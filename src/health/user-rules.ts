import type { Health } from '../core/health.ts';
import { isJsonObject, type Json, listAt, own, stringAt } from '../core/json.ts';
import { type KubeObject, parseApiVersion } from '../core/object-key.ts';
import type { UserRules } from './assess.ts';
import { compileCel } from './cel.ts';
import { compileKindRules, type KindAssessor } from './kind-rules.ts';
import { compileLuaHealth } from './lua/lua-health.ts';
import { checkKindRules, type RuleProblem } from './rule-schema.ts';
import type { KindRules } from './rules/form.ts';

/** Rules of one's own that were read, or everything that is wrong with them. */
export type ParsedRules =
  | { readonly kind: 'rules'; readonly rules: UserRules; readonly kinds: readonly string[] }
  | { readonly kind: 'invalid'; readonly problems: readonly RuleProblem[] };

interface Entry {
  readonly group: string;
  readonly kinds: readonly string[];
  readonly assess: KindAssessor;
}

const LIMIT = 500;

/**
 * Reads rules of one's own from JSON (YAML was read before):
 * `{rules: [{group, kinds: [{kinds: [Widget], rules: [{when, status, …}]} | {kinds: [Gadget], lua: "…"}]}]}`.
 * The form is that of the shipped rules; `lua` is a health script as Argo CD takes it. All problems are reported, each with its path.
 * Later entries win. A group `*.example.com` and a kind `*` stand for all.
 */
export function parseUserRules(input: unknown): ParsedRules {
  const problems: RuleProblem[] = [];
  const entries: Entry[] = [];
  const list = own(input, 'rules');
  if (!Array.isArray(list)) return { kind: 'invalid', problems: [{ path: 'rules', message: 'is not a list' }] };
  if (list.length > LIMIT)
    return { kind: 'invalid', problems: [{ path: 'rules', message: `has more than ${LIMIT} entries` }] };
  for (const [index, group] of (list as readonly Json[]).entries())
    readGroup(group, `rules[${index}]`, entries, problems);
  if (problems.length > 0) return { kind: 'invalid', problems };
  return {
    kind: 'rules',
    rules: userRules(entries),
    kinds: entries.flatMap((entry) => entry.kinds.map((kind) => `${entry.group}/${kind}`)),
  };
}

function readGroup(group: Json, path: string, entries: Entry[], problems: RuleProblem[]): void {
  const name = own(group, 'group');
  if (typeof name !== 'string' || !/^(\*\.)?[a-z0-9.-]{0,253}$/.test(name)) {
    problems.push({ path: `${path}.group`, message: 'is not the name of an API group (or *.group)' });
    return;
  }
  const unknown = isJsonObject(group)
    ? Object.keys(group).find((key) => !['group', 'project', 'kinds'].includes(key))
    : undefined;
  if (unknown !== undefined)
    problems.push({ path: `${path}.${unknown}`, message: 'is not known here (known: group, project, kinds)' });
  const kinds = listAt(group, 'kinds');
  if (kinds.length === 0) problems.push({ path: `${path}.kinds`, message: 'is not a list of kinds' });
  for (const [index, kind] of kinds.slice(0, LIMIT).entries()) {
    const at = `${path}.kinds[${index}]`;
    const lua = own(kind, 'lua');
    const assess = lua === undefined ? readKind(kind, at, problems) : readLua(kind, lua, at, problems);
    const names = listAt(kind, 'kinds').filter((entry): entry is string => typeof entry === 'string');
    if (assess !== undefined) entries.push({ group: name, kinds: names, assess });
  }
}

function readKind(kind: Json, path: string, problems: RuleProblem[]): KindAssessor | undefined {
  const found = checkKindRules(kind, path);
  problems.push(...found);
  if (found.length > 0) return undefined;
  try {
    return compileKindRules(kind as unknown as KindRules, compileCel);
  } catch (error) {
    problems.push({ path, message: firstLine(error) });
    return undefined;
  }
}

function readLua(kind: Json, lua: Json, path: string, problems: RuleProblem[]): KindAssessor | undefined {
  const unknown = isJsonObject(kind)
    ? Object.keys(kind).find((key) => !['kinds', 'lua', 'about'].includes(key))
    : undefined;
  if (unknown !== undefined)
    problems.push({ path: `${path}.${unknown}`, message: 'does not go with lua (known: kinds, lua, about)' });
  if (listAt(kind, 'kinds').length === 0) problems.push({ path: `${path}.kinds`, message: 'is not a list of names' });
  if (typeof lua !== 'string') {
    problems.push({ path: `${path}.lua`, message: 'is not a text' });
    return undefined;
  }
  const script = compileLuaHealth(lua);
  if (script.kind === 'invalid') {
    problems.push({ path: `${path}.lua`, message: script.message });
    return undefined;
  }
  return (object, now) => script.assess(object, now);
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? text;
}

function userRules(entries: readonly Entry[]): UserRules {
  const matches = (entry: Entry, group: string, kind: string): boolean =>
    (entry.group === group || (entry.group.startsWith('*.') && group.endsWith(entry.group.slice(1)))) &&
    (entry.kinds.includes(kind) || entry.kinds.includes('*'));
  const exactness = (entry: Entry, kind: string): number =>
    (entry.group.startsWith('*.') ? 0 : 2) + (entry.kinds.includes(kind) ? 1 : 0);
  const cache = new Map<string, Entry | undefined>();
  const find = (group: string, kind: string): Entry | undefined => {
    const key = `${group}/${kind}`;
    if (cache.has(key)) return cache.get(key);
    let best: Entry | undefined;
    for (const entry of entries) {
      if (matches(entry, group, kind) && (best === undefined || exactness(entry, kind) >= exactness(best, kind)))
        best = entry;
    }
    if (cache.size < 5000) cache.set(key, best);
    return best;
  };
  return {
    assess(object: KubeObject, now: number): Health | undefined {
      const group = parseApiVersion(stringAt(object, 'apiVersion') ?? '').group;
      return find(group, stringAt(object, 'kind') ?? '')?.assess(object, now);
    },
  };
}
