import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { isJsonObject, listAt, own, stringAt, type Json, type JsonObject } from '../../src/core/json.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { controlPlaneMissing, startControlPlane, type ControlPlane } from './control-plane.ts';
import { comparable, differences, Server, type Answered, type Asked } from './sandbox-fidelity.ts';
import { OBJECTS } from './sandbox-fidelity-objects.ts';
import { OWNERSHIP } from './sandbox-fidelity-ownership.ts';
import { REFUSALS } from './sandbox-fidelity-refusals.ts';
import { REQUESTS } from './sandbox-fidelity-requests.ts';
import type { Scenario } from './sandbox-fidelity-steps.ts';

const missing = controlPlaneMissing();
if (missing !== undefined) console.log(`sandbox fidelity: skipped, ${missing}`);

const NAMESPACE = 'fidelity';
const CLUSTER_KINDS = new Set([
  'PersistentVolume',
  'Namespace',
  'Node',
  'ClusterRole',
  'ClusterRoleBinding',
  'PriorityClass',
  'StorageClass',
  'RuntimeClass',
  'IngressClass',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'CustomResourceDefinition',
  'CSIDriver',
]);

function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (kind === 'Endpoints') return lower;
  if (/(s|ss)$/.test(lower)) return `${lower}es`;
  if (/[^aeiou]y$/.test(lower)) return `${lower.slice(0, -1)}ies`;
  return `${lower}s`;
}

/** The collection of an object. */
export function collectionOf(object: JsonObject, namespace = NAMESPACE): string {
  const apiVersion = stringAt(object, 'apiVersion') ?? '';
  const kind = stringAt(object, 'kind') ?? '';
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return CLUSTER_KINDS.has(kind) ? `${base}/${pluralOf(kind)}` : `${base}/namespaces/${namespace}/${pluralOf(kind)}`;
}

describe.skipIf(missing !== undefined)('the sandbox answers as a real API server does', () => {
  let plane: ControlPlane | undefined;
  let sandbox: Sandbox;
  let real: Server;
  let ours: Server;

  beforeAll(async () => {
    plane = await startControlPlane();
    sandbox = await startSandbox({ controllers: false });
    real = new Server(plane.url, 'admin');
    ours = new Server(sandbox.url, sandbox.token);
    for (const name of [NAMESPACE, 'fidelity-scenarios'])
      await both({
        method: 'POST',
        path: '/api/v1/namespaces',
        body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
      });
  });

  afterAll(async () => {
    await real?.close();
    await ours?.close();
    await sandbox?.close();
    await plane?.stop();
  });

  async function both(asked: Asked): Promise<readonly [Answered, Answered]> {
    return Promise.all([real.ask(asked), ours.ask(asked)]);
  }

  /** A definition is established some time later, and not in both servers at the same time. */
  async function established(path: string): Promise<void> {
    for (let tries = 0; tries < 150; tries++) {
      const answers = await both({ method: 'GET', path });
      const ready = answers.every(({ body }) =>
        listAt(body, 'status', 'conditions').some(
          (entry) => own(entry, 'type') === 'Established' && own(entry, 'status') === 'True',
        ),
      );
      if (ready) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  function compare(
    what: string,
    [left, right]: readonly [Answered, Answered],
    ignore: readonly string[] = [],
  ): string[] {
    const found = [
      ...differences(left.code, right.code, 'code'),
      ...differences(comparable(left.body), comparable(right.body)),
      ...differences([...left.warnings], [...right.warnings], 'warnings'),
    ];
    return found.filter((line) => !ignore.some((part) => line.startsWith(part))).map((line) => `${what} ${line}`);
  }

  const documents = parseAllDocuments(OBJECTS).map((document) => document.toJS() as JsonObject);

  it.each(
    documents.map(
      (object) => [`${stringAt(object, 'kind') ?? ''} ${stringAt(object, 'metadata', 'name') ?? ''}`, object] as const,
    ),
  )('%s: created, applied, updated, deleted', async (_, object) => {
    const collection = collectionOf(object);
    const name = stringAt(object, 'metadata', 'name') ?? '';
    const problems: string[] = [];
    problems.push(
      ...compare('create', await both({ method: 'POST', path: collection, body: object, query: { dryRun: 'All' } })),
    );
    const applied: Asked = {
      method: 'PATCH',
      path: `${collection}/${name}`,
      contentType: 'application/apply-patch+yaml',
      query: { fieldManager: 'evenkeel', fieldValidation: 'Strict' },
      body: object,
    };
    problems.push(...compare('apply', await both(applied)));
    if (stringAt(object, 'kind') === 'CustomResourceDefinition') await established(`${collection}/${name}`);
    const again = await both(applied);
    problems.push(...compare('apply again', again));
    const labelled = {
      ...object,
      metadata: { ...(own(object, 'metadata') as JsonObject), labels: { changed: 'yes' } },
    };
    problems.push(...compare('apply with other labels', await both({ ...applied, body: labelled })));
    const [left, right] = await both({ method: 'GET', path: `${collection}/${name}` });
    problems.push(...compare('get', [left, right]));
    const put = async (server: Server, answered: Answered): Promise<Answered> =>
      isJsonObject(answered.body)
        ? server.ask({
            method: 'PUT',
            path: `${collection}/${name}`,
            query: { fieldManager: 'other' },
            body: {
              ...answered.body,
              metadata: { ...(own(answered.body, 'metadata') as JsonObject), annotations: { put: 'here' } },
            } as Json,
          })
        : answered;
    problems.push(...compare('put', await Promise.all([put(real, left), put(ours, right)] as const)));
    const merge: Asked = {
      method: 'PATCH',
      path: `${collection}/${name}`,
      contentType: 'application/merge-patch+json',
      body: { metadata: { annotations: { put: null, merge: '1' } } },
    };
    problems.push(...compare('merge patch', await both(merge)));
    problems.push(
      ...compare(
        'delete',
        await both({ method: 'DELETE', path: `${collection}/${name}`, query: { gracePeriodSeconds: '0' } }),
      ),
    );
    expect(problems.join('\n')).toBe('');
  });

  it.each([...OWNERSHIP, ...REFUSALS, ...REQUESTS].map((scenario) => [scenario.name, scenario] as const))(
    '%s',
    async (_, scenario: Scenario) => {
      const problems: string[] = [];
      for (const [index, step] of scenario.steps.entries()) {
        const answers = await both(step.ask);
        if (step.established === true) await established(step.ask.path);
        if (step.settleMs !== undefined) await new Promise((resolve) => setTimeout(resolve, step.settleMs));
        if (step.compare !== false)
          problems.push(...compare(`step ${index + 1} ${step.ask.method} ${step.ask.path}`, answers, step.ignore));
      }
      expect(problems.join('\n')).toBe('');
    },
  );
});
