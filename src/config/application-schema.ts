import { z } from 'zod';
import { parseDuration } from './duration.ts';

/** The one definition of what a person writes: the file format is read with it and the CRD's schema is made from it. */

export const API_VERSION = 'evenkeel.dev/v1alpha1';
export const KIND = 'Application';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DNS_NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

const name = z.string().max(253).regex(DNS_NAME, 'must be a DNS name: lower-case letters, digits, "-" and "."');
const namespaceName = z.string().max(63).regex(DNS_LABEL, 'must be a DNS label: lower-case letters, digits and "-"');
const duration = z
  .string()
  .max(32)
  .refine((text) => parseDuration(text) !== undefined, 'must be a duration such as 30s, 5m or 1h30m');
const repositoryPath = z
  .string()
  .max(1024)
  .refine(
    (text) => !text.startsWith('/') && !text.split('/').includes('..') && !text.includes('\0'),
    'must be a path inside the repository',
  );

const gitRef = z
  .strictObject({
    branch: z.string().min(1).max(255).optional(),
    tag: z.string().min(1).max(255).optional(),
    semver: z.string().min(1).max(255).optional(),
    commit: z
      .string()
      .regex(/^[0-9a-f]{40}$/, 'must be a full commit id of 40 hexadecimal digits')
      .optional(),
  })
  .refine(
    (ref) => Object.values(ref).filter((value) => value !== undefined).length <= 1,
    'takes one of branch, tag, semver and commit',
  );

const git = z.strictObject({
  url: z.string().min(1).max(2048),
  ref: gitRef.optional(),
  path: repositoryPath.optional(),
  credentials: z.strictObject({ secretName: name }).optional(),
  verify: z.strictObject({ secretName: name, mode: z.enum(['head', 'range']).optional() }).optional(),
});

const helmSet = z.strictObject({
  flag: z.enum(['set', 'set-string', 'set-json', 'set-literal', 'set-file']),
  text: z.string().max(65_536),
});

/** As in a kustomization: its engine says what is wrong inside of an entry, with all the rest that is wrong. */
const kustomizeEntries = z.array(z.record(z.string(), z.unknown())).max(256).optional();

const render = z
  .strictObject({
    plain: z.strictObject({ recurse: z.boolean().optional() }).optional(),
    kustomize: z.strictObject({}).optional(),
    helm: z
      .strictObject({
        releaseName: name.optional(),
        valueFiles: z.array(repositoryPath).max(64).optional(),
        values: z.record(z.string(), z.unknown()).optional(),
        set: z.array(helmSet).max(256).optional(),
        includeCRDs: z.boolean().optional(),
        kubeVersion: z.string().max(32).optional(),
        apiVersions: z.array(z.string().max(253)).max(1024).optional(),
        skipSchemaValidation: z.boolean().optional(),
        repositoryCredentials: z
          .array(z.strictObject({ host: z.string().min(1).max(260), secretName: name }))
          .max(32)
          .optional(),
        postRender: z
          .strictObject({
            patches: kustomizeEntries,
            images: kustomizeEntries,
            replicas: kustomizeEntries,
            labels: kustomizeEntries,
            commonAnnotations: z.record(z.string(), z.unknown()).optional(),
          })
          .optional(),
      })
      .optional(),
  })
  .refine(
    (settings) => Object.values(settings).filter((value) => value !== undefined).length <= 1,
    'takes one of plain, kustomize and helm',
  );

const destination = z.strictObject({
  cluster: z.string().min(1).max(253).optional(),
  namespace: namespaceName.optional(),
  serviceAccountName: name.optional(),
});

const maxDeletions = z.union([
  z.number().int().min(0).max(1_000_000),
  z.string().regex(/^(?:100|[1-9]?\d)%$/, 'must be a number of objects or a share such as 30%'),
]);

const sync = z.strictObject({
  mode: z.enum(['automatic', 'manual']).optional(),
  prune: z.boolean().optional(),
  selfHeal: z.boolean().optional(),
  maxDeletions: maxDeletions.optional(),
  conflicts: z.enum(['fail', 'force']).optional(),
  immutable: z.enum(['fail', 'replace']).optional(),
  adopt: z.boolean().optional(),
  createNamespace: z.boolean().optional(),
  waveTimeout: duration.optional(),
});

const ignore = z.strictObject({
  group: z.string().max(253).optional(),
  kind: z.string().max(63).optional(),
  name: name.optional(),
  namespace: namespaceName.optional(),
  paths: z.array(z.string().max(1024).regex(/^\//, 'must be a JSON pointer such as /spec/replicas')).max(64).optional(),
  managers: z.array(z.string().min(1).max(128)).max(16).optional(),
});

export const applicationSpec = z.strictObject({
  source: z.strictObject({ git }),
  interval: duration.optional(),
  render: render.optional(),
  destination: destination.optional(),
  sync: sync.optional(),
  dependsOn: z
    .array(z.strictObject({ name, namespace: namespaceName.optional() }))
    .max(64)
    .optional(),
  ignore: z.array(ignore).max(256).optional(),
  health: z.strictObject({ rules: z.array(z.record(z.string(), z.unknown())).max(100).optional() }).optional(),
  rollouts: z.array(z.unknown()).max(0, 'is not supported by this version: progressive rollouts come later').optional(),
  historyLimit: z.number().int().min(1).max(1000).optional(),
  suspend: z.boolean().optional(),
  deletionPolicy: z.enum(['prune', 'orphan']).optional(),
});

export const applicationDocument = z.object({
  apiVersion: z.literal(API_VERSION, `must be ${API_VERSION}`),
  kind: z.literal(KIND, `must be ${KIND}`),
  metadata: z.looseObject({ name, namespace: namespaceName.optional() }),
  spec: applicationSpec,
  status: z.unknown().optional(),
});

export type ApplicationSpec = z.infer<typeof applicationSpec>;
export type ApplicationDocument = z.infer<typeof applicationDocument>;
