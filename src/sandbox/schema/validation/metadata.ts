import { isJsonObject, jsonEqual, own, type JsonObject } from '../../../core/json.ts';
import { metaOf, nameOf, textMap, textOf } from '../../object.ts';
import type { FieldProblem } from '../../status.ts';
import type { Resource } from '../resource.ts';
import { invalidValue, required } from './problems.ts';
import { labelFaults, labelValueFaults, pathSegmentFaults, qualifiedNameFaults, subdomainFaults } from './names.ts';

const ANNOTATIONS_LIMIT_BYTES = 256 * 1024;
const LABEL_NAMES = new Set(['/Namespace', '/Service']);
const PATH_NAMES = new Set([
  'rbac.authorization.k8s.io/Role',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/RoleBinding',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
]);

function nameFaults(resource: Resource, name: string): string[] {
  const id = `${resource.group}/${resource.kind}`;
  if (PATH_NAMES.has(id)) return pathSegmentFaults(name);
  return LABEL_NAMES.has(id) ? labelFaults(name) : subdomainFaults(name);
}

/** Names, labels, annotations, finalizers and owners of an object. */
export function validateMetadata(object: JsonObject, resource: Resource): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const meta = metaOf(object);
  const name = nameOf(object);
  if (name === '') problems.push(required('metadata.name', 'name or generateName is required'));
  else for (const fault of nameFaults(resource, name)) problems.push(invalidValue('metadata.name', name, fault));
  if (resource.namespaced && textOf(meta, 'namespace') === '') problems.push(required('metadata.namespace'));
  problems.push(...validateLabels(own(meta, 'labels'), 'metadata.labels'));
  problems.push(...validateAnnotations(own(meta, 'annotations')));
  const finalizers = own(meta, 'finalizers');
  if (Array.isArray(finalizers))
    for (const [index, finalizer] of finalizers.entries())
      for (const fault of qualifiedNameFaults(String(finalizer)))
        problems.push(invalidValue(`metadata.finalizers[${index}]`, finalizer, fault));
  const owners = own(meta, 'ownerReferences');
  if (Array.isArray(owners))
    for (const [index, owner] of owners.entries()) {
      for (const field of ['apiVersion', 'kind', 'name', 'uid'])
        if (textOf(owner, field) === '')
          problems.push(
            invalidValue(
              `metadata.ownerReferences[${index}].${field}`,
              '',
              field === 'apiVersion' ? 'version must not be empty' : 'must not be empty',
            ),
          );
    }
  return problems;
}

export function validateLabels(labels: unknown, field: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!isJsonObject(labels)) return problems;
  for (const [key, value] of textMap(labels)) {
    for (const fault of qualifiedNameFaults(key)) problems.push(invalidValue(field, key, fault));
    for (const fault of labelValueFaults(value)) problems.push(invalidValue(field, value, fault));
  }
  return problems;
}

function validateAnnotations(annotations: unknown): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!isJsonObject(annotations)) return problems;
  let sizeBytes = 0;
  for (const [key, value] of textMap(annotations)) {
    for (const fault of qualifiedNameFaults(key.toLowerCase()))
      problems.push(invalidValue('metadata.annotations', key, fault));
    sizeBytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (sizeBytes > ANNOTATIONS_LIMIT_BYTES)
    problems.push({
      field: 'metadata.annotations',
      reason: 'FieldValueTooLong',
      message: `Too long: may not be more than ${ANNOTATIONS_LIMIT_BYTES} bytes`,
    });
  return problems;
}

/** What an update may not change in metadata. */
export function validateMetadataUpdate(next: JsonObject, current: JsonObject, resource: Resource): FieldProblem[] {
  const problems = validateMetadata(next, resource).filter((problem) => problem.field !== 'metadata.name');
  const deleting = own(metaOf(current), 'deletionTimestamp') !== undefined;
  if (deleting) {
    const before = own(metaOf(current), 'finalizers');
    const after = own(metaOf(next), 'finalizers');
    const old = Array.isArray(before) ? before : [];
    const added = (Array.isArray(after) ? after : []).filter((entry) => !old.some((other) => jsonEqual(other, entry)));
    // The real server runs this check twice, and its answer shows it.
    for (let round = 0; added.length > 0 && round < 2; round++)
      problems.push({
        field: 'metadata.finalizers',
        reason: 'FieldValueForbidden',
        message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((entry) => JSON.stringify(entry)).join(', ')}}`,
      });
  }
  return problems;
}
