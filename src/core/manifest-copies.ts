/** Annotations in which other tools repeat a whole manifest, Secret data included. */
export const MANIFEST_COPIES: readonly string[] = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'kapp.k14s.io/original',
];
