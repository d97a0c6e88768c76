import type { GroupRules } from './rules/form.ts';
import { type KindAssessor, compileKindRules } from './kind-rules.ts';

/** Finds the rules of a kind; groups are compiled when a kind of theirs is first asked for. */
export interface RuleIndex {
  /** The rules of `group/Kind`, else of `*` in the group, else of a group with a wildcard. */
  find(group: string, kind: string): KindAssessor | undefined;
  readonly groups: readonly GroupRules[];
}

/** Later groups of the same name add to and override earlier ones. */
export function indexRules(groups: readonly GroupRules[]): RuleIndex {
  const exact = new Map<string, GroupRules[]>();
  const wild: { readonly suffix: string; readonly rules: GroupRules }[] = [];
  for (const rules of groups) {
    for (const group of groupsOf(rules)) {
      if (group.startsWith('*.')) wild.push({ suffix: group.slice(1), rules });
      else exact.set(group, [rules, ...(exact.get(group) ?? [])]);
    }
  }
  const found = new Map<string, KindAssessor | undefined>();
  const search = (group: string, kind: string): KindAssessor | undefined => {
    const own = exact.get(group) ?? [];
    const wider = wild.filter((entry) => group.endsWith(entry.suffix)).map((entry) => entry.rules);
    for (const list of [own, wider]) {
      for (const name of [kind, '*']) {
        for (const rules of list) {
          const match = rules.kinds.findLast((entry) => entry.kinds.includes(name));
          if (match !== undefined) return compileKindRules(match);
        }
      }
    }
    return undefined;
  };
  return {
    groups,
    find(group, kind) {
      const key = `${group}/${kind}`;
      if (found.has(key)) return found.get(key);
      const assessor = search(group, kind);
      // Group and kind come from input: a flood of made-up names must not grow the memory.
      if (assessor !== undefined || found.size < 5000) found.set(key, assessor);
      return assessor;
    },
  };
}

export function groupsOf(rules: GroupRules): readonly string[] {
  return typeof rules.group === 'string' ? [rules.group] : rules.group;
}
