import { isJsonObject, own, type Json } from '../../../core/json.ts';
import { BuildError } from '../problems.ts';
import type { Gvk } from '../resource-id.ts';
import type { FieldSpec } from './field-spec.ts';
import {
  EMPTY_CONFIG,
  mergeConfigs,
  mergeFieldSpecs,
  mergeNameReferences,
  type TransformerConfig,
} from './transformer-config.ts';

const DEPTH = 64;
const BUDGET = 20_000;

/** Field specs from the OpenAPI definitions of a file of `crds`. */
export function configFromCrds(definitions: Json): TransformerConfig {
  let result: TransformerConfig = EMPTY_CONFIG;
  if (!isJsonObject(definitions)) throw new BuildError('WrongKind', 'a crds file is a map of OpenAPI definitions');
  for (const [name, definition] of Object.entries(definitions)) {
    if (definition !== null && !isJsonObject(definition))
      throw new BuildError('WrongKind', `a crds file is a map of OpenAPI definitions; ${name} is none`, {
        remedy: 'CustomResourceDefinition objects belong into resources',
      });
  }
  for (const name of Object.keys(definitions).sort()) {
    const properties = propertiesOf(own(definitions, name));
    if (!['kind', 'apiVersion', 'metadata'].every((field) => Object.hasOwn(properties, field))) continue;
    const kind = name.split('.').at(-1) ?? '';
    const walk = new Walk(definitions, { group: '', version: '', kind });
    walk.visit(name, []);
    result = mergeConfigs(result, walk.config);
  }
  return result;
}

function propertiesOf(definition: Json | undefined): Readonly<Record<string, Json | undefined>> {
  const properties = own(own(definition, 'Schema'), 'properties') ?? own(own(definition, 'schema'), 'properties');
  return isJsonObject(properties) ? properties : {};
}

class Walk {
  config: TransformerConfig = EMPTY_CONFIG;
  readonly #definitions: Json;
  readonly #gvk: Gvk;
  #steps = 0;

  constructor(definitions: Json, gvk: Gvk) {
    this.#definitions = definitions;
    this.#gvk = gvk;
  }

  visit(typeName: string, path: readonly string[]): void {
    // A type that holds itself has no end; Kustomize does not come back from one.
    if (path.length > DEPTH) return;
    for (const [name, property] of Object.entries(propertiesOf(own(this.#definitions, typeName)))) {
      this.#steps++;
      if (this.#steps > BUDGET) return;
      const at = [...path, name];
      this.#note(property, at);
      const reference = own(property, '$ref');
      if (typeof reference === 'string' && reference !== '') this.visit(reference, at);
    }
  }

  #note(property: Json | undefined, path: readonly string[]): void {
    const spec = this.#spec(path);
    const has = (field: string): boolean => typeof own(property, field) === 'string';
    const { config } = this;
    if (has('x-kubernetes-annotation'))
      this.config = { ...config, commonAnnotations: mergeFieldSpecs(config.commonAnnotations, [spec]) };
    if (has('x-kubernetes-label-selector'))
      this.config = { ...this.config, commonLabels: mergeFieldSpecs(this.config.commonLabels, [spec]) };
    if (has('x-kubernetes-identity'))
      this.config = { ...this.config, namePrefix: mergeFieldSpecs(this.config.namePrefix, [spec]) };
    const version = own(property, 'x-kubernetes-object-ref-api-version');
    const kind = own(property, 'x-kubernetes-object-ref-kind');
    if (typeof version !== 'string' || typeof kind !== 'string') return;
    const key = own(property, 'x-kubernetes-object-ref-name-key');
    const target = { group: '', version, kind };
    const referrers = [this.#spec([...path, typeof key === 'string' ? key : 'name'])];
    this.config = {
      ...this.config,
      nameReference: mergeNameReferences(this.config.nameReference, [{ target, referrers }]),
    };
  }

  #spec(path: readonly string[]): FieldSpec {
    return { ...this.#gvk, path: path.join('/'), create: false };
  }
}
