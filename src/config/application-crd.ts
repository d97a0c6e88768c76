import type { JsonObject } from '../core/json.ts';
import type { KubeObject } from '../core/object-key.ts';
import { applicationSpec, KIND } from './application-schema.ts';
import { structuralSchema, type SchemaAddition } from './crd-schema.ts';

export const APPLICATION_KIND = { group: 'evenkeel.dev', version: 'v1alpha1', kind: KIND } as const;
/** What keeps an Application until what it owns is pruned or let go. */
export const APPLICATION_FINALIZER = 'evenkeel.dev/finalizer';

const DURATION = '^([0-9]{1,9}(ms|s|m|h|d)){1,5}$';
const INSIDE = "!self.startsWith('/') && !self.matches('(^|/)[.][.](/|$)')";

/** Beside the types: what the server fills in, and what it checks before we ever see an object. */
const ADDITIONS: Readonly<Record<string, SchemaAddition>> = {
  '': {
    description: 'What a person declares: a folder of a Git repository, and where and how it is kept in a cluster.',
  },
  source: { description: 'Where the manifests come from.' },
  'source.git.url': {
    description: 'https, http or ssh URL of the repository; never with a password in it.',
    rules: [
      {
        rule: "!self.matches('^[a-zA-Z][a-zA-Z0-9+.-]*://[^/@]*:[^/@]*@')",
        message: 'must hold no password: name a Secret in credentials.secretName',
      },
      { rule: "!self.startsWith('-') && !self.contains('::')", message: 'must be the URL of a repository' },
    ],
  },
  'source.git.ref': {
    description: 'Which commit: one of branch, tag, semver and commit; empty is the default branch.',
    rules: [
      {
        rule: '[has(self.branch), has(self.tag), has(self.semver), has(self.commit)].filter(x, x).size() <= 1',
        message: 'takes one of branch, tag, semver and commit',
      },
    ],
  },
  'source.git.path': {
    description: 'Folder inside the repository; empty is its root.',
    rules: [{ rule: INSIDE, message: 'must be a path inside the repository' }],
  },
  'source.git.verify': {
    description: 'Only commits are applied that are signed by a key of a Secret of this namespace.',
  },
  'source.git.verify.mode': {
    description: 'head: the applied commit is signed; range: each commit since the last applied one.',
    default: 'head',
  },
  interval: {
    description: 'How often the repository is asked for new commits.',
    default: '1m',
    pattern: DURATION,
  },
  render: {
    description: 'How the folder becomes manifests; empty is found out from its files.',
    rules: [
      {
        rule: '[has(self.plain), has(self.kustomize), has(self.helm)].filter(x, x).size() <= 1',
        message: 'takes one of plain, kustomize and helm',
      },
    ],
  },
  destination: { description: 'The cluster and namespace that it goes to, and as whom.' },
  'destination.serviceAccountName': {
    description: 'ServiceAccount of this namespace that is impersonated for every read and write.',
  },
  sync: { description: 'What a sync may do by itself.', default: {} },
  'sync.mode': { description: 'manual: nothing is applied before its plan is approved.', default: 'automatic' },
  'sync.prune': { description: 'Delete what is no longer in Git.', default: true },
  'sync.selfHeal': { description: 'Undo what others change.', default: true },
  'sync.maxDeletions': {
    description: 'How much one sync may delete: a number of objects, or a share such as 30%.',
    default: '30%',
    rules: [
      {
        rule: "type(self) == int ? self >= 0 && self <= 1000000 : self.matches('^(100|[1-9]?[0-9])%$')",
        message: 'must be a number of objects or a share such as 30%',
      },
    ],
  },
  'sync.waveTimeout': {
    pattern: DURATION,
    description: 'How long the objects of one wave may take to become healthy.',
  },
  dependsOn: { description: 'Applications that have to be synced and healthy before this one.' },
  ignore: { description: 'Differences that do not count.' },
  health: { description: 'Rules of health for kinds that this application brings.' },
  historyLimit: { description: 'How many revisions are kept.', default: 20 },
  suspend: { description: 'Leave everything as it is.', default: false },
  deletionPolicy: {
    description: 'What happens to the objects when the Application is deleted: prune deletes them, orphan leaves them.',
    default: 'prune',
  },
};

