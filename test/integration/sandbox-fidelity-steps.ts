import { parse } from 'yaml';
import type { Json } from '../../src/core/json.ts';
import type { Asked } from './sandbox-fidelity.ts';

export interface Step {
  readonly ask: Asked;
  /** False: only done, the answers are not compared. */
  readonly compare?: boolean;
  /** Differences that begin like this are known and left out. */
  readonly ignore?: readonly string[];
  /** The definition at this path is awaited until both servers have established it. */
  readonly established?: boolean;
  /** Given to both servers to settle. */
  readonly settleMs?: number;
}

export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
}

export const SPACE = 'fidelity-scenarios';
export const DEPLOYMENTS = `/apis/apps/v1/namespaces/${SPACE}/deployments`;
export const CONFIG_MAPS = `/api/v1/namespaces/${SPACE}/configmaps`;
export const SERVICES = `/api/v1/namespaces/${SPACE}/services`;
export const APPLY = 'application/apply-patch+yaml';
export const MERGE = 'application/merge-patch+json';
export const STRATEGIC = 'application/strategic-merge-patch+json';
export const JSON_PATCH = 'application/json-patch+json';

export function yaml(text: string): Json {
  return parse(text) as Json;
}

export function post(path: string, text: string, query: Readonly<Record<string, string>> = {}): Step {
  return { ask: { method: 'POST', path, body: yaml(text), query } };
}

export function apply(path: string, text: string, manager: string, query: Readonly<Record<string, string>> = {}): Step {
  return {
    ask: { method: 'PATCH', path, contentType: APPLY, body: yaml(text), query: { fieldManager: manager, ...query } },
  };
}

export function patch(
  path: string,
  contentType: string,
  text: string,
  query: Readonly<Record<string, string>> = {},
): Step {
  return { ask: { method: 'PATCH', path, contentType, body: yaml(text), query } };
}

export function get(path: string, query: Readonly<Record<string, string>> = {}): Step {
  return { ask: { method: 'GET', path, query } };
}

export function remove(path: string, body?: Json): Step {
  return { ask: { method: 'DELETE', path, ...(body === undefined ? {} : { body }) } };
}

export function deployment(name: string, extra = '', container = ''): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  ${extra === '' ? 'replicas: 1' : extra}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [ { name: web, image: "nginx:1"${container} } ] }
`;
}

export const WIDGETS = '/apis/fidelity.example.com/v1/namespaces/fidelity-scenarios/widgets';
export const WIDGET_DEFINITION = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.fidelity.example.com }
spec:
  group: fidelity.example.com
  names: { kind: Widget, plural: widgets }
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    subresources: { status: {}, scale: { specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas } }
    additionalPrinterColumns: [ { name: Size, type: string, jsonPath: .spec.size } ]
    schema:
      openAPIV3Schema:
        type: object
        required: [ spec ]
        properties:
          spec:
            type: object
            required: [ size ]
            properties:
              size: { type: string, enum: [ small, large ] }
              replicas: { type: integer, minimum: 0, maximum: 10, default: 1 }
              name: { type: string, pattern: "^[a-z]+$", maxLength: 5 }
              listeners: { type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [ port, protocol ], items: { type: object, required: [ port ], properties: { port: { type: integer }, protocol: { type: string, default: TCP }, host: { type: string } } } }
              tags: { type: array, x-kubernetes-list-type: set, items: { type: string } }
              hosts: { type: array, items: { type: string } }
              free: { type: object, x-kubernetes-preserve-unknown-fields: true }
              labels: { type: object, additionalProperties: { type: string } }
              max: { x-kubernetes-int-or-string: true }
              nothing: { type: string, nullable: true }
              atomic: { type: object, x-kubernetes-map-type: atomic, properties: { a: { type: string }, b: { type: string } } }
              template: { type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true }
          status:
            type: object
            properties:
              replicas: { type: integer }
              conditions: { type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [ type ], items: { type: object, required: [ type, status ], properties: { type: { type: string }, status: { type: string } } } }
`;

export function widget(name: string, spec: string): string {
  return `{ apiVersion: fidelity.example.com/v1, kind: Widget, metadata: { name: ${name} }, spec: ${spec} }`;
}

/** Sequences of requests that both servers are asked. */
