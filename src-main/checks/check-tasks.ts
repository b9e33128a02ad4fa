/** The heavy parts of checks, as data: they run in a thread of their own, so that nobody waits for them. */
import type { SimilarPair } from './mathematics/near-duplicate-search.ts';

/** Something for the thread to do. */
export type CheckTask =
  | {
      readonly kind: 'measure';
      /** Path of the signal store. */
      readonly store: string;
      readonly pack: { readonly path: string; readonly size: number; readonly channels: 1 | 3 };
      readonly photos: readonly { readonly hash: string; readonly slot: number }[];
    }
  | { readonly kind: 'near-duplicates'; readonly store: string; readonly hashes: readonly string[] }
  | {
      readonly kind: 'out-of-fold';
      readonly data: Float32Array;
      readonly dimension: number;
      readonly labels: Int32Array;
      readonly groups: Int32Array | null;
      readonly classes: number;
      readonly seed: number;
    }
  | {
      readonly kind: 'outlyingness';
      readonly data: Float32Array;
      readonly dimension: number;
      readonly labels: Int32Array;
      readonly seed: number;
    };

/** What each kind of task answers. */
export interface CheckAnswers {
  measure: number;
  'near-duplicates': SimilarPair[];
  'out-of-fold': Float32Array;
  outlyingness: Float32Array;
}