const TEXT: JsonObject = { type: 'string', maxLength: 4096 };
const NUMBER: JsonObject = { type: 'integer' };

const STATUS: JsonObject = {
  type: 'object',
  description: 'What is known of it; nothing is decided from it.',
  // One writer writes it whole: who owns which of its fields would be half of the object, kept and compared at each write.
  'x-kubernetes-map-type': 'atomic',
  properties: {
    observedGeneration: { type: 'integer', format: 'int64' },
    conditions: {
      type: 'array',
      maxItems: 16,
      items: {
        type: 'object',
        required: ['type', 'status', 'lastTransitionTime', 'reason', 'message'],
        properties: {
          type: { type: 'string', maxLength: 316 },
          status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
          observedGeneration: { type: 'integer', format: 'int64', minimum: 0 },
          lastTransitionTime: { type: 'string', format: 'date-time' },
          reason: { type: 'string', minLength: 1, maxLength: 1024 },
          message: { type: 'string', maxLength: 32_768 },
        },
      },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
    },
    sync: { ...TEXT, description: 'Synced, OutOfSync, Syncing, Failed, Blocked, Suspended or Unknown.' },
    health: { ...TEXT, description: 'The worst verdict on what it owns.' },
    revision: { ...TEXT, description: 'The last commit that changed what it renders, cut.' },
    commit: { ...TEXT, description: 'The same commit in full.' },
    subject: TEXT,
    number: { ...NUMBER, description: 'Number of the revision in the history.' },
    objects: { ...NUMBER, description: 'How many objects it owns.' },
    inventory: { ...TEXT, description: 'ConfigMap that holds the inventory.' },
    plan: {
      type: 'object',
      description: 'What a sync would do now, when that is not nothing.',
      properties: {
        digest: { ...TEXT, description: 'Approves this very plan: annotation evenkeel.dev/approve.' },
        create: NUMBER,
        update: NUMBER,
        adopt: NUMBER,
        recreate: NUMBER,
        delete: NUMBER,
        hooks: NUMBER,
      },
    },
    refusals: { type: 'array', maxItems: 32, items: TEXT },
    problems: { type: 'array', maxItems: 32, items: TEXT },
    blockedBy: { type: 'array', maxItems: 64, items: TEXT },
    history: {
      type: 'array',
      maxItems: 10,
      items: {
        type: 'object',
        properties: {
          number: NUMBER,
          commit: TEXT,
          subject: TEXT,
          outcome: TEXT,
          trigger: TEXT,
          finishedAt: { type: 'string', format: 'date-time' },
        },
      },
    },
  },
};

/** The CustomResourceDefinition of Application, from the same definition that files are read with. */
export function applicationCrd(): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: 'applications.evenkeel.dev',
      labels: { 'app.kubernetes.io/name': 'evenkeel', 'app.kubernetes.io/part-of': 'evenkeel' },
      // Deleting it would delete every Application, and with them what they own.
      annotations: { 'evenkeel.dev/prune': 'never' },
    },
    spec: {
      group: APPLICATION_KIND.group,
      scope: 'Namespaced',
      names: {
        kind: KIND,
        listKind: 'ApplicationList',
        plural: 'applications',
        singular: 'application',
        shortNames: ['ekapp'],
        categories: ['evenkeel'],
      },
      versions: [
        {
          name: APPLICATION_KIND.version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: [
            { name: 'Source', type: 'string', jsonPath: '.spec.source.git.url' },
            { name: 'Path', type: 'string', jsonPath: '.spec.source.git.path', priority: 1 },
            { name: 'Revision', type: 'string', jsonPath: '.status.revision' },
            { name: 'Sync', type: 'string', jsonPath: '.status.sync' },
            { name: 'Health', type: 'string', jsonPath: '.status.health' },
            {
              name: 'Message',
              type: 'string',
              jsonPath: '.status.conditions[?(@.type=="Ready")].message',
              priority: 1,
            },
            { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
          ],
          schema: {
            openAPIV3Schema: {
              type: 'object',
              required: ['spec'],
              properties: {
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                metadata: { type: 'object' },
                spec: structuralSchema(applicationSpec, ADDITIONS),
                status: STATUS,
              },
            },
          },
        },
      ],
    },
  };
}
