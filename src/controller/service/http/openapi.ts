import type { JsonObject } from '../../../core/json.ts';

const PARAMETERS = [
  { name: 'namespace', in: 'path', required: true, schema: { type: 'string' } },
  { name: 'name', in: 'path', required: true, schema: { type: 'string' } },
];
const NAMESPACE_QUERY = [
  { name: 'namespace', in: 'query', required: false, schema: { type: 'string' }, description: 'only this namespace' },
];

function json(description: string, schema: JsonObject): JsonObject {
  return { description, content: { 'application/json': { schema } } };
}

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });
const ERRORS: JsonObject = {
  '401': json('No valid bearer token', ref('Error')),
  '404': json('No such application, or none that the caller may see', ref('Error')),
};

function get(summary: string, schema: JsonObject, parameters: readonly JsonObject[] = PARAMETERS): JsonObject {
  return { get: { summary, parameters, responses: { '200': json('OK', schema), ...ERRORS } } };
}

function post(summary: string, body?: JsonObject): JsonObject {
  return {
    post: {
      summary,
      parameters: PARAMETERS,
      ...(body === undefined
        ? {}
        : { requestBody: { required: false, content: { 'application/json': { schema: body } } } }),
      responses: {
        '202': json('Taken: the leading replica carries it out', { type: 'object' }),
        '403': json('The caller may not patch applications here', ref('Error')),
        ...ERRORS,
      },
    },
  };
}

const list = (item: string): JsonObject => ({
  type: 'object',
  required: ['items'],
  properties: { items: { type: 'array', items: ref(item) } },
});

const FLAGS: JsonObject = {
  retry: { type: 'boolean', description: 'apply a held commit again' },
  allowEmpty: { type: 'boolean', description: 'delete everything when nothing is rendered' },
  allowDeletions: { type: 'boolean', description: 'delete more than sync.maxDeletions' },
  adopt: { type: 'boolean', description: 'take over objects that another tool claims' },
  confirmDelete: { type: 'array', items: { type: 'string' }, description: 'protected objects that may be deleted' },
};

/** The read API and its actions. Rights are those of the cluster: `get`, `list` and `patch` on applications.evenkeel.dev. */
export const OPENAPI: JsonObject = {
  openapi: '3.1.0',
  info: {
    title: 'Evenkeel controller',
    version: 'v1',
    description:
      'Callers show a Kubernetes bearer token; what they may do is what RBAC says of applications.evenkeel.dev. Actions are written on the Application and carried out by the leading replica.',
  },
  security: [{ token: [] }],
  paths: {
    '/api/v1/applications': get('All applications that the caller may list', list('Application'), NAMESPACE_QUERY),
    '/api/v1/applications/{namespace}/{name}': get('One application', ref('Application')),
    '/api/v1/applications/{namespace}/{name}/tree': get('What it owns, with health', list('TreeNode')),
    '/api/v1/applications/{namespace}/{name}/history': get('Its revisions, newest first', list('Revision'), [
      ...PARAMETERS,
      { name: 'limit', in: 'query', required: false, schema: { type: 'integer', minimum: 1, maximum: 999 } },
    ]),
    '/api/v1/applications/{namespace}/{name}/plan': get('What a sync would do now', ref('Plan')),
    '/api/v1/applications/{namespace}/{name}/refresh': post('Ask the repository now'),
    '/api/v1/applications/{namespace}/{name}/sync': post('Sync now', {
      type: 'object',
      additionalProperties: false,
      properties: { plan: { type: 'string', description: 'only the plan with this digest' }, ...FLAGS },
    }),
    '/api/v1/applications/{namespace}/{name}/rollback': post('Go back to a revision', {
      type: 'object',
      additionalProperties: false,
      properties: { to: { type: 'integer', minimum: 1, description: 'absent: the one before' }, ...FLAGS },
    }),
    '/api/v1/events': {
      get: {
        summary: 'Server-sent events: an `application` event with its summary for each and whenever one changes',
        parameters: NAMESPACE_QUERY,
        responses: {
          '200': { description: 'A stream', content: { 'text/event-stream': { schema: { type: 'string' } } } },
          '401': json('No valid bearer token', ref('Error')),
        },
      },
    },
  },
  components: {
    securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    schemas: {
      Error: {
        type: 'object',
        required: ['error'],
        properties: { error: { type: 'string' }, code: { type: 'string' }, remedy: { type: ['string', 'null'] } },
      },
      Application: {
        type: 'object',
        required: ['id', 'namespace', 'name', 'source', 'path', 'status'],
        properties: {
          id: { type: 'string' },
          namespace: { type: 'string' },
          name: { type: 'string' },
          source: { type: 'string' },
          path: { type: 'string' },
          status: { type: 'object', description: 'as in the Application object' },
          spec: { type: 'object' },
          problem: { type: ['string', 'null'] },
        },
      },
      ObjectKey: {
        type: 'object',
        required: ['group', 'kind', 'namespace', 'name'],
        properties: {
          group: { type: 'string' },
          kind: { type: 'string' },
          namespace: { type: 'string' },
          name: { type: 'string' },
        },
      },
      TreeNode: {
        type: 'object',
        required: ['key', 'health', 'children'],
        properties: {
          key: ref('ObjectKey'),
          health: {
            type: 'object',
            required: ['status', 'reason', 'message'],
            properties: { status: { type: 'string' }, reason: { type: 'string' }, message: { type: 'string' } },
          },
          children: { type: 'array', items: ref('TreeNode') },
        },
      },
      Revision: {
        type: 'object',
        required: ['id', 'number', 'commitId', 'outcome', 'trigger', 'startedAt', 'finishedAt'],
        properties: {
          id: { type: 'string' },
          number: { type: 'integer' },
          commitId: { type: 'string' },
          commitSubject: { type: 'string' },
          outcome: { type: 'string', enum: ['synced', 'failed', 'refused', 'rolledBack', 'cancelled'] },
          trigger: { type: 'string' },
          startedAt: { type: 'string', format: 'date-time' },
          finishedAt: { type: 'string', format: 'date-time' },
        },
      },
      Plan: {
        type: 'object',
        required: ['digest', 'counts', 'waves', 'refusals'],
        properties: {
          digest: { type: 'string' },
          commit: { type: 'string' },
          counts: { type: 'object' },
          waves: { type: 'array', items: { type: 'object' } },
          refusals: { type: 'array', items: { type: 'object' } },
        },
      },
    },
  },
};
