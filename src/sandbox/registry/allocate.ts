import { own, type MutableJson, type MutableJsonObject } from '../../core/json.ts';
import { child, items, textOf, type Stored } from '../object.ts';
import type { FieldProblem } from '../status.ts';

const FIRST_NODE_PORT = 30_000;
const LAST_NODE_PORT = 32_767;
/** 10.0.0.0/16, without the network, the API server's own and the broadcast address. */
const FIRST_HOST = 2;
const LAST_HOST = 65_534;

/** Hands out cluster IPs and node ports to Services; what is taken is read from the Services themselves. */
export class ServiceAllocator {
  #nextHost = FIRST_HOST;
  #nextPort = FIRST_NODE_PORT;

  /** Fills addresses and ports into a new or changed Service; problems where it asks for what is taken or impossible. */
  allocate(service: MutableJsonObject, before: Stored | undefined, others: readonly Stored[]): FieldProblem[] {
    const spec = child(service, 'spec');
    const type = textOf(spec, 'type');
    const oldSpec = own(before, 'spec');
    const problems: FieldProblem[] = [];
    if (type === 'ExternalName') {
      for (const field of ['clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'clusterIP']) delete spec[field];
      return problems;
    }
    const oldIp = textOf(oldSpec, 'clusterIP');
    const listed = Array.isArray(spec['clusterIPs']) ? spec['clusterIPs'][0] : undefined;
    let ip = textOf(spec, 'clusterIP') || (typeof listed === 'string' ? listed : oldIp);
    if (ip === '') ip = this.#freeIp(others);
    else if (ip !== 'None' && ip !== oldIp) {
      const holder = others.some((other) => textOf(own(other, 'spec'), 'clusterIP') === ip);
      if (holder || !isInRange(ip))
        problems.push({
          field: 'spec.clusterIPs',
          reason: 'FieldValueInvalid',
          message: `Invalid value: ["${ip}"]: failed to allocate IP ${ip}: ${holder ? 'provided IP is already allocated' : 'the provided network does not match the current range'}`,
        });
    }
    spec['clusterIP'] = ip;
    spec['clusterIPs'] = [ip];
    if (!Array.isArray(spec['ipFamilies']))
      spec['ipFamilies'] = (own(oldSpec, 'ipFamilies') as MutableJson | undefined) ?? ['IPv4'];
    if (textOf(spec, 'ipFamilyPolicy') === '')
      spec['ipFamilyPolicy'] = textOf(oldSpec, 'ipFamilyPolicy') || 'SingleStack';
    if (type === 'NodePort' || (type === 'LoadBalancer' && own(spec, 'allocateLoadBalancerNodePorts') !== false))
      problems.push(...this.#allocatePorts(spec, oldSpec, others));
    return problems;
  }

  #freeIp(others: readonly Stored[]): string {
    const taken = new Set(others.map((other) => textOf(own(other, 'spec'), 'clusterIP')));
    for (let tries = FIRST_HOST; tries <= LAST_HOST; tries++) {
      const host = this.#nextHost;
      this.#nextHost = host >= LAST_HOST ? FIRST_HOST : host + 1;
      const ip = `10.0.${host >> 8}.${host & 255}`;
      if (!taken.has(ip)) return ip;
    }
    return '';
  }

  #allocatePorts(spec: MutableJsonObject, oldSpec: unknown, others: readonly Stored[]): FieldProblem[] {
    const problems: FieldProblem[] = [];
    const taken = new Set<number>();
    for (const other of others)
      for (const port of items(own(other, 'spec'), 'ports'))
        if (typeof port['nodePort'] === 'number') taken.add(port['nodePort']);
    const old = items(oldSpec as MutableJsonObject, 'ports');
    for (const [index, port] of items(spec, 'ports').entries()) {
      const given = port['nodePort'];
      if (typeof given === 'number' && given !== 0) {
        if (given < FIRST_NODE_PORT || given > LAST_NODE_PORT)
          problems.push({
            field: `spec.ports[${index}].nodePort`,
            reason: 'FieldValueInvalid',
            message: `Invalid value: ${given}: provided port is not in the valid range. The range of valid ports is ${FIRST_NODE_PORT}-${LAST_NODE_PORT}`,
          });
        else if (taken.has(given))
          problems.push({
            field: `spec.ports[${index}].nodePort`,
            reason: 'FieldValueInvalid',
            message: `Invalid value: ${given}: provided port is already allocated`,
          });
        continue;
      }
      const kept = old.find((entry) => entry['port'] === port['port'] && entry['protocol'] === port['protocol'])?.[
        'nodePort'
      ];
      port['nodePort'] = typeof kept === 'number' && kept !== 0 ? kept : this.#freePort(taken);
      if (typeof port['nodePort'] === 'number') taken.add(port['nodePort']);
    }
    return problems;
  }

  #freePort(taken: ReadonlySet<number>): number {
    for (let tries = FIRST_NODE_PORT; tries <= LAST_NODE_PORT; tries++) {
      const port = this.#nextPort;
      this.#nextPort = port >= LAST_NODE_PORT ? FIRST_NODE_PORT : port + 1;
      if (!taken.has(port)) return port;
    }
    return 0;
  }
}

function isInRange(ip: string): boolean {
  return /^10\.0\.\d{1,3}\.\d{1,3}$/.test(ip);
}
