import { RE2JS } from 're2js';
import { BuildError } from '../problems.ts';

/** Answers whether a text matches; linear in the text, whatever the pattern is. */
export type TextMatch = (text: string) => boolean;

const LITERAL = /^[A-Za-z0-9_/@ -]*$/;
const CACHE = new Map<string, TextMatch>();
const CACHE_SIZE = 2_000;
const MAX_PATTERN = 1_000;

/** A regular expression in RE2's syntax that must fit the whole text; '' fits everything. @throws BuildError */
export function compileAnchored(pattern: string, what: string): TextMatch {
  if (pattern === '') return () => true;
  if (LITERAL.test(pattern)) return (text) => text === pattern;
  return compile(`^(?:${pattern})$`, pattern, what);
}

/** A regular expression in RE2's syntax that may fit anywhere in the text. @throws BuildError */
export function compileSearch(pattern: string, what: string): TextMatch {
  if (LITERAL.test(pattern)) return (text) => text.includes(pattern);
  return compile(pattern, pattern, what);
}

function compile(full: string, pattern: string, what: string): TextMatch {
  const known = CACHE.get(full);
  if (known !== undefined) return known;
  if (pattern.length > MAX_PATTERN)
    throw new BuildError(
      'InvalidPattern',
      `${what} is a pattern of ${pattern.length} characters, at most ${MAX_PATTERN} are taken`,
    );
  let match: TextMatch;
  try {
    const compiled = RE2JS.compile(full);
    match = (text) => compiled.matcher(text).find();
  } catch {
    throw new BuildError('InvalidPattern', `${what} ${JSON.stringify(pattern)} is not a valid regular expression`);
  }
  if (CACHE.size >= CACHE_SIZE) CACHE.clear();
  CACHE.set(full, match);
  return match;
}
