import type { RenderProblem } from '../../core/manifest.ts';
import { isEngineError } from '../../core/errors.ts';
import { helmErrorText } from './functions/render-errors.ts';
import { VALUES_TYPE } from './functions/render-objects.ts';
import type { Budget } from './gotemplate/budget.ts';
import { fromBytes, isValidUtf8, toBytes } from './gotemplate/byte-string.ts';
import { TemplateSet } from './gotemplate/engine.ts';
import { GoError, TemplateError } from './gotemplate/errors.ts';
import type { FunctionMap } from './gotemplate/function.ts';
import { GoMap, goMap } from './gotemplate/values.ts';
import { type ChartTemplate, isNotes, isPartial } from './objects/scopes.ts';

export interface RenderedTemplates {
  /** What each template wrote, by template name. */
  readonly texts: ReadonlyMap<string, string>;
  readonly problems: readonly RenderProblem[];
}

/**
 * Parses all templates, deepest paths first (so that a parent's definition replaces a subchart's), and runs those that are no
 * partials. Every template that fails is reported; a render that passes a limit ends at once.
 * @throws EngineError RenderLimit
 */
export function renderTemplates(
  templates: readonly ChartTemplate[],
  functions: FunctionMap,
  budget: Budget,
): RenderedTemplates {
  const set = new TemplateSet('gotpl', functions, { missingKey: 'zero' });
  const ordered = [...templates].sort(byPath);
  const problems: RenderProblem[] = [];
  const texts = new Map<string, string>();
  for (const template of ordered) {
    attempt(template, templates, problems, () => set.parse(template.name, template.file.data));
  }
  if (problems.length > 0) return { texts, problems };
  for (const template of ordered) {
    if (isPartial(template.name)) continue;
    const own = goMap({ Name: toBytes(template.name), BasePath: toBytes(template.basePath) });
    template.scope.entries.set('Template', new GoMap(own.entries, VALUES_TYPE));
    attempt(template, templates, problems, () => {
      const written = set.executeBytes(toBytes(template.name), template.scope, budget);
      if (!isValidUtf8(written) && !isNotes(template.name)) {
        problems.push({ path: template.file.origin, message: `YAML parse error on ${template.name}: invalid UTF-8` });
      }
      // A missing value prints so in Go; Helm takes it out of what was written.
      texts.set(template.name, fromBytes(written.replaceAll('<no value>', '')));
    });
  }
  return { texts, problems };
}

/** More `/` first; then the larger name first. */
function byPath(left: ChartTemplate, right: ChartTemplate): number {
  const depth = right.name.split('/').length - left.name.split('/').length;
  if (depth !== 0) return depth;
  const [a, b] = [toBytes(left.name), toBytes(right.name)];
  return a < b ? 1 : a > b ? -1 : 0;
}

function attempt(
  template: ChartTemplate,
  all: readonly ChartTemplate[],
  problems: RenderProblem[],
  run: () => void,
): void {
  try {
    run();
  } catch (thrown) {
    if (isEngineError(thrown) || !(thrown instanceof GoError)) throw thrown;
    problems.push(problemOf(template, all, thrown));
  }
}

function problemOf(template: ChartTemplate, all: readonly ChartTemplate[], error: GoError): RenderProblem {
  const message = cut(helmErrorText(template.name, error));
  if (!(error instanceof TemplateError)) return { path: template.file.origin, message };
  const failing = all.find((other) => other.name === error.template) ?? template;
  const source = new TextDecoder().decode(failing.file.data).split('\n')[error.line - 1];
  const excerpt = source === undefined ? undefined : excerptOf(source, error.column);
  return {
    path: failing.file.origin,
    line: error.line,
    message,
    ...(error.column === undefined ? {} : { column: error.column + 1 }),
    ...(excerpt === undefined ? {} : { excerpt }),
  };
}

const EXCERPT_WIDTH = 160;
/** An error may quote all of a text that was given to `tpl`. */
const MESSAGE_LENGTH = 4_000;

function cut(message: string): string {
  if (message.length <= MESSAGE_LENGTH) return message;
  // Of templates inside templates the first place and the cause at the end matter.
  return `${message.slice(0, 1_200)} … ${message.slice(-600)}`;
}

function excerptOf(source: string, column: number | undefined): string {
  const line = source.slice(0, EXCERPT_WIDTH);
  return column === undefined || column >= line.length ? line : `${line}\n${' '.repeat(column)}^`;
}
