import { own, type JsonObject } from '../../../core/json.ts';
import { items, showScalar, textMap, textOf } from '../../object.ts';
import type { FieldProblem } from '../../status.ts';
import { labelFaults, subdomainFaults } from './names.ts';
import { validateLabels } from './metadata.ts';
import { duplicate, invalidValue, notSupported, required } from './problems.ts';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

export function validateService(object: JsonObject): FieldProblem[] {
  const spec = own(object, 'spec');
  const problems: FieldProblem[] = [];
  const type = textOf(spec, 'type');
  const ports = items(spec, 'ports');
  if (ports.length === 0 && textOf(spec, 'clusterIP') !== 'None' && type !== 'ExternalName')
    problems.push(required('spec.ports'));
  const names = new Set<string>();
  const numbers = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = `spec.ports[${index}]`;
    const name = textOf(port, 'name');
    if (name === '' && ports.length > 1) problems.push(required(`${at}.name`));
    else if (name !== '') {
      for (const fault of labelFaults(name)) problems.push(invalidValue(`${at}.name`, name, fault));
      if (names.has(name)) problems.push(duplicate(`${at}.name`, name));
      names.add(name);
    }
    const number = own(port, 'port');
    if (typeof number !== 'number' || number < 1 || number > 65535)
      problems.push(invalidValue(`${at}.port`, number ?? 0, 'must be between 1 and 65535, inclusive'));
    const protocol = textOf(port, 'protocol');
    if (!['TCP', 'UDP', 'SCTP'].includes(protocol))
      problems.push(notSupported(`${at}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']));
    const id = `${showScalar(number)}/${protocol}`;
    if (numbers.has(id)) problems.push(duplicate(at, { port: number ?? 0, protocol }));
    numbers.add(id);
    const target = own(port, 'targetPort');
    if (typeof target === 'number' && (target < 1 || target > 65535))
      problems.push(invalidValue(`${at}.targetPort`, target, 'must be between 1 and 65535, inclusive'));
  }
  if (!TYPES.includes(type)) problems.push(notSupported('spec.type', type, TYPES));
  if (type === 'ExternalName') {
    const name = textOf(spec, 'externalName').replace(/\.$/, '');
    if (name === '') problems.push(required('spec.externalName'));
    else for (const fault of subdomainFaults(name)) problems.push(invalidValue('spec.externalName', name, fault));
  }
  if (textMap(own(spec, 'selector')).size > 0) problems.push(...validateLabels(own(spec, 'selector'), 'spec.selector'));
  return problems;
}
