import type { Json } from '../../../core/json.ts';
import type { FunctionMap, GoFunction } from '../gotemplate/function.ts';
import { aesFunctions } from './aes.ts';
import { certificateFunctions } from './certificates.ts';
import { dateFunctions } from './dates.ts';
import type { FunctionGroup } from './define.ts';
import { fn, str } from './define.ts';
import { DICT_FUNCTIONS } from './dicts.ts';
import { DURATION_FUNCTIONS } from './durations.ts';
import { ENCODING_FUNCTIONS } from './encoding.ts';
import { type EntropySource, randomEntropy } from './entropy.ts';
import { FLOW_FUNCTIONS } from './flow.ts';
import { HELM_JSON_FUNCTIONS, JSON_FUNCTIONS } from './json.ts';
import { LIST_FUNCTIONS } from './lists.ts';
import { NUMBER_FUNCTIONS } from './numbers.ts';
import { passwordFunctions } from './passwords.ts';
import { PATH_FUNCTIONS } from './paths.ts';
import { randomFunctions } from './random.ts';
import { REGEXP_FUNCTIONS } from './regexp.ts';
import { SEMVER_FUNCTIONS } from './semver.ts';
import { STRING_FUNCTIONS } from './strings.ts';
import { templateFunctions } from './templates.ts';
import { TOML_FUNCTIONS } from './toml.ts';
import { URL_FUNCTIONS } from './url.ts';
import { YAML_FUNCTIONS } from './yaml.ts';

export interface HelmFunctionOptions {
  readonly entropy: EntropySource;
  /** `lookup`; without it every lookup gives an empty map, as offline. `namespace` and `name` may be ''. */
  readonly lookup?: (apiVersion: string, kind: string, namespace: string, name: string) => Json;
  /** Lint mode: `required` and `fail` never stop the render. */
  readonly lint?: boolean;
}

function mapOf(...groups: readonly FunctionGroup[]): Map<string, GoFunction> {
  return new Map(groups.flatMap((group) => Object.entries(group)));
}

/**
 * The functions of one render beside those that are the same for all, which no render copies. What asks the clock or for random bytes is
 * made when the first such function is met: most charts call none.
 */
class Layered implements FunctionMap {
  readonly #shared: FunctionMap;
  readonly #own: FunctionMap;
  readonly #entropy: EntropySource;
  #late: FunctionMap | undefined;

  constructor(shared: FunctionMap, own: FunctionMap, entropy: EntropySource) {
    this.#shared = shared;
    this.#own = own;
    this.#entropy = entropy;
  }

  get(name: string): GoFunction | undefined {
    return this.#own.get(name) ?? this.#shared.get(name) ?? (ENTROPY_NAMES.has(name) ? this.#lateGet(name) : undefined);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  #lateGet(name: string): GoFunction | undefined {
    this.#late ??= mapOf(...entropyGroups(this.#entropy));
    return this.#late.get(name);
  }
}

const SPRIG_GROUPS = [
  STRING_FUNCTIONS,
  NUMBER_FUNCTIONS,
  LIST_FUNCTIONS,
  DICT_FUNCTIONS,
  FLOW_FUNCTIONS,
  JSON_FUNCTIONS,
  ENCODING_FUNCTIONS,
  REGEXP_FUNCTIONS,
  SEMVER_FUNCTIONS,
  URL_FUNCTIONS,
  PATH_FUNCTIONS,
] as const;

/** What depends on nothing but its arguments; Helm's own in place of sprig's. */
const PURE_SPRIG = mapOf(...SPRIG_GROUPS);
const PURE_HELM = mapOf(...SPRIG_GROUPS, YAML_FUNCTIONS, TOML_FUNCTIONS, HELM_JSON_FUNCTIONS, DURATION_FUNCTIONS);

/** What asks the clock or for random bytes. */
function entropyGroups(entropy: EntropySource): FunctionGroup[] {
  return [
    dateFunctions(entropy),
    randomFunctions(entropy),
    passwordFunctions(entropy),
    aesFunctions(entropy),
    certificateFunctions(entropy),
  ];
}

const ENTROPY_NAMES: ReadonlySet<string> = new Set(mapOf(...entropyGroups(randomEntropy(() => new Date(0)))).keys());

/** sprig as it is outside of Helm (without env and expandenv, and without name lookups), for tools that need it and for tests. */
export function sprigFunctions({ entropy }: { readonly entropy: EntropySource }): FunctionMap {
  return new Layered(PURE_SPRIG, mapOf({ getHostByName: fn([str], () => '') }), entropy);
}

/** All functions of Helm's templates: text/template's own, sprig's without env and expandenv, and Helm's. One map for one render. */
export function helmFunctions(options: HelmFunctionOptions): FunctionMap {
  return new Layered(PURE_HELM, mapOf(templateFunctions(options)), options.entropy);
}
