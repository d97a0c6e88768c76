import { parsePathPattern } from './path-match.ts';

/** Which paths of a chart folder are left out. Paths are relative to the chart, with `/`. */
export interface IgnoreRules {
  ignores(path: string, isDirectory: boolean): boolean;
}

interface Rule {
  readonly negated: boolean;
  readonly onlyDirectories: boolean;
  matches(path: string): boolean;
}

/** Hidden files below templates/ are never templates. */
const DEFAULT_RULE = 'templates/.?*';

/**
 * Reads a `.helmignore` text by Helm's rules, which are not those of Git: the first rule that decides wins, a rule without `/`
 * looks at the last name only, and a negated rule ignores everything that it does not match.
 * @returns the rules, or what is wrong with the text
 */
export function parseHelmIgnore(text: string): IgnoreRules | { readonly problem: string } {
  const rules: Rule[] = [];
  for (const [index, line] of [...text.split('\n'), DEFAULT_RULE].entries()) {
    const rule = (index === 0 ? line.replace(/^\uFEFF/, '') : line).trim();
    if (rule === '' || rule.startsWith('#')) continue;
    if (rule.includes('**')) return { problem: `line ${index + 1}: double-star (**) syntax is not supported` };
    const parsed = parseRule(rule);
    if (parsed === undefined) return { problem: `line ${index + 1}: syntax error in pattern` };
    rules.push(parsed);
  }
  return { ignores: (path, isDirectory) => decide(rules, path, isDirectory) };
}

function parseRule(text: string): Rule | undefined {
  if (parsePathPattern(text) === undefined) return undefined;
  const negated = text.startsWith('!');
  let body = negated ? text.slice(1) : text;
  const onlyDirectories = body.endsWith('/');
  if (onlyDirectories) body = body.slice(0, -1);
  const isRooted = body.startsWith('/');
  if (isRooted) body = body.slice(1);
  const wholePath = isRooted || body.includes('/');
  const pattern = parsePathPattern(body);
  return {
    negated,
    onlyDirectories,
    matches: (path) => pattern?.matches(wholePath ? path : path.slice(path.lastIndexOf('/') + 1)) ?? false,
  };
}

function decide(rules: readonly Rule[], path: string, isDirectory: boolean): boolean {
  for (const rule of rules) {
    const applies = isDirectory || !rule.onlyDirectories;
    if (rule.negated) {
      if (!applies || !rule.matches(path)) return true;
    } else if (applies && rule.matches(path)) {
      return true;
    }
  }
  return false;
}
