import { isJsonObject, own, type JsonObject } from '../../../core/json.ts';
import { items, nameOf, textOf } from '../../object.ts';
import type { FieldProblem } from '../../status.ts';
import { label1035Faults, subdomainFaults } from './names.ts';
import { invalidValue, notSupported, required } from './problems.ts';

/** A CustomResourceDefinition: names, versions, one storage version, a structural schema each. */
export function validateDefinition(object: JsonObject): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const spec = own(object, 'spec');
  const names = own(spec, 'names');
  const group = textOf(spec, 'group');
  const plural = textOf(names, 'plural');
  const name = nameOf(object);
  if (name !== `${plural}.${group}`)
    problems.push(invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group'));
  if (group === '') problems.push(required('spec.group'));
  else {
    for (const fault of subdomainFaults(group)) problems.push(invalidValue('spec.group', group, fault));
    if (!group.includes('.'))
      problems.push(invalidValue('spec.group', group, 'should be a domain with at least one dot'));
  }
  const scope = textOf(spec, 'scope');
  if (scope === '') problems.push(required('spec.scope'));
  else if (scope !== 'Cluster' && scope !== 'Namespaced')
    problems.push(notSupported('spec.scope', scope, ['Cluster', 'Namespaced']));
  for (const field of ['plural', 'singular', 'kind', 'listKind']) {
    const value = textOf(names, field);
    if (value === '') problems.push(required(`spec.names.${field}`));
    else
      for (const fault of label1035Faults(field === 'kind' || field === 'listKind' ? value.toLowerCase() : value))
        problems.push(invalidValue(`spec.names.${field}`, value, fault));
  }
  const versions = items(spec, 'versions');
  const storage = versions.filter((version) => version['storage'] === true);
  if (storage.length !== 1)
    problems.push(invalidValue('spec.versions', null, 'must have exactly one version marked as storage version'));
  const seen = new Set<string>();
  for (const [index, version] of versions.entries()) {
    const at = `spec.versions[${index}]`;
    const text = textOf(version, 'name');
    if (seen.has(text)) problems.push(invalidValue(at, text, 'must have unique version names'));
    seen.add(text);
    const schema = own(own(version, 'schema'), 'openAPIV3Schema');
    if (!isJsonObject(schema)) problems.push(required(`${at}.schema.openAPIV3Schema`, 'schemas are required'));
    else if (own(schema, 'type') !== 'object')
      problems.push(
        own(schema, 'type') === undefined
          ? required(`${at}.schema.openAPIV3Schema.type`, 'must not be empty at the root')
          : invalidValue(`${at}.schema.openAPIV3Schema.type`, own(schema, 'type'), 'must be object at the root'),
      );
  }
  return problems;
}
