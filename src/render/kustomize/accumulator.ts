import { mergeConfigs, type TransformerConfig, EMPTY_CONFIG } from './config/transformer-config.ts';
import { BuildError } from './problems.ts';
import { gvknKey, idKey, makeId, NO_SCOPES, type ResourceId, type Scopes } from './resource-id.ts';
import { ResourceSet } from './resource-set.ts';
import type { Variable } from './kustomization.ts';
import type { Resource } from './resource.ts';

/** Objects, and the rules to work on them, as they come together from files and folders. */
export class Accumulator {
  readonly set = new ResourceSet();
  config: TransformerConfig = EMPTY_CONFIG;
  readonly #variables = new Map<string, Variable>();

  /** A copy that may be changed, for a build of its own. */
  copy(scopes: Scopes): Accumulator {
    const result = new Accumulator();
    result.set.take(this.set.list().map((resource) => resource.copy(scopes)));
    result.config = this.config;
    for (const [name, variable] of this.#variables) result.#variables.set(name, variable);
    return result;
  }

  mergeConfig(config: TransformerConfig): void {
    this.config = mergeConfigs(this.config, config);
  }

  /** Takes over all that another accumulator has. @throws BuildError when an object or a variable is there twice */
  mergeFrom(other: Accumulator): void {
    this.set.appendAll(other.set.list());
    this.mergeConfig(other.config);
    for (const variable of other.#variables.values()) this.#addVariable(variable);
  }

  /** Notes variables on the objects that give their values. @throws BuildError when several could */
  mergeVariables(variables: readonly Variable[]): void {
    for (const variable of variables) {
      const id = makeId(variable, variable.objectName, variable.objectNamespace, NO_SCOPES);
      const found = variable.objectNamespace === '' ? this.set.withAnyName(id) : this.#inNamespace(id);
      if (found.length > 1)
        throw new BuildError(
          'AmbiguousMatch',
          `vars: ${found.length} objects could give variable ${variable.name} its value`,
        );
      found[0]?.variables.push(variable.name);
    }
    for (const variable of variables) this.#addVariable(variable);
  }

  variables(): readonly Variable[] {
    return [...this.#variables.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  #inNamespace(id: ResourceId): readonly Resource[] {
    return this.set
      .withAnyName(id)
      .filter((resource) =>
        [...resource.previousIds, resource.id].some((one) => gvknKey(one) === gvknKey(id) && idKey(one) === idKey(id)),
      );
  }

  #addVariable(variable: Variable): void {
    if (this.#variables.has(variable.name))
      throw new BuildError('DuplicateVariable', `vars: ${variable.name} is defined twice`);
    this.#variables.set(variable.name, variable);
  }
}
