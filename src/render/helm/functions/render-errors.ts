import { fromBytes } from '../gotemplate/byte-string.ts';
import { ExecError, GoError, ParseError } from '../gotemplate/errors.ts';
import { trimSpace } from '../gotemplate/unicode.ts';

/** How Helm words what goes wrong in a template. */

const WARNING = ['HELM_ERR_START', 'HELM_ERR_END'] as const;

/** Marks the message of `fail` and `required`, which is shown alone. */
export function markedMessage(message: string): string {
  return WARNING[0] + message + WARNING[1];
}

/**
 * `parse error at (chart/templates/a.yaml:1): …` for parse errors; the location, the node and the cause on lines of their own for
 * execution errors, once for each template on the way; `execution error at (…): …` for `fail` and `required`. What cannot be taken
 * apart stays as Go words it.
 */
export function helmErrorText(filename: string, error: unknown): string {
  if (error instanceof ParseError) return fromBytes(parseErrorText(filename, error.bytes));
  if (error instanceof ExecError) return fromBytes(execErrorText(filename, error));
  return error instanceof Error ? error.message : String(error);
}

function parseErrorText(filename: string, message: string): string {
  const tokens = message.split(': ');
  const last = tokens[tokens.length - 1] ?? '';
  if (tokens.length === 1) return `parse error in (${filename}): ${message}`;
  return `parse error at (${tokens[1] ?? ''}): ${last}`;
}

function execErrorText(filename: string, error: ExecError): string {
  const message = error.bytes;
  const first = message.indexOf(': ');
  const second = message.indexOf(': ', first + 2);
  if (first < 0 || second < 0) return `execution error in (${filename}): ${message}`;
  const location = message.slice(first + 2, second);
  const rest = message.slice(second + 2);
  const start = rest.indexOf(WARNING[0]);
  const end = rest.lastIndexOf(WARNING[1]);
  if (start >= 0 && end >= start + WARNING[0].length)
    return `execution error at (${location}): ${rest.slice(start + WARNING[0].length, end)}`;
  const steps: string[] = [];
  for (let current: GoError | undefined = error; current !== undefined; current = current.unwrap()) {
    const step = stepText(current.bytes);
    if (step === undefined) return message;
    if (steps[steps.length - 1] !== step) steps.push(step);
  }
  return trimSpace(steps.join(''));
}

/** A message as location, node and cause on a line each; undefined when it is no message of a template. */
function stepText(message: string): string | undefined {
  const PREFIX = 'template: ';
  if (!message.startsWith(PREFIX)) return undefined;
  const rest = message.slice(PREFIX.length);
  if (rest.startsWith('no template ')) return lines('', '', message);
  return executingStep(rest) ?? simpleStep(rest);
}

function executingStep(rest: string): string | undefined {
  const at = rest.indexOf(': executing ');
  if (at < 0) return undefined;
  const after = rest.slice(at + ': executing '.length);
  const endQuote = after.startsWith('"') ? after.indexOf('"', 1) : -1;
  if (endQuote < 0 || !after.startsWith(' at <', endQuote + 1)) return undefined;
  const node = after.slice(endQuote + 1 + ' at <'.length);
  const close = node.indexOf('>: ');
  if (close < 0) return undefined;
  return lines(
    rest.slice(0, at),
    `executing "${after.slice(1, endQuote)}" at <${node.slice(0, close)}>:`,
    withoutChain(node.slice(close + 3)),
  );
}

function simpleStep(rest: string): string | undefined {
  const at = rest.lastIndexOf(': ');
  return at < 0 ? undefined : lines(rest.slice(0, at), '', withoutChain(rest.slice(at + 2)));
}

/** The error of a template further inside follows as a step of its own. */
function withoutChain(message: string): string {
  const at = message.indexOf(' template:');
  return at < 0 ? message : message.slice(0, at);
}

function lines(location: string, node: string, message: string): string {
  return (
    (location === '' ? '' : `${location}\n  `) +
    (node === '' ? '' : `${node}\n    `) +
    (message === '' ? '' : `${message}\n`)
  );
}
