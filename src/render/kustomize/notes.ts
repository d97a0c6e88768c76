const INTERNAL = 'internal.config.kubernetes.io/';

/** Notes that the build keeps on the objects themselves, as annotations, and takes off at the end. */
export const NOTE = {
  previousKinds: `${INTERNAL}previousKinds`,
  previousNames: `${INTERNAL}previousNames`,
  previousNamespaces: `${INTERNAL}previousNamespaces`,
  prefixes: `${INTERNAL}prefixes`,
  suffixes: `${INTERNAL}suffixes`,
  allowNameChange: `${INTERNAL}allowNameChange`,
  allowKindChange: `${INTERNAL}allowKindChange`,
  referredBy: `${INTERNAL}refBy`,
  behavior: `${INTERNAL}generatorBehavior`,
  needsHash: `${INTERNAL}needsHashSuffix`,
  helm: `${INTERNAL}helm-generated`,
  origin: 'config.kubernetes.io/origin',
  transformations: 'alpha.config.kubernetes.io/transformations',
} as const;

const FILE_NOTES = [
  `${INTERNAL}path`,
  `${INTERNAL}index`,
  `${INTERNAL}seqindent`,
  `${INTERNAL}id`,
  `${INTERNAL}annotations-migration-resource-id`,
  'config.kubernetes.io/path',
  'config.kubernetes.io/index',
  'config.k8s.io/id',
];

/** Annotations that no output shows. */
export const BUILD_NOTES: readonly string[] = [
  NOTE.previousKinds,
  NOTE.previousNames,
  NOTE.prefixes,
  NOTE.suffixes,
  NOTE.previousNamespaces,
  NOTE.allowNameChange,
  NOTE.allowKindChange,
  NOTE.referredBy,
  NOTE.behavior,
  NOTE.needsHash,
  ...FILE_NOTES,
  NOTE.helm,
];
