import type { Json } from '../../../core/json.ts';
import { fromBytes } from '../gotemplate/byte-string.ts';
import { GoError } from '../gotemplate/errors.ts';
import type { CallContext } from '../gotemplate/function.ts';
import { quote } from '../gotemplate/quote.ts';
import { GoMap, type GoValue, goValueOf } from '../gotemplate/values.ts';
import { any, fn, type FunctionGroup, str } from './define.ts';
import { orElse } from './json.ts';
import { markedMessage } from './render-errors.ts';

/** Helm's functions that call templates, stop the render or ask the cluster. */

/** How often one template may be inside itself. */
const DEEPEST_INCLUDE = 1000;

export interface TemplateFunctionOptions {
  readonly lookup?: ((apiVersion: string, kind: string, namespace: string, name: string) => Json) | undefined;
  readonly lint?: boolean | undefined;
}

export function templateFunctions(options: TemplateFunctionOptions): FunctionGroup {
  const running = new Map<string, number>();

  const include = (name: string, data: GoValue, context: CallContext): string => {
    const count = running.get(name) ?? 0;
    if (count > DEEPEST_INCLUDE) {
      const cause = new GoError('unable to execute template');
      throw new GoError(`rendering template has a nested reference name: ${name}: ${cause.bytes}`, cause);
    }
    running.set(name, count + 1);
    try {
      return context.include(name, data);
    } finally {
      running.set(name, count);
    }
  };

  const tpl = (text: string, data: GoValue, context: CallContext): string => {
    const wrap = (what: string, error: GoError): never => {
      throw new GoError(`${what} ${quote(text)}: ${error.bytes}`, error);
    };
    const execute = orElse(
      () => context.parseInCopy(text),
      (error) => wrap('cannot parse template', error),
    );
    const output = orElse(
      () => execute(data),
      (error) => wrap('error during tpl function execution for', error),
    );
    return output.replaceAll('<no value>', '');
  };

  const stop = (message: string): string => {
    if (options.lint === true) return '';
    throw new GoError(markedMessage(message));
  };

  const lookup = (apiVersion: string, kind: string, namespace: string, name: string): GoValue => {
    if (options.lookup === undefined || options.lint === true) return new GoMap();
    const found = options.lookup(fromBytes(apiVersion), fromBytes(kind), fromBytes(namespace), fromBytes(name));
    return integersOf(found);
  };

  return {
    include: fn([str, any], include),
    tpl: fn([str, any], tpl),
    required: fn([str, any], (message, value) =>
      value === null || value === undefined || value === '' ? stop(message) : value,
    ),
    fail: fn([str], (message) => stop(message)),
    lookup: fn([str, str, str, str], lookup),
    getHostByName: fn([str], () => ''),
  };
}

/** An object of the cluster: whole numbers are int64, as Kubernetes' own decoder makes them. */
function integersOf(json: Json | undefined): GoValue {
  return goValueOf(withIntegers(json ?? null));
}

function withIntegers(json: Json): Json {
  if (typeof json === 'number') return Number.isSafeInteger(json) ? BigInt(json) : json;
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((item: Json) => withIntegers(item));
  const object = Object.create(null) as { [key: string]: Json };
  for (const [key, value] of Object.entries(json)) object[key] = withIntegers((value ?? null) as Json);
  return object;
}
