import type { Verification } from '../../core/snapshot.ts';

/** What became of a signature. */
export type Verdict =
  | { readonly kind: 'trusted'; readonly by: Verification }
  | {
      readonly kind: 'untrusted';
      /** In words, about the commit: `it is not signed`. */
      readonly reason: string;
    };
